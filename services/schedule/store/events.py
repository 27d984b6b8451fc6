"""Calendar events as documents. Invariant: written only by a transaction that has claimed the leader's calendar."""

from collections.abc import Sequence

from services.chassis.mongo import Database, Document, IndexModel, Session
from services.schedule.domain.event import ScheduleEvent
from services.schedule.domain.slot import LONGEST, Slot

COLLECTION = "schedule_events"
INDEXES: dict[str, Sequence[IndexModel]] = {
    COLLECTION: [IndexModel([("leader_position_id", 1), ("starts_at", 1)], name="calendar")],
}


class Events:
    """Events by id and by the leader's time."""

    def __init__(self, database: Database) -> None:
        self._rows = database[COLLECTION]

    async def add(self, event: ScheduleEvent, session: Session | None) -> None:
        """Keep a new one."""
        row = event.model_dump()
        row["_id"] = row.pop("id")
        await self._rows.insert_one(row, session=session)

    async def note(self, event: ScheduleEvent, session: Session | None) -> None:
        """Keep what became of the letter it came of."""
        change = {"$set": event.model_dump(include={"note", "history"})}
        await self._rows.update_one({"_id": event.id}, change, session=session)

    async def get(self, event_id: str, session: Session | None = None) -> ScheduleEvent | None:
        """The event, or None."""
        row = await self._rows.find_one({"_id": event_id}, session=session)
        return _read(row) if row else None

    async def around(self, leader_position_id: str, slot: Slot, session: Session | None = None) -> list[ScheduleEvent]:
        """Every event of the leader that lies in ``slot`` at least in part, the earliest first."""
        query: Document = {
            "leader_position_id": leader_position_id,
            "starts_at": {"$gt": slot.start - LONGEST, "$lt": slot.end},
            "ends_at": {"$gt": slot.start},
        }
        rows = self._rows.find(query, session=session).sort("starts_at", 1)
        return [_read(row) async for row in rows]


def _read(row: Document) -> ScheduleEvent:
    return ScheduleEvent.model_validate(row | {"id": row["_id"]}, extra="ignore")
