"""Request bodies on their way through. Invariant: a piece of a long one is written on before the next is asked for.

Of files nothing is gathered: the server stops reading from the client while the service does not take more. A document
is short and is gathered, so that no service waits for it. A body that grows over its limit is cut off there, whatever
its header said, and one that is not as long as its header said is none.
"""

import asyncio
import math
import re
from collections.abc import Mapping

from starlette.types import Message, Receive

from gateway.reach.connection import Connection
from gateway.reach.faults import LineFault
from services.chassis.errors import ServiceError, body_too_large
from services.chassis.framing import unreadable

LEAST_RATE = 1024
"""So many bytes a second must come, on an average of the time a body may stand still: one that drips is not moving."""
_LENGTH = re.compile(rb"[0-9]{1,18}")


class ClientGone(Exception):
    """The client went away before it had sent everything, or before it had been told everything."""


class Progress:
    """How long a body is waited for: so many seconds for the whole of a short one, else for each stretch of it.

    Only the time is counted in which it was waited for: what a service takes slowly is not the client's fault.
    """

    def __init__(self, receive: Receive, idle_seconds: float, *, short: bool) -> None:
        self._receive = receive
        self._idle = self._patience = idle_seconds
        self._stretch = math.inf if short else LEAST_RATE * idle_seconds
        self._came = 0

    async def next(self) -> Message:
        """What comes next; TimeoutError where it is too little."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        async with asyncio.timeout(self._patience):
            message = await self._receive()
        self._patience -= loop.time() - began
        self._came += len(message.get("body", b""))
        if self._came >= self._stretch:
            self._patience, self._came = self._idle, 0
        return message


class Upload:
    """The client's body, ``length`` bytes long or, if that is None, in chunks."""

    def __init__(
        self, receive: Receive, limit: int, idle_seconds: float, *, length: int | None, short: bool = False
    ) -> None:
        self._progress = Progress(receive, idle_seconds, short=short)
        self._limit, self._length, self._short = limit, length, short
        self._passed = 0
        self._more = True
        self._beginning = b""
        self.finished = False

    async def begin(self) -> None:
        """Have the first piece, of a short one everything."""
        pieces = [self._framed(await self._next())]
        while self._more and self._short:
            pieces.append(self._framed(await self._next()))
        self._beginning = b"".join(pieces)
        self.finished = not self._more

    def beginning(self) -> bytes:
        """What ``begin`` has brought, framed, to go out with the head; it is not kept any longer."""
        beginning, self._beginning = self._beginning, b""
        return beginning

    async def pour(self, connection: Connection, room_seconds: float, answer_seconds: float) -> None:
        """All that follows. Whoever waits for the answer learns how it ended, and then waits no longer than so long."""
        try:
            while self._more:
                piece = self._framed(await self._next())
                if piece:
                    await connection.write(piece, room_seconds)
            self.finished = True
            connection.hasten(answer_seconds)
        except (ServiceError, ClientGone, LineFault) as error:
            connection.interrupt(error)

    async def _next(self) -> bytes:
        try:
            message = await self._progress.next()
        except TimeoutError:
            raise body_timeout() from None
        if message["type"] != "http.request":
            raise ClientGone
        piece: bytes = message.get("body", b"")
        self._more = message.get("more_body", False)
        self._passed += len(piece)
        if self._passed > self._limit:
            raise body_too_large(self._limit)
        if self._length is not None and not self._fits(self._length):
            raise unreadable()
        return piece

    def _fits(self, length: int) -> bool:
        return self._passed <= length if self._more else self._passed == length

    def _framed(self, piece: bytes) -> bytes:
        if self._length is not None:
            return piece
        framed = b"%x\r\n%b\r\n" % (len(piece), piece) if piece else b""
        return framed if self._more else framed + b"0\r\n\r\n"


def announced(fields: Mapping[bytes, bytes], limit: int) -> bool:
    """Whether a body follows; 413 before any of it is read when its announced length is over the limit.

    That it is framed in one way only, the server in front has seen to (services/chassis/wire.py).
    """
    length = fields.get(b"content-length")
    if length is None:
        return is_chunked(fields)
    if not _LENGTH.fullmatch(length):
        raise unreadable()
    if int(length) > limit:
        raise body_too_large(limit)
    return int(length) > 0


def is_chunked(fields: Mapping[bytes, bytes]) -> bool:
    """Whether a body comes whose length is told piece by piece."""
    return b"transfer-encoding" in fields


def body_timeout() -> ServiceError:
    """408 for a body that stands still."""
    return ServiceError(408, "body_timeout", "Kiriman terhenti terlalu lama. Silakan kirim ulang.")
