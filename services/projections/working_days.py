"""Which days offices work, and counting in such days. Invariant: what is due is due on a working day.

What the regency has decided of a day comes before the national calendar, and that before the week. Days are those of
the installation's time zone; instants come in and go out in UTC.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from services.projections.national_days import national_days

DecidedKind = Literal["holiday", "working_day"]
Source = Literal["weekend", "national", "joint_leave", "regency"]
WEEKEND = {5: "Sabtu", 6: "Minggu"}


@dataclass(frozen=True)
class OfficeHours:
    """When offices are open: ``week_days`` of five or six, counted from Monday."""

    zone: ZoneInfo
    week_days: int = 5
    opens: time = time(8)
    closes: time = time(16)

    def __post_init__(self) -> None:
        if self.opens >= self.closes:
            raise ValueError("offices close after they open")


@dataclass(frozen=True)
class Decided:
    """What the regency has decided of one day."""

    day: date
    kind: DecidedKind
    name: str


@dataclass(frozen=True)
class DayOff:
    """A day off, why, and who says so."""

    day: date
    name: str
    source: Source


@dataclass(frozen=True)
class WorkingCalendar:
    """The days of one regency; ``decided`` are its own decisions by day."""

    hours: OfficeHours
    decided: Mapping[date, Decided] = field(default_factory=dict)

    def why_off(self, day: date) -> DayOff | None:
        """Why nobody works on ``day``; None for a working day."""
        decided = self.decided.get(day)
        if decided:
            return DayOff(day, decided.name, "regency") if decided.kind == "holiday" else None
        known = national_days(day.year).get(day)
        if known:
            kind, name = known
            return DayOff(day, name, kind)
        if day.weekday() >= self.hours.week_days:
            return DayOff(day, WEEKEND[day.weekday()], "weekend")
        return None

    def is_working(self, day: date) -> bool:
        """Whether offices work on ``day``."""
        return self.why_off(day) is None

    def days_off(self, year: int) -> list[DayOff]:
        """Every day off of a year, in order."""
        first = date(year, 1, 1)
        length = date(year, 12, 31).timetuple().tm_yday
        found = (self.why_off(first + timedelta(days=number)) for number in range(length))
        return [day for day in found if day is not None]

    def following(self, day: date, working_days: int) -> date:
        """The ``working_days``-th working day after ``day``; ``day`` itself does not count."""
        for _ in range(working_days):
            day = self._next(day, timedelta(days=1))
        return day

    def preceding(self, day: date) -> date:
        """The last working day before ``day``."""
        return self._next(day, timedelta(days=-1))

    def add_working_days(self, start: datetime, working_days: int) -> datetime:
        """The close of business on the ``working_days``-th working day after the local day of ``start``."""
        return self.closing(self.following(self.local_day(start), working_days))

    def reminder(self, start: datetime, due: datetime) -> datetime:
        """When to remind of what began at ``start``: as offices open on the working day before it is due, or on the
        very day where it began no earlier.
        """
        due_on = self.local_day(due)
        before = self.opening(self.preceding(due_on))
        return before if before > start else self.opening(due_on)

    def opening(self, day: date) -> datetime:
        """The instant at which offices open on ``day``, or would."""
        return self._at(day, self.hours.opens)

    def closing(self, day: date) -> datetime:
        """The instant at which offices close on ``day``, or would."""
        return self._at(day, self.hours.closes)

    def local_day(self, instant: datetime) -> date:
        """The day it is then in the regency."""
        return instant.astimezone(self.hours.zone).date()

    def _next(self, day: date, step: timedelta) -> date:
        day += step
        while not self.is_working(day):
            day += step
        return day

    def _at(self, day: date, hour: time) -> datetime:
        return datetime.combine(day, hour, self.hours.zone).astimezone(UTC)
