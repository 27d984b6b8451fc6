"""The secret key that check words follow from. Invariant: made once for an installation, by whoever needs it first; it
leaves the database for this process's memory alone.
"""

import asyncio
import contextlib
import secrets
from collections.abc import Sequence
from typing import ClassVar

from services.chassis.mongo import Database, DuplicateKeyError, IndexModel
from services.routing.domain.check_word import KEY_BYTES, check_word

ONLY = "key"
PATIENCE_SECONDS = 5.0
"""How long a key that another process is just making is waited for."""


class CheckWords:
    """One document with the key."""

    COLLECTION = "check_word_key"
    INDEXES: ClassVar[dict[str, Sequence[IndexModel]]] = {COLLECTION: []}

    def __init__(self, database: Database) -> None:
        self._rows = database[self.COLLECTION]
        self._key: bytes | None = None

    async def of(self, letter_id: str) -> str:
        """The check word of a letter, or of any other text: as much work, and as hard to guess."""
        if self._key is None:
            self._key = await self._kept_key()
        return check_word(self._key, letter_id)

    async def _kept_key(self) -> bytes:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                row = await self._rows.find_one({"_id": ONLY})
                if row is not None:
                    return bytes(row["key"])
                with contextlib.suppress(DuplicateKeyError):  # somebody makes it in this very moment
                    await self._rows.insert_one({"_id": ONLY, "key": secrets.token_bytes(KEY_BYTES)})
