"""Hand out an original. Invariant: nobody gets a whole file that is not, byte for byte, what was registered.

The last piece of a full reading is held back until the hash over all of it is right; a wrong one is never sent.
"""

import hashlib
import logging
from collections.abc import AsyncIterator

from services.chassis.errors import ServiceError
from services.chassis.storage import ObjectMissing, ObjectStorage
from services.contracts.intake import StoredFile

log = logging.getLogger(__name__)


class ScanAltered(Exception):
    """What the store gave is not what was registered. Raised in mid-answer, so that the connection is cut."""


async def read_scan(
    storage: ObjectStorage, file: StoredFile, part: tuple[int, int] | None = None
) -> AsyncIterator[bytes]:
    """The bytes of ``file``, or of its ``part`` (offset, length); a full reading is verified, a part cannot be.

    The first piece is here before this returns, so that a lost object or an absent store is still a problem document
    and not a cut connection.
    """
    pieces = storage.read(file.object_key, *part) if part else _verified(storage, file)
    try:
        first = await anext(pieces, b"")
    except (ObjectMissing, ScanAltered) as error:
        log.error("%s cannot be handed out: %s", file.object_key, type(error).__name__)
        raise ServiceError(
            500, "scan_lost", "Berkas asli tidak dapat dibaca dengan utuh. Silakan hubungi petugas."
        ) from None
    return _with_first(first, pieces)


async def _with_first(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for piece in rest:
        yield piece


async def _verified(storage: ObjectStorage, file: StoredFile) -> AsyncIterator[bytes]:
    digest = hashlib.sha256()
    held = b""
    async for piece in storage.read(file.object_key):
        digest.update(piece)
        if held:
            yield held
        held = piece
    if digest.hexdigest() != file.sha256:
        log.error("%s is not what was registered: expected sha256 %s", file.object_key, file.sha256)
        raise ScanAltered(file.object_key)
    yield held
