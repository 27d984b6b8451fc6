"""HTTP as it comes off the wire. Invariant: a request's head is bounded in size and in time, before anybody is known.

uvicorn's protocol gathers a head of any length for as long as it takes, so a client without an account could fill the
memory or hold every connection. What cannot be read is refused here too, as problem+json like every other refusal.
"""

import asyncio

import orjson
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from services.chassis.errors import PROBLEM_JSON, ServiceError
from services.chassis.ids import new_id

HEAD_BYTES = 64 * 1024
HEAD_SECONDS = 20.0


class BoundedHttp(HttpToolsProtocol):
    """One connection. Bodies are not its business: the doors behind bound those."""

    _head_bytes = 0
    _reading_head = True
    _patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Patience begins with the connection, whether anything is said on it or not."""
        super().connection_made(transport)
        self._begin()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is waited for any more."""
        self._calm()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Count what is gathered as long as the head has not ended; empty lines before it count too."""
        if self._reading_head:
            self._begin()
            self._head_bytes += len(data)
        super().data_received(data)
        if self._reading_head and self._head_bytes > HEAD_BYTES and not self.transport.is_closing():
            self._refuse(ServiceError(431, "head_too_large", "Kepala permintaan terlalu besar."))

    def on_message_begin(self) -> None:
        """A head begins, perhaps right behind the request before it."""
        super().on_message_begin()
        self._begin()

    def on_headers_complete(self) -> None:
        """The head has ended."""
        self._reading_head, self._head_bytes = False, 0
        self._calm()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """What comes next on this connection is a head again; its patience begins with its first byte."""
        super().on_message_complete()
        self._reading_head, self._head_bytes = True, 0

    def send_400_response(self, msg: str) -> None:
        """Called by uvicorn for what is no HTTP."""
        del msg
        self._refuse(ServiceError(400, "bad_request", "Permintaan tidak dapat dibaca."))

    def _begin(self) -> None:
        if self._patience is None:
            self._patience = self.loop.call_later(HEAD_SECONDS, self._lose_patience)

    def _calm(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _lose_patience(self) -> None:
        self._refuse(ServiceError(408, "head_timeout", "Permintaan tidak kunjung selesai. Silakan coba lagi."))

    def _refuse(self, error: ServiceError) -> None:
        """Answer and hang up; without a word in the middle of an answer."""
        self._calm()
        cycle: RequestResponseCycle | None = self.cycle  # None before the first request
        if not cycle or cycle.response_complete or not cycle.response_started:
            body = orjson.dumps(error.document(new_id()))
            fields = [*self.server_state.default_headers, (b"content-type", PROBLEM_JSON.encode())]
            fields += [(b"content-length", b"%d" % len(body)), (b"connection", b"close")]
            head = b"".join(name + b": " + value + b"\r\n" for name, value in fields)
            self.transport.write(STATUS_LINE[error.status] + head + b"\r\n" + body)
        self.transport.close()
