"""One document a leader. Invariant: whoever books writes it first, so two bookings of one leader can never pass by
each other: the database sees that both wrote it and runs one of them again.
"""

from collections.abc import Sequence

from services.chassis.mongo import Database, DuplicateKeyError, IndexModel, Session

COLLECTION = "calendars"
INDEXES: dict[str, Sequence[IndexModel]] = {COLLECTION: []}


class Calendars:
    """The leaders' calendars, as what bookings queue up for."""

    def __init__(self, database: Database) -> None:
        self._rows = database[COLLECTION]

    async def open(self, leader_position_id: str) -> None:
        """Have the calendar there. Outside the booking, because two that create it in transactions may both fail."""
        try:
            await self._rows.update_one({"_id": leader_position_id}, {"$setOnInsert": {"version": 0}}, upsert=True)
        except DuplicateKeyError:
            return

    async def claim(self, leader_position_id: str, session: Session | None) -> None:
        """Write the calendar in the caller's transaction; must come before anything is read there."""
        await self._rows.update_one({"_id": leader_position_id}, {"$inc": {"version": 1}}, session=session)
