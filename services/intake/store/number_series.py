"""The counters of outgoing numbers. Invariant: as an agenda number, one is taken in the transaction of its letter."""

from collections.abc import Sequence
from typing import ClassVar

from services.chassis.mongo import Database, IndexModel, Session
from services.intake.domain.numbers.number import NumberSeries


class NumberSeriesStore:
    """One counter a series; a series begins with 1."""

    COLLECTION = "number_counters"
    INDEXES: ClassVar[dict[str, Sequence[IndexModel]]] = {COLLECTION: []}

    def __init__(self, database: Database) -> None:
        self._counters = database[self.COLLECTION]

    async def next(self, series: NumberSeries, session: Session | None) -> int:
        """Take the next number of ``series``, in two strokes as the agenda books' counters do."""
        await self._counters.update_one({"_id": series.key}, {"$inc": {"last": 1}}, upsert=True, session=session)
        return await self.last(series, session)

    async def last(self, series: NumberSeries, session: Session | None = None) -> int:
        """The number that was given last; 0 where none was."""
        row = await self._counters.find_one({"_id": series.key}, session=session)
        return int(row["last"]) if row else 0
