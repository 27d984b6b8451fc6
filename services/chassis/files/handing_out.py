"""Files handed out. Invariant: nobody gets a whole file that is not, byte for byte, what was kept.

The last piece of a full reading is held back until the hash over all of it is right; a wrong one is never sent. What a
file holds comes from outside, so it is bound to itself: it runs nothing and loads nothing from here.
"""

import base64
import hashlib
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, Header
from fastapi.responses import Response, StreamingResponse

from services.chassis.errors import ServiceError
from services.chassis.files.ranges import Unsatisfiable, part_wanted
from services.chassis.storage import ObjectMissing, ObjectStorage

log = logging.getLogger(__name__)

# Pictures and PDFs are shown inline. An image needs nothing but the style a browser gives the page it makes around it.
# Browsers show no PDF at all in a sandbox or without plugins, and Chrome squeezes it where default-src leaves no inline
# style; their viewers keep its scripts from our origin, so this says only the rest.
_BOUND = "sandbox; default-src 'none'; style-src 'unsafe-inline'"
_VIEWED_PDF = "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
_SHOWN = frozenset({"application/pdf", "image/jpeg", "image/png", "image/tiff", "image/webp"})


@dataclass(frozen=True)
class Kept:
    """A file in the store: where it lies, and what it was when it was put there."""

    key: str
    name: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Wanted:
    """Which part of a file a request asks for, and which copy it has."""

    part: str | None = None
    if_range: str | None = None
    if_none_match: str | None = None


def _wanted(
    part: Annotated[str | None, Header(alias="Range")] = None,
    if_range: Annotated[str | None, Header()] = None,
    if_none_match: Annotated[str | None, Header()] = None,
) -> Wanted:
    return Wanted(part, if_range, if_none_match)


WantedPart = Annotated[Wanted, Depends(_wanted)]


class Altered(Exception):
    """What the store gave is not what was kept. Raised in mid-answer, so that the connection is cut."""


async def hand_out(storage: ObjectStorage, file: Kept, wanted: Wanted, lost: ServiceError) -> Response:
    """The file, whole or in part; ``lost`` where the store has it no more.

    ``Repr-Digest`` is the hash of the whole, also on a part, so an assembled download can be checked.
    """
    headers = _headers(file)
    if wanted.if_none_match and _matches(wanted.if_none_match, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    same = wanted.if_range is None or wanted.if_range == headers["ETag"]
    try:
        part = part_wanted(wanted.part if same else None, file.size)
    except Unsatisfiable:
        refused = {"Content-Range": f"bytes */{file.size}", "Accept-Ranges": "bytes"}
        raise ServiceError(
            416, "range_outside", "Bagian yang diminta berada di luar berkas.", headers=refused
        ) from None
    pieces = await read_kept(storage, file, part, lost)
    if part is None:
        headers["Content-Length"] = str(file.size)
        return StreamingResponse(pieces, 200, headers, file.media_type)
    offset, length = part
    headers["Content-Length"] = str(length)
    headers["Content-Range"] = f"bytes {offset}-{offset + length - 1}/{file.size}"
    return StreamingResponse(pieces, 206, headers, file.media_type)


async def read_kept(
    storage: ObjectStorage, file: Kept, part: tuple[int, int] | None, lost: ServiceError
) -> AsyncIterator[bytes]:
    """The bytes of ``file``, or of its ``part`` (offset, length); a full reading is verified, a part cannot be.

    The first piece is here before this returns, so that a lost object or an absent store is still a problem document
    and not a cut connection.
    """
    pieces = storage.read(file.key, *part) if part else _verified(storage, file)
    try:
        first = await anext(pieces, b"")
    except (ObjectMissing, Altered) as error:
        log.error("%s cannot be handed out: %s", file.key, type(error).__name__)
        raise lost from None
    return _with_first(first, pieces)


async def _with_first(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for piece in rest:
        yield piece


async def _verified(storage: ObjectStorage, file: Kept) -> AsyncIterator[bytes]:
    digest = hashlib.sha256()
    held = b""
    async for piece in storage.read(file.key):
        digest.update(piece)
        if held:
            yield held
        held = piece
    if digest.hexdigest() != file.sha256:
        log.error("%s is not what was kept: expected sha256 %s", file.key, file.sha256)
        raise Altered(file.key)
    yield held


def _headers(file: Kept) -> dict[str, str]:
    digest = base64.b64encode(bytes.fromhex(file.sha256)).decode()
    return {
        "ETag": f'"{file.sha256}"',
        "Repr-Digest": f"sha-256=:{digest}:",
        "Accept-Ranges": "bytes",
        "Content-Disposition": _disposition(file),
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": _VIEWED_PDF if file.media_type == "application/pdf" else _BOUND,
        # It never changes, but who may read it can: a copy is shown again only after asking.
        "Cache-Control": "private, no-cache",
    }


def _disposition(file: Kept) -> str:
    """RFC 6266, with an ASCII stand-in for clients that do not know RFC 8187."""
    plain = "".join(c if c.isascii() and c.isprintable() and c not in '"\\%' else "_" for c in file.name)
    how = "inline" if file.media_type in _SHOWN else "attachment"
    return f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(file.name, safe='')}"


def _matches(if_none_match: str, etag: str) -> bool:
    candidates = {one.strip().removeprefix("W/") for one in if_none_match.split(",")}
    return etag in candidates or "*" in candidates
