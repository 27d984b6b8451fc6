"""The secret key that check words follow from. Invariant: made once for an installation, by whoever needs it first; it
leaves the database for this process's memory alone.
"""

import secrets
from collections.abc import Sequence
from typing import ClassVar

from services.chassis.mongo import Database, DuplicateKeyError, IndexModel, ReturnDocument
from services.routing.domain.check_word import KEY_BYTES, check_word

ONLY = "key"


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
        row = await self._rows.find_one({"_id": ONLY})
        if row is None:
            fresh = {"$setOnInsert": {"key": secrets.token_bytes(KEY_BYTES)}}
            try:
                row = await self._rows.find_one_and_update(
                    {"_id": ONLY}, fresh, upsert=True, return_document=ReturnDocument.AFTER
                )
            except DuplicateKeyError:
                row = await self._rows.find_one({"_id": ONLY})
        if row is None:
            raise RuntimeError("the key of the check words was made and is not there")
        return bytes(row["key"])
