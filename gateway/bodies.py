"""Request bodies on their way through. Invariant: a piece is written on before the next one is asked for.

Nothing is gathered: the server stops reading from the client while the service does not take more, and a body that
grows over its limit is cut off there, whatever its header said.
"""

import asyncio
import re
from collections.abc import Mapping

from starlette.types import Receive

from gateway.reach.connection import Connection
from gateway.reach.faults import LineFault
from services.chassis.errors import ServiceError, body_too_large

LEAST_PROGRESS = 1024
"""So many bytes at least must come in the time a body may stand still: one that drips is not moving."""
_LENGTH = re.compile(rb"[0-9]{1,18}")


class ClientGone(Exception):
    """The client went away before it had sent everything, or before it had been told everything."""


class Upload:
    """The client's body. ``failure`` says why it was not sent to its end."""

    def __init__(self, receive: Receive, limit: int, idle_seconds: float, *, chunked: bool) -> None:
        self._receive = receive
        self._limit = limit
        self._idle = self._patience = idle_seconds
        self._chunked = chunked
        self._passed = self._counted = 0
        self._more = True
        self._beginning = b""
        self.finished = False
        self.failure: ServiceError | ClientGone | None = None

    async def begin(self) -> bytes:
        """The first piece, framed, to go out with the head; the same again for whoever asks again."""
        if not self._passed and self._more:
            self._beginning = self._framed(await self._next())
            self.finished = not self._more
        return self._beginning

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
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            async with asyncio.timeout(self._patience):
                message = await self._receive()
        except TimeoutError:
            raise self._failed(body_timeout()) from None
        if message["type"] != "http.request":
            raise self._failed(ClientGone())
        piece: bytes = message.get("body", b"")
        self._more = message.get("more_body", False)
        self._passed += len(piece)
        if self._passed > self._limit:
            raise self._failed(body_too_large(self._limit))
        self._patience -= loop.time() - began
        if self._passed - self._counted >= LEAST_PROGRESS:
            self._patience, self._counted = self._idle, self._passed
        return piece

    def _framed(self, piece: bytes) -> bytes:
        if not self._chunked:
            return piece
        framed = b"%x\r\n%b\r\n" % (len(piece), piece) if piece else b""
        return framed if self._more else framed + b"0\r\n\r\n"

    def _failed(self, failure: ServiceError | ClientGone) -> ServiceError | ClientGone:
        self.failure = failure
        return failure


def announced(fields: Mapping[bytes, bytes], limit: int) -> bool:
    """Whether a body follows; 413 before any of it is read when its announced length is over the limit.

    That it is framed in one way only, the server in front has seen to (services/chassis/wire.py).
    """
    length = fields.get(b"content-length")
    if length is None:
        return is_chunked(fields)
    if not _LENGTH.fullmatch(length):
        raise ServiceError(400, "bad_request", "Permintaan tidak dapat dibaca.")
    if int(length) > limit:
        raise body_too_large(limit)
    return int(length) > 0


def is_chunked(fields: Mapping[bytes, bytes]) -> bool:
    """Whether a body comes whose length is told piece by piece."""
    return b"transfer-encoding" in fields


def body_timeout() -> ServiceError:
    """408 for a body that stands still."""
    return ServiceError(408, "body_timeout", "Kiriman terhenti terlalu lama. Silakan kirim ulang.")
