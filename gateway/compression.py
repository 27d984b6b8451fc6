"""Answers made shorter (gzip). Invariant: only what is text, of some length, not made shorter already, and no secret.

An answer that holds a secret of the caller's beside what a stranger may have put there tells of it by its length once
it is compressed (BREACH): what sign-in and administration answer is left as it is, and what sets a cookie. An event
stream is never held back. A compressed form is another representation, so its ETag is another (RFC 9110, section
8.8.1); when a client shows that mark again it is read as the one the service knows.
"""

import re
import zlib
from collections.abc import Sequence

from starlette.types import Message, Send

from gateway.headers import Fields
from gateway.routes import Family

LEAST_BYTES = 1024
LEVEL = 4
SUFFIX = b"--gzip"
SECRET: frozenset[Family] = frozenset({"session", "administration"})
KINDS = frozenset(
    {
        b"application/json",
        b"application/problem+json",
        b"application/javascript",
        b"application/xml",
        b"application/x-ndjson",
        b"application/manifest+json",
        b"image/svg+xml",
    }
)
CONDITIONS = frozenset({b"if-match", b"if-none-match", b"if-range"})
FINAL = frozenset({b"content-encoding", b"content-range", b"set-cookie"})
"""What has one of these is left as it is."""
_WEIGHT = rb"(?:;\s*q=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?))?"
_ACCEPTED = re.compile(rb"(?:^|,)\s*(?:x-)?gzip\s*" + _WEIGHT + rb"\s*(?=,|$)", re.IGNORECASE)


def accepts_gzip(headers: Sequence[tuple[bytes, bytes]]) -> bool:
    """Whether the client takes gzip (RFC 9110, section 12.5.3); who does not say takes the bytes as they are."""
    for name, value in headers:
        if name == b"accept-encoding":
            found = _ACCEPTED.search(value)
            return found is not None and (found[1] is None or float(found[1]) > 0)
    return False


def known_marks(fields: Fields) -> Fields:
    """The request's conditions with the marks the service gave."""
    if not any(name in CONDITIONS and SUFFIX in value for name, value in fields):
        return fields
    return [(name, value.replace(SUFFIX + b'"', b'"') if name in CONDITIONS else value) for name, value in fields]


class Packer:
    """Makes one answer shorter as it passes. ``flushes``: each piece goes out as it comes, nothing is held back."""

    def __init__(self, *, flushes: bool) -> None:
        self._gzip = zlib.compressobj(LEVEL, zlib.DEFLATED, 31)
        self._flushes = flushes

    def pack(self, piece: bytes, *, last: bool) -> bytes:
        """The next piece."""
        packed = self._gzip.compress(piece)
        if last:
            return packed + self._gzip.flush()
        return packed + self._gzip.flush(zlib.Z_SYNC_FLUSH) if self._flushes and piece else packed


def packable(status: int, headers: Fields) -> bool:
    """Whether this answer is text that gets shorter, and has no other form already."""
    if status in (204, 206):
        return False
    kind = b""
    for name, value in headers:
        if name == b"content-type":
            kind = value.partition(b";")[0].strip().lower()
        elif name == b"content-length":
            if int(value) < LEAST_BYTES:
                return False
        elif name in FINAL or (name == b"cache-control" and b"no-transform" in value):
            return False
    return _is_text(kind)


def _packed(headers: Fields) -> tuple[Fields, Packer]:
    """The header fields of the compressed form, and what makes it."""
    packed: Fields = []
    known_length = False
    for name, value in headers:
        if name == b"content-length":
            known_length = True
        elif name == b"etag":
            packed.append((name, _marked(value)))
        elif name != b"accept-ranges":
            packed.append((name, value))
    packed.append((b"content-encoding", b"gzip"))
    return packed, Packer(flushes=not known_length)


def _is_text(kind: bytes) -> bool:
    return kind in KINDS or (kind.startswith(b"text/") and kind != b"text/event-stream")


def _with_vary(headers: Fields) -> Fields:
    for name, value in headers:
        if name == b"vary" and (b"accept-encoding" in value.lower() or value.strip() == b"*"):
            return headers
    return [*headers, (b"vary", b"accept-encoding")]


class Packing:
    """What an answer is sent through on its way out."""

    def __init__(self, send: Send, headers: Sequence[tuple[bytes, bytes]], method: str) -> None:
        self._send = send
        self._method = method
        self._accepted = accepts_gzip(headers)
        self._marked = any(name in CONDITIONS and SUFFIX in value for name, value in headers)
        self._packer: Packer | None = None

    async def __call__(self, message: Message) -> None:
        """As ASGI's ``send``."""
        if message["type"] == "http.response.start":
            message = {**message, "headers": self._head(message["status"], list(message.get("headers", ())))}
        elif self._packer is not None:
            last = not message.get("more_body", False)
            message = {**message, "body": self._packer.pack(message.get("body", b""), last=last)}
        await self._send(message)

    def _head(self, status: int, headers: Fields) -> Fields:
        if status == 304:
            return [(name, _marked(value) if name == b"etag" and self._marked else value) for name, value in headers]
        if not packable(status, headers):
            return headers
        headers = _with_vary(headers)
        if self._accepted and self._method != "HEAD":
            headers, self._packer = _packed(headers)
        return headers


def _marked(mark: bytes) -> bytes:
    return mark[:-1] + SUFFIX + b'"' if mark.endswith(b'"') and not mark.endswith(SUFFIX + b'"') else mark
