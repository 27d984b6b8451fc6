"""HTTP as it comes off the wire. Invariant: a request's head is bounded in size and in time, before anybody is known.

uvicorn's protocol gathers a head of any length for as long as it takes, so a client without an account could fill the
memory or hold every connection. What cannot be read, or in two ways, is refused here too, as problem+json like every
other refusal. Fields behind a body (trailers) are nobody's: merged with the head they could claim what the head did not
(RFC 9110, section 6.5.1). Who does not read what they are answered is not waited for without end, nor is the rest of a
request that was answered already.
"""

import asyncio

import orjson
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from services.chassis.errors import PROBLEM_JSON, ServiceError
from services.chassis.framing import doubt, unreadable
from services.chassis.ids import new_id
from services.chassis.lean_cycle import LeanCycle
from services.chassis.lingering import Lingering

HEAD_BYTES = 64 * 1024
HEAD_SECONDS = 20.0
BARE_BYTES = 64 * 1024
"""So much may come within a body that is none of it: sizes of chunks, their extensions, trailers."""
UNREAD_SECONDS = 60.0
"""How long a client may leave an answer lie that does not fit into the buffers between."""


class Refused(Exception):
    """Raised into the parser, to stop it: what follows is not read."""


class BoundedHttp(HttpToolsProtocol):
    """One connection. How long bodies are is not its business: the doors behind bound those."""

    _head_bytes = 0
    _bare_bytes = 0
    _heads = 0
    _reading_head = True
    _in_head = False
    _patience: asyncio.TimerHandle | None = None
    _unread: asyncio.TimerHandle | None = None
    _lingering: Lingering | None = None
    _doubt: ServiceError | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Patience begins with the connection, whether anything is said on it or not."""
        super().connection_made(transport)
        self._begin()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is waited for any more."""
        self._calm()
        for waiting in (self._unread, self._lingering):
            if waiting is not None:
                waiting.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Count what is gathered as long as the head has not ended; empty lines before it count too."""
        if self._reading_head:
            self._head_bytes += len(data)
        else:
            self._bare_bytes += len(data)
        super().data_received(data)
        if self._reading_head:
            if self._head_bytes or self._in_head:  # a head that came whole is not waited for at all
                self._begin()
            if self._head_bytes > HEAD_BYTES and not self.transport.is_closing():
                self._refuse(ServiceError(431, "head_too_large", "Header permintaan terlalu besar."))
        elif self._bare_bytes > BARE_BYTES and not self.transport.is_closing():
            self._refuse(unreadable())

    def on_message_begin(self) -> None:
        """A head begins, perhaps right behind the request before it."""
        super().on_message_begin()
        self._in_head = True

    def on_headers_complete(self) -> None:
        """The head has ended. Where a change of protocol is asked for, the connection ends with this answer."""
        self._doubt = doubt(self.headers, self.parser.get_http_version(), upgrades=self.parser.should_upgrade())
        if self._doubt is not None:
            raise Refused
        self._reading_head, self._head_bytes, self._bare_bytes = False, 0, 0
        self._in_head = False
        self._calm()
        self._heads += 1
        self.scope["state"]["nth"] = self._heads  # of this connection
        super().on_headers_complete()
        self.cycle.__class__ = LeanCycle
        self.headers = []  # what the parser finds behind the body is not added to the request's own
        if self.parser.should_upgrade():
            self.cycle.keep_alive = False

    def on_body(self, body: bytes) -> None:
        """Some of the body itself."""
        self._bare_bytes = 0
        super().on_body(body)
        if self._lingering is not None and not self._lingering.drop(len(body)):
            self.flow.pause_reading()

    def on_message_complete(self) -> None:
        """What comes next on this connection is a head again; its patience begins with its first byte."""
        if self._lingering is not None:
            self.hang_up()
            raise Refused
        super().on_message_complete()
        self._reading_head, self._head_bytes = True, 0

    def pause_writing(self) -> None:
        """Called when the client does not read as fast as it is answered."""
        super().pause_writing()
        self._await_reading()

    def resume_writing(self) -> None:
        """Called when there is room again."""
        if self._unread is not None and not self.transport.is_closing():
            self._unread.cancel()
            self._unread = None
        super().resume_writing()

    def timeout_keep_alive_handler(self) -> None:
        """Called when nothing more was asked for a while."""
        self.hang_up()

    def hang_up(self) -> None:
        """End the connection when everything is out, or when the client does not take it."""
        if self.transport.get_write_buffer_size():
            self._await_reading()
        self.transport.close()

    def linger(self) -> None:
        """End the connection when the rest of a request that was answered has come, or soon."""
        self._lingering = Lingering(self.loop, self.hang_up)

    def send_400_response(self, msg: str) -> None:
        """Called by uvicorn for what is no HTTP, and for what is doubtful."""
        del msg
        if not self.transport.is_closing():
            self._refuse(self._doubt or unreadable())

    def _begin(self) -> None:
        if self._patience is None:
            self._patience = self.loop.call_later(HEAD_SECONDS, self._lose_patience)

    def _calm(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _await_reading(self) -> None:
        if self._unread is None:
            self._unread = self.loop.call_later(UNREAD_SECONDS, self.transport.abort)

    def _lose_patience(self) -> None:
        self._refuse(ServiceError(408, "head_timeout", "Permintaan tidak kunjung selesai. Silakan coba lagi."))

    def _refuse(self, error: ServiceError) -> None:
        """Answer and hang up; without a word where the client would take it for the answer to something else."""
        self._calm()
        if not self._speaking:
            body = orjson.dumps(error.document(new_id()))
            fields = [*self.server_state.default_headers, (b"content-type", PROBLEM_JSON.encode())]
            fields += [(b"content-length", b"%d" % len(body)), (b"connection", b"close")]
            head = b"".join(name + b": " + value + b"\r\n" for name, value in fields)
            self.transport.write(STATUS_LINE[error.status] + head + b"\r\n" + body)
        self.transport.close()

    @property
    def _speaking(self) -> bool:
        """Whether an answer has begun, or another one is still owed for a request before this head."""
        cycle: RequestResponseCycle | None = self.cycle  # None before the first request
        if not cycle or cycle.response_complete:
            return False
        return cycle.response_started or self._reading_head
