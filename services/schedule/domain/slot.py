"""A stretch of time, half-open: from ``start`` until just before ``end``. Invariant: it has a bounded length.

Because no slot is longer than ``LONGEST``, whatever overlaps a slot starts at most that long before it: a search for
clashes is bounded on both sides. Because none lies at the end of the calendar, reckoning with its instants, in
whatever time zone, cannot leave what a date can hold.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from services.chassis.errors import unprocessable

LONGEST = timedelta(days=31)
WIDEST_RANGE = timedelta(days=92)
EARLIEST = datetime(1945, 8, 17, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Slot:
    """Half-open in time; touching slots do not overlap."""

    start: datetime
    end: datetime

    def overlaps(self, other: "Slot") -> bool:
        """Whether there is an instant in both."""
        return self.start < other.end and other.start < self.end

    @property
    def is_sound(self) -> bool:
        """Whether it may be booked."""
        return _reaches(self.start, self.end, LONGEST)


def slot_of(start: datetime, end: datetime) -> Slot:
    """The slot between two instants, cut to milliseconds; 422 where it has no length or too much."""
    slot = Slot(_cut(start), _cut(end))
    if not slot.is_sound:
        raise unprocessable("slot_invalid", "Waktu selesai harus setelah waktu mulai, paling lama 31 hari.")
    return slot


def range_of(start: datetime, end: datetime) -> Slot:
    """A range to look at; 422 where it has no length or is wider than 92 days."""
    if not _reaches(start, end, WIDEST_RANGE):
        raise unprocessable("range_invalid", "Rentang waktu harus maju dan paling lama 92 hari.")
    return Slot(start, end)


def _reaches(start: datetime, end: datetime, longest: timedelta) -> bool:
    return EARLIEST <= start < end <= LATEST and end - start <= longest


def _cut(instant: datetime) -> datetime:
    """To milliseconds, as they are stored, so that a slot compares the same before and after."""
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)
