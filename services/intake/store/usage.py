"""What units have in the store, by month. Invariant: every letter is counted once.

Numbers of a book are given without a gap, in the transaction that writes the letter. So what was counted of a book is
one number, moved on in the transaction that adds what follows it; registering a letter writes nothing for it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date

from services.chassis.mongo import Database, Document, IndexModel, Session
from services.intake.domain.usage import Usage
from services.intake.store.counters import COLLECTION as COUNTERS

MONTHS, COUNTED = "storage_months", "storage_counted"
INDEXES: dict[str, Sequence[IndexModel]] = {MONTHS: [IndexModel([("unit_id", 1)], name="unit_id")]}
_FIELDS = tuple(one.name for one in fields(Usage))


@dataclass(frozen=True)
class UnitMonth:
    """What a unit's letters of one month take up; ``month`` is its first day."""

    unit_id: str
    month: date
    usage: Usage


@dataclass(frozen=True)
class BookBehind:
    """A book of which not every number was counted: how far it was, and how far it goes."""

    key: str
    counted: int
    last: int


class StorageUsage:
    """The sums, and how far each book was counted."""

    def __init__(self, database: Database) -> None:
        self._months, self._counted, self._counters = database[MONTHS], database[COUNTED], database[COUNTERS]

    async def behind(self) -> list[BookBehind]:
        """The books with numbers that were not counted yet."""
        counted = {str(row["_id"]): int(row["last"]) async for row in self._counted.find({})}
        books = [(str(row["_id"]), int(row["last"])) async for row in self._counters.find({})]
        return [BookBehind(key, counted.get(key, 0), last) for key, last in books if last > counted.get(key, 0)]

    async def count(
        self, book: BookBehind, until: int, added: Mapping[tuple[str, date], Usage], session: Session | None
    ) -> bool:
        """Add what the numbers up to ``until`` take up; False where another process has counted them meanwhile."""
        if book.counted == 0:
            await self._counted.update_one(
                {"_id": book.key}, {"$setOnInsert": {"last": 0}}, upsert=True, session=session
            )
        moved = await self._counted.update_one(
            {"_id": book.key, "last": book.counted}, {"$set": {"last": until}}, session=session
        )
        if moved.matched_count == 0:
            return False
        for (unit_id, month), usage in added.items():
            await self.add(unit_id, month, usage, session)
        return True

    async def add(self, unit_id: str, month: date, usage: Usage, session: Session | None) -> None:
        """Add to a unit's month."""
        first = month.replace(day=1).isoformat()
        change = {
            "$inc": {name: value for name, value in asdict(usage).items() if value},
            "$setOnInsert": {"unit_id": unit_id, "month": first},
        }
        await self._months.update_one({"_id": f"{unit_id}/{first}"}, change, upsert=True, session=session)

    async def months(self, unit_ids: Sequence[str] | None) -> list[UnitMonth]:
        """Every month of these units, or of all: a row a unit and month, so some thousands after ten years."""
        if unit_ids is None:
            rows = await self._months.find({}).to_list(None)
        else:
            rows = [row for one in unit_ids for row in await self._months.find({"unit_id": one}).to_list(None)]
        return [_unit_month(row) for row in rows]


def _unit_month(row: Document) -> UnitMonth:
    usage = Usage(**{name: int(row.get(name, 0)) for name in _FIELDS})
    return UnitMonth(row["unit_id"], date.fromisoformat(row["month"]), usage)
