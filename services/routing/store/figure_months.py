"""Units and months in the database: who acted in them, and what their rows come to. Invariant: a month whose rows have
changed is marked in the same transaction, and the mark is taken off in the one in which it is counted anew.

Times are kept packed, eight bytes each: a month is then one small document, however many letters it had, and the months
of a whole regency are read in a moment.
"""

import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import ClassVar

from services.chassis.mongo import Database, Document, IndexModel, Session, UpdateOne
from services.routing.domain.figure_backlog import Backlog
from services.routing.domain.figure_counts import Tally
from services.routing.domain.figures import Deeds

EVER = "ever"
"""Stands in the place of a month for all time: when somebody of a unit last did anything."""
UnitMonth = tuple[str, str]


@dataclass(frozen=True)
class DueMonth:
    """A unit and month that has to be counted, and the mark that says so."""

    unit_id: str
    month: str
    mark: str


@dataclass(frozen=True)
class KeptMonth:
    """What the rows of a unit and month come to."""

    unit_id: str
    month: str
    tally: Tally
    counted_at: datetime


@dataclass(frozen=True)
class CountedMonth(KeptMonth):
    """The same as it was counted, with what of it is open."""

    backlog: Backlog


class Activity:
    """Per unit and month who acted, and whether its rows have to be counted again."""

    COLLECTION = "figure_activity"
    INDEXES: ClassVar[dict[str, Sequence[IndexModel]]] = {
        COLLECTION: [
            IndexModel([("due", 1)], name="due", sparse=True),
            IndexModel([("month", 1)], name="month"),
            IndexModel([("unit_id", 1), ("month", 1)], name="unit_month"),
        ]
    }

    def __init__(self, database: Database) -> None:
        self._rows = database[self.COLLECTION]

    async def add(
        self, deeds: Mapping[UnitMonth, Deeds], touched: Iterable[UnitMonth], mark: str, session: Session | None
    ) -> None:
        """Note who acted; have the months counted that were touched. To say the same again changes nothing."""
        due = set(touched)
        changes = [
            UpdateOne({"_id": _id(*key)}, _change(key, deeds.get(key), mark if key in due else None), upsert=True)
            for key in sorted({*deeds, *due})
        ]
        if changes:
            await self._rows.bulk_write(changes, ordered=False, session=session)

    async def due(self) -> list[DueMonth]:
        """The months to count, those that wait longest first."""
        rows = await self._rows.find({"due": {"$gte": ""}}).to_list(None)
        return [DueMonth(row["unit_id"], row["month"], row["due"]) for row in sorted(rows, key=lambda row: row["due"])]

    async def settle(self, due: DueMonth, session: Session | None) -> bool:
        """Take the mark off; False where it is not the same any more."""
        marked = {"_id": _id(due.unit_id, due.month), "due": due.mark}
        return (await self._rows.update_one(marked, {"$unset": {"due": ""}}, session=session)).matched_count == 1

    async def in_month(self, month: str) -> dict[str, Deeds]:
        """Per unit who acted in a month; of ``EVER``, when anybody last did."""
        return _deeds(await self._rows.find({"month": month}).to_list(None))

    async def of_unit(self, unit_id: str, month: str) -> dict[str, Deeds]:
        """The same of one unit."""
        return _deeds(await self._rows.find({"unit_id": unit_id, "month": month}).to_list(None))

    async def clear(self) -> None:
        """Take all away."""
        await self._rows.delete_many({})


class FigureMonths:
    """What each unit and month comes to, and what of it is still open."""

    MONTHS = "figure_months"
    BACKLOGS = "figure_backlogs"
    INDEXES: ClassVar[dict[str, Sequence[IndexModel]]] = {
        MONTHS: [
            IndexModel([("unit_id", 1), ("month", 1)], name="unit_month"),
            IndexModel([("month", 1)], name="month"),
        ],
        BACKLOGS: [IndexModel([("unit_id", 1)], name="unit")],
    }

    def __init__(self, database: Database) -> None:
        self._months = database[self.MONTHS]
        self._backlogs = database[self.BACKLOGS]

    async def put(self, counted: Sequence[CountedMonth], session: Session | None) -> None:
        """Keep these months in the place of what was counted before."""
        if not counted:
            return
        months = [UpdateOne(_key(one), {"$set": _month_fields(one)}, upsert=True) for one in counted]
        await self._months.bulk_write(months, ordered=False, session=session)
        lying = [UpdateOne(_key(one), {"$set": _backlog_fields(one)}, upsert=True) for one in counted if one.backlog]
        if lying:
            await self._backlogs.bulk_write(lying, ordered=False, session=session)
        for one in counted:
            if not one.backlog:
                await self._backlogs.delete_one(_key(one), session=session)

    async def of_unit(self, unit_id: str, first: str, last: str) -> list[KeptMonth]:
        """A unit's months from the first through the last."""
        rows = await self._months.find({"unit_id": unit_id, "month": {"$gte": first, "$lte": last}}).to_list(None)
        return [_counted(row) for row in rows]

    async def in_month(self, month: str) -> list[KeptMonth]:
        """Every unit's figures of a month."""
        return [_counted(row) for row in await self._months.find({"month": month}).to_list(None)]

    async def backlogs(self, unit_id: str | None) -> list[tuple[str, Backlog]]:
        """What is open, by the unit it lies with: of one unit, or of all."""
        rows = await self._backlogs.find({} if unit_id is None else {"unit_id": unit_id}).to_list(None)
        return [(row["unit_id"], _backlog(row)) for row in rows]

    async def clear(self) -> None:
        """Take all away."""
        await self._months.delete_many({})
        await self._backlogs.delete_many({})


def _id(unit_id: str, month: str) -> str:
    return f"{unit_id}/{month}"


def _key(counted: CountedMonth) -> Document:
    return {"_id": _id(counted.unit_id, counted.month)}


def _month_fields(counted: CountedMonth) -> Document:
    times = {measure: _packed(found) for measure, found in counted.tally.times.items()}
    owner = {"unit_id": counted.unit_id, "month": counted.month, "counted_at": counted.counted_at}
    return {**owner, "counts": dict(counted.tally.counts), "times": times}


def _backlog_fields(counted: CountedMonth) -> Document:
    packed = {name: _packed(found) for name, found in asdict(counted.backlog).items()}
    return {"unit_id": counted.unit_id, "month": counted.month, **packed}


def _change(key: UnitMonth, deeds: Deeds | None, mark: str | None) -> Document:
    change: Document = {"$set": {"unit_id": key[0], "month": key[1], **({"due": mark} if mark else {})}}
    if deeds:
        change["$max"] = {"last_at": deeds.last_at}
    if deeds and key[1] != EVER:
        named = {"positions": deeds.positions, "people": deeds.people}
        change["$addToSet"] = {name: {"$each": sorted(ids)} for name, ids in named.items()}
    return change


def _deeds(rows: Iterable[Document]) -> dict[str, Deeds]:
    return {
        row["unit_id"]: Deeds(frozenset(row.get("positions", ())), frozenset(row.get("people", ())), row["last_at"])
        for row in rows
        if "last_at" in row
    }


def _counted(row: Document) -> KeptMonth:
    times = {measure: _unpacked(found) for measure, found in row["times"].items()}
    return KeptMonth(row["unit_id"], row["month"], Tally(row["counts"], times), row["counted_at"])


def _backlog(row: Document) -> Backlog:
    return Backlog(**{name: _unpacked(row[name]) for name in Backlog.__dataclass_fields__})


def _packed(numbers: Sequence[int]) -> bytes:
    return struct.pack(f"<{len(numbers)}q", *numbers)


def _unpacked(packed: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(packed) // 8}q", packed)
