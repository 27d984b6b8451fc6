"""When a part is due. Invariant: pure; what is due is due when offices close, and never before it was given."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from services.projections.working_days import WorkingCalendar


@dataclass(frozen=True)
class Deadline:
    """A local day, the instant it is over, and when to remind of it; all None where there is no deadline."""

    due_on: date | None = None
    due_at: datetime | None = None
    remind_at: datetime | None = None


def deadline(calendar: WorkingCalendar, due_on: date | None, working_days: int | None, at: datetime) -> Deadline:
    """The deadline of what is given ``at``: on a day, or after so many working days; the day itself does not count.

    Whoever names a day names that very day, also one off. It is over when offices close; for what is given later than
    that, with the day. Where nothing is left to be reminded on, nobody is reminded.
    """
    if due_on is None and working_days is None:
        return Deadline()
    day = due_on or calendar.following(calendar.local_day(at), working_days or 0)
    due_at = calendar.closing(day)
    if due_at <= at:
        due_at = datetime.combine(day + timedelta(days=1), time(), calendar.hours.zone).astimezone(UTC)
    remind_at = calendar.reminder(at, due_at - timedelta(microseconds=1))
    return Deadline(day, due_at, remind_at if remind_at > at else None)
