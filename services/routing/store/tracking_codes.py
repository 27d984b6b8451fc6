"""Which letter a tracking code belongs to. Invariant: a code that is known costs no more to look up than one that is
not: nothing of the letter but its id is read.
"""

from services.chassis.mongo import Database
from services.routing.store.letters import Letters


class TrackingCodes:
    """The codes of the letters."""

    def __init__(self, database: Database) -> None:
        self._rows = database[Letters.COLLECTION]

    async def letter_with(self, code: str) -> str | None:
        """The id of the letter with this code, or None."""
        row = await self._rows.find_one({"summary.tracking_code": code}, {"_id": 1})
        return str(row["_id"]) if row else None
