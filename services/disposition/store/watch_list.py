"""Which dispositions are to be looked after. Invariant: the instant is kept by ``store.dispositions`` with each change;
here it is only read, or put off.
"""

from datetime import UTC, datetime

from services.chassis.mongo import Database
from services.disposition.store.dispositions import Dispositions

BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
"""Before any instant that is stored: a span that is bounded on both sides is one an index is read for."""


class WatchList:
    """Dispositions by when the house must next say something of them."""

    def __init__(self, database: Database) -> None:
        self._rows = database[Dispositions.COLLECTION]

    async def due(self, until: datetime, limit: int) -> list[str]:
        """Ids of those that ask for something by ``until``, the longest due first. Only ids: a row that cannot be
        read must not hide the others.
        """
        asking = self._rows.find({"watch_at": {"$gt": BEGINNING, "$lte": until}}, {"_id": 1}).sort("watch_at", 1)
        return [row["_id"] for row in await asking.limit(limit).to_list(limit)]

    async def later(self, disposition_id: str, at: datetime) -> None:
        """Leave it alone until ``at``, unless something happens to it before."""
        await self._rows.update_one({"_id": disposition_id}, {"$set": {"watch_at": at}})
