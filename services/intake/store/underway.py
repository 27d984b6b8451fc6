"""Registrations underway. Invariant: a registration is written down here before its first original is put.

What is written down and never became a letter tells the sweep where to look; whatever is not written down in this
database was not put on its account.
"""

from collections.abc import Sequence
from datetime import datetime

from services.chassis.ids import first_id_of
from services.chassis.mongo import Database, Session

COLLECTION = "registrations_underway"


class Underway:
    """The letter ids of registrations that have begun; an id tells when."""

    def __init__(self, database: Database) -> None:
        self._underway = database[COLLECTION]

    async def begin(self, letter_id: str, session: Session | None = None) -> None:
        """Originals of this letter are about to be put."""
        await self._underway.insert_one({"_id": letter_id}, session=session)

    async def begun_before(self, instant: datetime, limit: int, session: Session | None = None) -> list[str]:
        """The oldest that began before ``instant``."""
        older = {"_id": {"$lt": first_id_of(instant)}}
        rows = await self._underway.find(older, session=session).sort("_id", 1).limit(limit).to_list(limit)
        return [str(row["_id"]) for row in rows]

    async def end(self, letter_ids: Sequence[str], session: Session | None = None) -> None:
        """These are letters now, or nothing is left of them."""
        await self._underway.delete_many({"_id": {"$in": list(letter_ids)}}, session=session)
