"""Counting in the hours offices are open. Invariant: an instant that comes of it lies within them.

Hours are half-open: what would fall on closing falls on the next opening.
"""

from datetime import UTC, datetime, time, timedelta

from services.projections.working_days import WorkingCalendar


def add_office_hours(calendar: WorkingCalendar, start: datetime, span: timedelta) -> datetime:
    """The instant at which offices have been open for ``span`` since ``start``."""
    at = opening(calendar, start)
    while at + span >= (closes := _closing(calendar, at)):
        span -= closes - at
        at = opening_after(calendar, at, 1)
    return at + span


def opening(calendar: WorkingCalendar, at: datetime) -> datetime:
    """``at`` itself where offices are open then, else when they next open."""
    day = calendar.local_day(at)
    if calendar.is_working(day):
        opens = _local(calendar, day_of=at, hour=calendar.hours.opens)
        if at < _closing(calendar, at):
            return max(at, opens)
    return opening_after(calendar, at, 1)


def opening_after(calendar: WorkingCalendar, at: datetime, working_days: int) -> datetime:
    """When offices open on the ``working_days``-th working day after the local day of ``at``."""
    day = calendar.following(calendar.local_day(at), working_days)
    return datetime.combine(day, calendar.hours.opens, calendar.hours.zone).astimezone(UTC)


def _closing(calendar: WorkingCalendar, at: datetime) -> datetime:
    return _local(calendar, day_of=at, hour=calendar.hours.closes)


def _local(calendar: WorkingCalendar, *, day_of: datetime, hour: time) -> datetime:
    return datetime.combine(calendar.local_day(day_of), hour, calendar.hours.zone).astimezone(UTC)
