"""Request bodies on their way through. Invariant: a chunk is written on before the next one is asked for.

Nothing is gathered: the server stops reading from the client while the service does not take more, and a body that
grows over its limit is cut off there, whatever its header said.
"""

import asyncio
import re
from collections.abc import Sequence

from aiohttp.abc import AbstractStreamWriter
from aiohttp.payload import Payload
from starlette.types import Receive

from gateway.headers import first
from services.chassis.errors import ServiceError

LINGER_BYTES = 4 * 1024 * 1024
LINGER_SECONDS = 2.0
_LENGTH = re.compile(r"[0-9]{1,18}")


class ClientGone(Exception):
    """The client went away before it had sent everything."""


class Upload(Payload):
    """The client's body, as aiohttp wants it. ``failure`` says why it was not sent to its end."""

    def __init__(self, receive: Receive, limit: int, idle_seconds: float) -> None:
        super().__init__(None)
        self._receive = receive
        self._limit = limit
        self._idle = idle_seconds
        self.finished = False
        self.failure: ServiceError | ClientGone | None = None

    async def write(self, writer: AbstractStreamWriter) -> None:
        """Hand every chunk on as it comes."""
        await self.write_with_length(writer, None)

    async def write_with_length(self, writer: AbstractStreamWriter, content_length: int | None) -> None:
        """The same; the server in front has already held the client to its Content-Length."""
        del content_length
        self._consumed = True
        passed = 0
        more = True
        while more:
            chunk, more = await self._next()
            passed += len(chunk)
            if passed > self._limit:
                raise self._failed(too_large(self._limit))
            if chunk:
                await writer.write(chunk)
        self.finished = True

    async def _next(self) -> tuple[bytes, bool]:
        try:
            async with asyncio.timeout(self._idle):
                message = await self._receive()
        except TimeoutError:
            detail = "Kiriman terhenti terlalu lama. Silakan kirim ulang."
            raise self._failed(ServiceError(408, "body_timeout", detail)) from None
        if message["type"] != "http.request":
            raise self._failed(ClientGone())
        return message.get("body", b""), message.get("more_body", False)

    def _failed(self, failure: ServiceError | ClientGone) -> ServiceError | ClientGone:
        self.failure = failure
        return failure

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        """Never asked of a stream."""
        del encoding, errors
        raise TypeError("a streamed body has no text")


def announced(headers: Sequence[tuple[bytes, bytes]], limit: int) -> bool:
    """Whether a body follows; 413 before any of it is read when its announced length is over the limit."""
    coding = first(headers, b"transfer-encoding")
    length = first(headers, b"content-length")
    if coding is not None:
        if coding.strip().lower() != "chunked" or length is not None:
            raise ServiceError(400, "bad_request", "Permintaan tidak dapat dibaca.")
        return True
    if length is None:
        return False
    if not _LENGTH.fullmatch(length):
        raise ServiceError(400, "bad_request", "Permintaan tidak dapat dibaca.")
    if int(length) > limit:
        raise too_large(limit)
    return int(length) > 0


def too_large(limit: int) -> ServiceError:
    """413 with the limit in words."""
    megabytes = limit / (1024 * 1024)
    return ServiceError(413, "body_too_large", f"Berkas terlalu besar. Batasnya {megabytes:g} MB.")


async def linger(receive: Receive) -> None:
    """Take in and drop a little of what is still coming, so that the client gets to read why it was refused.

    A socket closed with unread bytes in it is reset, and a reset can overtake the answer (RFC 9112, section 9.6).
    """
    dropped = 0
    try:
        async with asyncio.timeout(LINGER_SECONDS):
            while dropped < LINGER_BYTES:
                message = await receive()
                dropped += len(message.get("body", b""))
                if message["type"] != "http.request" or not message.get("more_body", False):
                    return
    except TimeoutError:
        return
