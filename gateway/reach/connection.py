"""One HTTP/1.1 connection to a service. Invariant: it carries one exchange at a time, kept after a whole one only.

The parser (llhttp) reads strictly: an answer whose end two readers could see in two places is an error, and the
connection with it. At most some hundred kilobytes wait here; then the service is not read from any further.
"""

import asyncio
from collections.abc import Callable
from typing import cast

import httptools

from gateway.reach.faults import Closed, Garbled, Silent

RawHeaders = list[tuple[bytes, bytes]]

HIGH_BYTES = 256 * 1024
"""So many of an answer may wait to be handed on."""
HEAD_BYTES = 64 * 1024
SLOW_SECONDS = 0.25
"""Who waits longer than this is told so once: then it is worth watching whether the client is still there."""
UNTIL_CLOSED = -1
"""The length of an answer that ends with its connection."""
CHUNKED = -2


class Connection(asyncio.Protocol):
    """What is said on it is said by ``ask``, what is answered is read by ``answered`` and ``read``."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._transport: asyncio.Transport = None  # type: ignore[assignment]  # set before anybody gets to see it
        self._parser = httptools.HttpResponseParser(self)
        self._waiter: asyncio.Future[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._room: asyncio.Future[None] | None = None
        self._writing_paused = self._reading_paused = False
        self._busy = False
        self.exchanges = 0
        self.idle_since = 0.0
        self._begin("GET")

    def _begin(self, method: str) -> None:
        self._bodiless = method == "HEAD"
        self._chunks: list[bytes] = []
        self._waiting_bytes = self._head_bytes = 0
        self._head_done = self._stray = self._keep = False
        self._failure: Exception | None = None
        self._patience: float | None = None
        self.on_slow: Callable[[], None] | None = None
        self.complete = False
        self.status = 0
        self.headers: RawHeaders = []
        self.length = UNTIL_CLOSED

    # What the exchange does

    def ask(self, method: str, head: bytes) -> None:
        """Begin an exchange with the head of a request, and perhaps the beginning of its body."""
        if self.exchanges:
            self._begin(method)
        else:
            self._bodiless = method == "HEAD"
        self.exchanges += 1
        self._busy = True
        if self._transport.is_closing():
            self._failure = Closed(unanswered=True)
        else:
            self._transport.write(head)

    async def write(self, data: bytes, seconds: float) -> None:
        """More of the body; returns when there is room for the next piece."""
        if self._failure is not None:
            raise self._failure
        self._transport.write(data)
        if not self._writing_paused:
            return
        self._room = self._loop.create_future()
        timer = self._loop.call_later(seconds, self._fail, Silent("takes nothing"))
        try:
            await self._room
        finally:
            timer.cancel()
            self._room = None
        if self._failure is not None:
            raise self._failure

    async def answered(self, seconds: float | None) -> None:
        """Return when the head of the answer is there; None waits until ``hasten`` says for how long."""
        while not self._head_done:
            if self._failure is not None:
                raise self._failure
            await self._news(seconds)

    async def read(self, seconds: float) -> bytes:
        """What has come of the answer's body, at least a byte unless it is ``complete``."""
        while not self._chunks:
            if self.complete:
                return b""
            if self._failure is not None:
                raise self._failure
            await self._news(seconds)
        return self.rest()

    def rest(self) -> bytes:
        """What has come so far."""
        chunks, self._chunks = self._chunks, []
        self._waiting_bytes = 0
        if self._reading_paused:
            self._reading_paused = False
            self._transport.resume_reading()
        return chunks[0] if len(chunks) == 1 else b"".join(chunks)

    def finish(self, *, asked_whole: bool = True) -> bool:
        """End the exchange; whether the connection may carry another one."""
        self._busy = False
        self.on_slow = None
        self._wake()  # whoever waited and was cancelled has left a timer
        reusable = asked_whole and self.complete and self._keep and not self._stray and self._failure is None
        if reusable and not self._transport.is_closing() and not self._reading_paused and not self._writing_paused:
            if self._bodiless:
                self._parser = httptools.HttpResponseParser(self)
            return True
        self.abort()
        return False

    def hasten(self, seconds: float) -> None:
        """From now on an answer is waited for only so long."""
        self._patience = seconds
        if self._waiter is not None and self._timer is None:
            self._timer = self._loop.call_later(min(seconds, SLOW_SECONDS), self._slow)

    def interrupt(self, reason: Exception) -> None:
        """Have whoever waits here learn why it is over."""
        self._fail(reason)

    def abort(self) -> None:
        """Hang up at once."""
        self._transport.abort()

    @property
    def open(self) -> bool:
        """Whether the other end has not hung up."""
        return not self._transport.is_closing()

    def _news(self, seconds: float | None) -> asyncio.Future[None]:
        """What ends when something has come, or when it was waited for long enough."""
        self._waiter = self._loop.create_future()
        if seconds is not None:
            self._patience = seconds
        if self._patience is not None:
            self._timer = self._loop.call_later(min(self._patience, SLOW_SECONDS), self._slow)
        return self._waiter

    def _slow(self) -> None:
        """It takes a while: first that is said, then it is over."""
        left = (self._patience or 0.0) - SLOW_SECONDS
        if left <= 0:
            self._fail(Silent("says nothing"))
            return
        self._timer = self._loop.call_later(left, self._fail, Silent("says nothing"))
        if self.on_slow is not None:
            self.on_slow()

    def _wake(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        waiter, self._waiter = self._waiter, None
        if waiter is not None and not waiter.done():
            waiter.set_result(None)

    def _fail(self, failure: Exception) -> None:
        if self._failure is None and not self.complete:
            self._failure = failure
        self._wake()
        if self._room is not None and not self._room.done():
            self._room.set_result(None)

    # What the transport says

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called when it is open."""
        self._transport = cast(asyncio.Transport, transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """Called when it is not any more: the end of an answer that has no other, else a failure."""
        if self._head_done and not self.complete and self.length == UNTIL_CLOSED and exc is None:
            self.complete = True
            self._wake()
        self._fail(Closed(unanswered=not self._head_bytes))

    def data_received(self, data: bytes) -> None:
        """Called with what comes; between exchanges nothing may."""
        if not self._busy:
            self.abort()
            return
        if not self._head_done:
            self._head_bytes += len(data)
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            self._fail(Garbled(type(error).__name__))
            self.abort()
            return
        if self._head_done:
            self._wake()
        elif self._head_bytes > HEAD_BYTES:
            self._fail(Garbled("a head without end"))
            self.abort()

    def pause_writing(self) -> None:
        """Called when the service is slow to take what it is sent."""
        self._writing_paused = True

    def resume_writing(self) -> None:
        """Called when there is room again."""
        self._writing_paused = False
        if self._room is not None and not self._room.done():
            self._room.set_result(None)

    # What the parser says

    def on_message_begin(self) -> None:
        """A second answer to one request is nobody's."""
        if self.complete:
            self._stray = True

    def on_header(self, name: bytes, value: bytes) -> None:
        """A field of the head; fields behind a body (trailers) are not passed on."""
        if not self._head_done and not self._stray:
            self.headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        """A head is whole: the answer's, or an interim one's (RFC 9110, section 15.2), which nobody waits for here."""
        if self._stray:
            return
        status = self._parser.get_status_code()
        if status < 200:
            self.headers = []
            return
        self.status = status
        self._keep = self._parser.should_keep_alive()
        self.length = self._length()
        self._head_done = True
        if self._bodiless:
            self.complete = True

    def on_body(self, body: bytes) -> None:
        """Some of the body."""
        if self._stray or self._bodiless:
            self._stray = True
            return
        self._chunks.append(body)
        self._waiting_bytes += len(body)
        if self._waiting_bytes > HIGH_BYTES and not self._reading_paused:
            self._reading_paused = True
            self._transport.pause_reading()

    def on_message_complete(self) -> None:
        """The end of an answer, or of an interim one."""
        if self._head_done:
            self.complete = True

    def _length(self) -> int:
        if self.status in (204, 304):
            return 0
        for name, value in self.headers:
            if name == b"content-length":
                return int(value)
            if name == b"transfer-encoding":
                return CHUNKED
        return UNTIL_CLOSED
