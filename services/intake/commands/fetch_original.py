"""Bring an original out of the store. Invariant: what is handed on is, byte for byte, what was registered."""

import hashlib
from typing import BinaryIO

from services.chassis.storage import ObjectMissing
from services.contracts.intake import StoredFile
from services.intake.context import Context


class NotTheOriginal(Exception):
    """What the store has is not what was registered, or is no more; why, for the operator."""


async def fetch_original(context: Context, file: StoredFile, spool: BinaryIO) -> None:
    """Write the original into ``spool``; raises NotTheOriginal, or StorageUnavailable where that cannot be told."""
    digest, size = hashlib.sha256(), 0
    try:
        async for piece in context.storage.read(file.object_key):
            size += len(piece)
            if size > file.size:
                break
            digest.update(piece)
            spool.write(piece)
    except ObjectMissing:
        raise NotTheOriginal("the original is missing") from None
    if size != file.size or digest.hexdigest() != file.sha256:
        raise NotTheOriginal("the original is not what was registered")
