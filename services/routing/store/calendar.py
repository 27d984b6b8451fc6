"""What the regency has decided of single days, in the database. Invariant: a day has one decision or none, and its
versions go on after one was taken back: they are those of the day's stream of events.
"""

from collections.abc import Sequence
from datetime import date
from typing import ClassVar

from pydantic import AwareDatetime, BaseModel, ConfigDict

from services.chassis.mongo import Database, Document, IndexModel, Session, UpdateOne
from services.contracts.routing import DayDecided
from services.projections.working_days import Decided, DecidedKind


class Decision(BaseModel):
    """A decision with its version, and who made it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    day: date
    kind: DecidedKind
    name: str
    version: int = 1
    by_id: str
    by_name: str
    at: AwareDatetime

    @property
    def decided(self) -> Decided:
        """What matters of it for counting."""
        return Decided(self.day, self.kind, self.name)


class Day(BaseModel):
    """What is kept of a day: how often was decided of it, and the decision that stands, or None."""

    model_config = ConfigDict(frozen=True)

    day: date
    version: int = 0
    decision: Decision | None = None

    def told(self) -> DayDecided:
        """The event that tells of it."""
        stands = self.decision
        return DayDecided(day=self.day, kind=stands.kind if stands else None, name=stands.name if stands else None)


class CalendarDays:
    """The decided days. The day itself is the id; its year stands beside it to be listed by."""

    COLLECTION = "calendar_days"
    INDEXES: ClassVar[dict[str, Sequence[IndexModel]]] = {COLLECTION: [IndexModel([("year", 1)], name="year")]}

    def __init__(self, database: Database) -> None:
        self._rows = database[self.COLLECTION]

    async def find(self, day: date, session: Session | None) -> Decision | None:
        """The decision about a day, or None."""
        return (await self.day(day, session)).decision

    async def day(self, day: date, session: Session | None) -> Day:
        """All that is kept of a day."""
        row = await self._rows.find_one({"_id": day.isoformat()}, session=session)
        return _day(row) if row else Day(day=day)

    async def in_year(self, year: int) -> list[Decision]:
        """The decisions about days of a year, in order."""
        rows = await self._rows.find({"year": year}).to_list(None)
        decisions = (_day(row).decision for row in rows)
        return sorted((one for one in decisions if one is not None), key=lambda one: one.day)

    async def put(self, decision: Decision, session: Session | None) -> Day:
        """Keep a decision in place of the one before."""
        return await self._keep(Day(day=decision.day, version=decision.version, decision=decision), session)

    async def remove(self, kept: Day, session: Session | None) -> Day:
        """Let the day be what the national calendar and the week make of it."""
        return await self._keep(Day(day=kept.day, version=kept.version + 1), session)

    async def untold(self, limit: int, session: Session | None) -> list[Day]:
        """Some that were decided when nobody was told of it yet."""
        rows = await self._rows.find({"told": {"$exists": False}}, session=session).limit(limit).to_list(limit)
        return [_day(row) for row in rows]

    async def mark_told(self, days: Sequence[Day], session: Session | None) -> None:
        """These have been told of."""
        changes = [UpdateOne({"_id": one.day.isoformat()}, {"$set": {"told": True}}) for one in days]
        await self._rows.bulk_write(changes, ordered=False, session=session)

    async def _keep(self, kept: Day, session: Session | None) -> Day:
        stands = kept.decision.model_dump(exclude={"day"}) if kept.decision else {"kind": None}
        row = {**stands, "version": kept.version, "year": kept.day.year, "told": True}
        await self._rows.replace_one({"_id": kept.day.isoformat()}, row, upsert=True, session=session)
        return kept


def _day(row: Document) -> Day:
    day, version = date.fromisoformat(row["_id"]), row["version"]
    decision = Decision.model_validate({**row, "day": day}) if row["kind"] else None
    return Day(day=day, version=version, decision=decision)
