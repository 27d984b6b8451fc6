"""The key that separator sheets are sealed with. Invariant: made once and never changed, or printed sheets were void.

It lies in the database, so that it is backed up with it and no operator has to keep one.
"""

import secrets

from services.chassis.mongo import Database

COLLECTION = "separator_keys"
_ONLY = "sheets"
KEY_BYTES = 32


class SeparatorKeys:
    """The one key of this installation."""

    def __init__(self, database: Database) -> None:
        self._keys = database[COLLECTION]
        self._known: bytes | None = None

    async def key(self) -> bytes:
        """The key; made where there is none yet. Two that make it at once get the same."""
        if self._known is None:
            fresh = {"$setOnInsert": {"key": secrets.token_bytes(KEY_BYTES)}}
            await self._keys.update_one({"_id": _ONLY}, fresh, upsert=True)
            row = await self._keys.find_one({"_id": _ONLY})
            assert row is not None  # noqa: S101 - written a moment ago, and never removed
            self._known = bytes(row["key"])
        return self._known
