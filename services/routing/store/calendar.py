"""What the regency has decided of single days, in the database. Invariant: a day has one decision or none."""

from collections.abc import Sequence
from datetime import date
from typing import ClassVar

from pydantic import AwareDatetime, BaseModel, ConfigDict

from services.chassis.mongo import Database, Document, IndexModel, Session
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


class CalendarDays:
    """The decided days. The day itself is the id; its year stands beside it to be listed by."""

    COLLECTION = "calendar_days"
    INDEXES: ClassVar[dict[str, Sequence[IndexModel]]] = {COLLECTION: [IndexModel([("year", 1)], name="year")]}

    def __init__(self, database: Database) -> None:
        self._rows = database[self.COLLECTION]

    async def find(self, day: date, session: Session | None) -> Decision | None:
        """The decision about a day, or None."""
        row = await self._rows.find_one({"_id": day.isoformat()}, session=session)
        return _decision(row) if row else None

    async def in_year(self, year: int) -> list[Decision]:
        """The decisions about days of a year, in order."""
        rows = await self._rows.find({"year": year}).to_list(None)
        return sorted((_decision(row) for row in rows), key=lambda one: one.day)

    async def put(self, decision: Decision, session: Session | None) -> None:
        """Keep a decision in place of the one before."""
        fields = {**decision.model_dump(exclude={"day"}), "year": decision.day.year}
        key = {"_id": decision.day.isoformat()}
        await self._rows.update_one(key, {"$set": fields}, upsert=True, session=session)

    async def remove(self, day: date, session: Session | None) -> None:
        """Let the day be what the national calendar and the week make of it."""
        await self._rows.delete_one({"_id": day.isoformat()}, session=session)


def _decision(row: Document) -> Decision:
    return Decision.model_validate({**row, "day": row["_id"]})
