"""When a letter is due. Invariant: whoever asks soon again is answered from memory, without a trip to the database.

Rules and days change a few times a year and are asked for with each letter. What another process changes is known here
after ``REMEMBERED_SECONDS``; what this one changes, at once.
"""

import asyncio
import time
from dataclasses import dataclass
from datetime import date, datetime

from services.contracts.vocabulary import Urgency
from services.projections.working_days import Decided, OfficeHours, WorkingCalendar
from services.routing.domain.deadline import DeadlineRules, deadline_of
from services.routing.domain.delivery import Deadline
from services.routing.store.calendar import CalendarDays
from services.routing.store.deadline_rules import DeadlineRuleBook

REMEMBERED_SECONDS = 5.0


@dataclass(frozen=True)
class _Known:
    """What was read for letters that arrive in ``year``, and until when it is believed."""

    year: int
    until: float
    rules: DeadlineRules
    calendar: WorkingCalendar


class Deadlines:
    """Reckons deadlines. One per process."""

    def __init__(self, days: CalendarDays, rules: DeadlineRuleBook, hours: OfficeHours) -> None:
        self.hours = hours
        self._days, self._rules = days, rules
        self._known: _Known | None = None
        self._reading = asyncio.Lock()
        self._changes = 0

    async def for_letter(self, urgency: Urgency, kind: str, at: datetime) -> Deadline | None:
        """The deadline of a letter that arrives ``at``; None where the rules give it none."""
        year = at.astimezone(self.hours.zone).year
        known = self._remembered(year)
        if known is None:
            async with self._reading:
                known = self._remembered(year) or await self._read(year)
        return deadline_of(known.rules, known.calendar, urgency, kind, at)

    async def calendar(self, year: int) -> WorkingCalendar:
        """The calendar with what is decided of one year, as it is now."""
        return WorkingCalendar(self.hours, await self._decided(year))

    def forget(self) -> None:
        """Rules or days have been changed here."""
        self._known = None
        self._changes += 1

    def _remembered(self, year: int) -> _Known | None:
        known = self._known
        return known if known and known.year == year and known.until > time.monotonic() else None

    async def _read(self, year: int) -> _Known:
        """Rules, and both years a deadline can touch: the longest one is a matter of months."""
        changes = self._changes
        kept, this, following = await asyncio.gather(
            self._rules.read(None), self._decided(year), self._decided(year + 1)
        )
        calendar = WorkingCalendar(self.hours, {**this, **following})
        known = _Known(year, time.monotonic() + REMEMBERED_SECONDS, kept.rules, calendar)
        if changes == self._changes:  # else somebody has changed them while they were read
            self._known = known
        return known

    async def _decided(self, year: int) -> dict[date, Decided]:
        return {one.day: one.decided for one in await self._days.in_year(year)}
