"""The counters of outgoing numbers. Invariant: as an agenda number, one is taken in the transaction of its letter.

A series may be made to go on from a number that was given on paper; who did that and why is kept with the counter.
"""

from collections.abc import Sequence
from typing import ClassVar

from services.chassis.documents import plain
from services.chassis.mongo import Database, DuplicateKeyError, IndexModel, Session
from services.intake.domain.numbers.number import Continued, CountedSeries, NumberSeries


class NumberSeriesStore:
    """One counter a series; a series begins with 1, or after what was given before."""

    COLLECTION = "number_counters"
    INDEXES: ClassVar[dict[str, Sequence[IndexModel]]] = {COLLECTION: [IndexModel([("unit_id", 1)], name="unit")]}

    def __init__(self, database: Database) -> None:
        self._counters = database[self.COLLECTION]

    async def next(self, series: NumberSeries, session: Session | None) -> int:
        """Take the next number of ``series``, in two strokes as the agenda books' counters do."""
        change = {"$inc": {"last": 1}, "$set": vars(series)}
        await self._counters.update_one({"_id": series.key}, change, upsert=True, session=session)
        return await self.last(series, session)

    async def last(self, series: NumberSeries, session: Session | None = None) -> int:
        """The number that was given last; 0 where none was."""
        row = await self._counters.find_one({"_id": series.key}, session=session)
        return int(row["last"]) if row else 0

    async def go_on_from(self, series: NumberSeries, continued: Continued, session: Session | None) -> bool:
        """Give the numbers after ``continued.last`` from now on; False where the series is as far or further."""
        behind = {"_id": series.key, "last": {"$lt": continued.last}}
        change = {"$set": {**vars(series), "last": continued.last}, "$push": {"continued": plain(continued)}}
        try:
            await self._counters.update_one(behind, change, upsert=True, session=session)
        except DuplicateKeyError:
            return False
        return True

    async def of_unit(self, unit_id: str) -> list[CountedSeries]:
        """The series of a unit that were begun."""
        rows = await self._counters.find({"unit_id": unit_id}).to_list(None)
        return [CountedSeries.model_validate(row) for row in rows]
