"""Cursors as they are handed out. Invariant: nobody learns anything from one, and only our own are taken back.

A cursor holds numbers from which one could tell how many letters the regency has. The key lies in the database, so
that every process understands what another has handed out; without it a cursor is worth nothing anyway.
"""

from contextlib import suppress

from cryptography.fernet import Fernet, InvalidToken

from services.chassis.mongo import Database, DuplicateKeyError
from services.routing.domain.search_cursor import Cursor, unpacked
from services.routing.domain.search_engine import Asking, UnknownCursor
from services.routing.store.search_journal import Journal

KEY = -3


class Cursors:
    """Seals and opens cursors."""

    def __init__(self, database: Database) -> None:
        self._rows = database[Journal.COLLECTION]
        self._sealer: Fernet | None = None

    async def sealed(self, cursor: Cursor, asking: Asking) -> str:
        """The cursor, to be handed out."""
        return (await self._seal()).encrypt(cursor.packed(asking)).decode().rstrip("=")

    async def opened(self, written: str, asking: Asking) -> Cursor:
        """The cursor; raises UnknownCursor."""
        try:
            raw = (await self._seal()).decrypt(written + "=" * (-len(written) % 4))
        except (InvalidToken, ValueError):
            raise UnknownCursor("not one of ours") from None
        return unpacked(raw, asking)

    async def _seal(self) -> Fernet:
        if self._sealer is None:
            while (row := await self._rows.find_one({"_id": KEY})) is None:
                with suppress(DuplicateKeyError):  # another was faster: its key is everybody's
                    await self._rows.insert_one({"_id": KEY, "key": Fernet.generate_key()})
            self._sealer = Fernet(row["key"])
        return self._sealer
