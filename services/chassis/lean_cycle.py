"""Answers on their way to the wire. Invariant: no field of a head can end a line and begin another.

uvicorn looks through every field by itself and writes head and body apart, which took a fifth of the time of passing a
short answer on. Here the head is looked through as a whole, and goes out together with the first of a body whose length
is known. A connection whose request has not ended when its answer begins is not kept: nobody would read the rest. All
else is uvicorn's: what is asked, when it is over, whether the connection is kept.
"""

from typing import Protocol, cast

from uvicorn._types import ASGISendEvent
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

FRAMING = frozenset({b"content-length", b"transfer-encoding", b"connection"})
"""Fields of an answer that say where it ends. Names come in lower case, as ASGI asks for them."""
TOGETHER_BYTES = 32 * 1024
"""A body longer than this is not copied to go out with its head."""


class Line(Protocol):
    """The connection, when its last answer is out."""

    def hang_up(self) -> None:
        """End it."""

    def linger(self) -> None:
        """End it when what still comes of the request has come, or soon."""


class LeanCycle(RequestResponseCycle):
    """One answer."""

    _head = b""
    _more_comes = False
    """Whether the client sends the rest of its body without being told to go on (RFC 9110, section 10.1.1)."""

    async def send(self, message: ASGISendEvent) -> None:
        """As ASGI has it."""
        if self.flow.write_paused and not self.disconnected:
            await self.flow.drain()
        if self.disconnected:
            return
        if message["type"] == "http.response.start" and not self.response_started:
            if self.more_body:
                self.keep_alive, self._more_comes = False, not self.waiting_for_100_continue
            self.response_started, self.waiting_for_100_continue = True, False
            self._head = self._written_head(message["status"], list(message.get("headers", ())))
            if self.chunked_encoding:
                self._write(b"")  # a stream's first event may be long in coming
        elif message["type"] == "http.response.body" and self.response_started and not self.response_complete:
            self._send_body(message.get("body", b""), more=message.get("more_body", False))
        else:
            raise RuntimeError(f"{message['type']} does not come here")

    def _written_head(self, status: int, headers: list[tuple[bytes, bytes]]) -> bytes:
        closes = False
        fields = [*self.default_headers, *headers]
        for name, value in headers:
            if name in FRAMING:
                closes = self._frame(name, value) or closes
        if not self.keep_alive and not closes:
            fields.append((b"connection", b"close"))
        if self.chunked_encoding is None and self.scope["method"] != "HEAD" and status not in (204, 304):
            self.chunked_encoding = True
            fields.append((b"transfer-encoding", b"chunked"))
        head = STATUS_LINE[status] + b"".join([b"%b: %b\r\n" % field for field in fields]) + b"\r\n"
        ends = len(fields) + 2
        if head.count(b"\n") != ends or head.count(b"\r") != ends or b"\0" in head:
            raise RuntimeError("a header field of an answer holds the end of a line")
        return head

    def _frame(self, name: bytes, value: bytes) -> bool:
        """Note how long the answer is; whether the connection ends with it."""
        if name == b"content-length":
            if self.chunked_encoding is None:
                self.expected_content_length, self.chunked_encoding = int(value), False
            return False
        if name == b"transfer-encoding":
            if value.lower() == b"chunked":
                self.expected_content_length, self.chunked_encoding = 0, True
            return False
        if b"close" not in [token.strip() for token in value.lower().split(b",")]:
            return False
        self.keep_alive = False
        return True

    def _send_body(self, body: bytes, *, more: bool) -> None:
        if self.scope["method"] == "HEAD":
            self.expected_content_length = 0
            self._write(b"")
        elif self.chunked_encoding:
            piece = b"%x\r\n%b\r\n" % (len(body), body) if body else b""
            self._write(piece if more else piece + b"0\r\n\r\n")
        else:
            self.expected_content_length -= len(body)
            if self.expected_content_length < 0:
                raise RuntimeError("an answer longer than its Content-Length")
            self._write(body)
        if not more:
            self._end()

    def _write(self, data: bytes) -> None:
        head, self._head = self._head, b""
        if head and len(data) <= TOGETHER_BYTES:
            self.transport.write(head + data)
            return
        if head:
            self.transport.write(head)
        if data:
            self.transport.write(data)

    def _end(self) -> None:
        if self.expected_content_length > 0:
            raise RuntimeError("an answer shorter than its Content-Length")
        self.response_complete = True
        self.message_event.set()
        if not self.keep_alive:
            self._part()
        self.on_response()

    def _part(self) -> None:
        line = cast(Line, self.transport.get_protocol())
        if self.more_body and self._more_comes:
            line.linger()
        else:
            line.hang_up()
