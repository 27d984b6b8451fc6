"""Positions to look at for whether anybody holds them. Invariant: a position is looked at again at ``look_at``, and
what was learned meanwhile is never overwritten by a look that began before.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import ClassVar

from services.chassis.documents import document, model
from services.chassis.mongo import Database, DuplicateKeyError, IndexModel
from services.disposition.domain.recipient import Part
from services.disposition.store.watch_list import BEGINNING


class Watched(Part):
    """A position, when to look at it, and on which day it was first found vacant, where it is."""

    id: str
    look_at: datetime
    noticed_on: date | None = None


class Vacancies:
    """Positions by when to look at them."""

    COLLECTION = "vacancies"
    INDEXES: ClassVar[dict[str, Sequence[IndexModel]]] = {COLLECTION: [IndexModel([("look_at", 1)], name="look_at")]}

    def __init__(self, database: Database) -> None:
        self._rows = database[self.COLLECTION]

    async def look(self, position_id: str, at: datetime) -> None:
        """Have the position looked at."""
        try:
            await self._rows.update_one({"_id": position_id}, {"$set": {"look_at": at}}, upsert=True)
        except DuplicateKeyError:
            await self._rows.update_one({"_id": position_id}, {"$set": {"look_at": at}})

    async def due(self, at: datetime, limit: int) -> list[Watched]:
        """Some that are to be looked at by now."""
        rows = await self._rows.find({"look_at": {"$gt": BEGINNING, "$lte": at}}).limit(limit).to_list(limit)
        return [model(Watched, row) for row in rows]

    async def looked(self, seen: Watched, after: Watched) -> None:
        """Keep what a look at ``seen`` came to, unless there has been news since."""
        await self._rows.replace_one({"_id": seen.id, "look_at": seen.look_at}, document(after))
