"""The regency's working calendar, as a service sees it. Invariant: it is the calendar that routing counts with.

Routing tells what the regency decides of a day; the national days and the week everybody knows.
"""

import asyncio
import time
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from services.chassis.bus.consumer import Received, Subscription
from services.chassis.clock import now
from services.chassis.mongo import Database, Document, IndexModel
from services.chassis.uow import Transaction
from services.contracts.routing import DayDecided
from services.projections.newest_state import keep_newest
from services.projections.working_days import Decided, OfficeHours, WorkingCalendar

COLLECTION = "known_days"
INDEXES: dict[str, Sequence[IndexModel]] = {COLLECTION: [IndexModel([("day", 1)], name="day")]}
LOOKING_BACK = timedelta(days=400)
"""Nothing is counted in days that lie further back."""
LAST_DAY = "9999-12-31"
REMEMBERED_SECONDS = 5.0


class Calendar:
    """The decided days known to this service, on its office hours. One per process."""

    def __init__(self, database: Database, hours: OfficeHours) -> None:
        self.hours = hours
        self._rows = database[COLLECTION]
        self._known: tuple[float, WorkingCalendar] | None = None
        self._reading = asyncio.Lock()
        self._changes = 0

    async def working(self) -> WorkingCalendar:
        """The calendar; soon again from memory."""
        if self._known is None or self._known[0] <= time.monotonic():
            async with self._reading:
                if self._known is None or self._known[0] <= time.monotonic():
                    return await self._read()
        return self._known[1]

    async def on_day_decided(self, event: DayDecided, received: Received, transaction: Transaction) -> None:
        """Keep what is newest of the day; a decision that was taken back is kept as one about nothing."""
        day = event.day.isoformat()
        await keep_newest(self._rows, day, event.model_dump(mode="json"), received.seq, transaction)
        self._changes += 1
        self._known = None

    def subscriptions(self) -> list[Subscription[Any]]:
        """The rows a service adds to its subscription table to keep this projection."""
        return [Subscription(DayDecided, "calendar.day", self.on_day_decided, guarded=True)]

    async def _read(self) -> WorkingCalendar:
        changes = self._changes
        since = (now().date() - LOOKING_BACK).isoformat()
        rows = await self._rows.find({"day": {"$gte": since, "$lte": LAST_DAY}}).to_list(None)
        decided = [one for one in map(_decided, rows) if one is not None]
        calendar = WorkingCalendar(self.hours, {one.day: one for one in decided})
        if changes == self._changes:  # else something was decided while it was read
            self._known = (time.monotonic() + REMEMBERED_SECONDS, calendar)
        return calendar


def _decided(row: Document) -> Decided | None:
    kind = row.get("kind")
    return Decided(date.fromisoformat(row["day"]), kind, row.get("name") or "") if kind else None
