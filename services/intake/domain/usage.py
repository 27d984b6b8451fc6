"""What letters take up, and what they save. Invariant: pure sums over letters; adding a letter twice is the store's to
prevent.

A page is saved for each office in the house that would have been sent a copy on paper, and a trip for each of them.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from statistics import linear_regression
from typing import Self

from services.contracts.vocabulary import Party
from services.intake.domain.letter import Letter

LOOKED_BACK = 12
"""Months the growth is told from: a year has its quiet and its busy ones."""
AHEAD = 12
FARTHEST_MONTHS = 50 * 12


@dataclass(frozen=True)
class Usage:
    """Letters, their files, pages and bytes; bytes of the copies made of them; pages and trips that were saved."""

    letters: int = 0
    files: int = 0
    pages: int = 0
    original_bytes: int = 0
    copied_bytes: int = 0
    pages_saved: int = 0
    trips_saved: int = 0

    def __add__(self, other: Self) -> "Usage":
        return Usage(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(Usage)))

    @property
    def bytes(self) -> int:
        """All that lies in the store."""
        return self.original_bytes + self.copied_bytes


@dataclass(frozen=True)
class Forecast:
    """Where it goes on like this: bytes a month, bytes in a year, and the first month that does not fit any more."""

    bytes_a_month: int
    bytes_in_a_year: int
    full_on: date | None


def usage_of(letter: Letter) -> Usage:
    """What one letter adds. One of practice takes room like any other, and saves nothing."""
    pages = sum(file.pages for file in letter.files)
    told = 0 if letter.training else sum(_on_paper(letter, party) for party in (*letter.addressees, *letter.copies))
    return Usage(
        letters=1,
        files=len(letter.files),
        pages=pages,
        original_bytes=sum(file.size for file in letter.files),
        pages_saved=pages * told,
        trips_saved=told,
    )


def forecast(months: Sequence[tuple[date, int]], capacity: int | None, today: date) -> Forecast | None:
    """From the bytes months added (a month's first day, bytes), the least-squares line through the last whole ones.

    A month may come in several parts, as of several units.

    None before two whole months have passed: a line through one point says nothing. Growth never counts as negative.
    """
    present = today.replace(day=1)
    whole = _every_month([one for one in months if one[0] < present], present)[-LOOKED_BACK:]
    if len(whole) < 2:
        return None
    slope, start = linear_regression(range(len(whole)), whole)
    ahead = [max(0.0, start + slope * (len(whole) + n)) for n in range(FARTHEST_MONTHS)]
    used = sum(added for _, added in months)
    return Forecast(
        bytes_a_month=round(sum(whole) / len(whole)),
        bytes_in_a_year=round(used + sum(ahead[:AHEAD])),
        full_on=_full_on(used, ahead, capacity, present),
    )


def _full_on(used: int, ahead: Sequence[float], capacity: int | None, present: date) -> date | None:
    if capacity is None:
        return None
    total = float(used)
    for number, added in enumerate(ahead):
        if total >= capacity:
            return _months_after(present, number)
        total += added
    return None


def _every_month(months: Sequence[tuple[date, int]], end: date) -> list[int]:
    """One figure for each month from the first to the one before ``end``; a month without letters has added nothing."""
    if not months:
        return []
    added: Counter[date] = Counter()
    for first, size in months:
        added[first] += size
    month, found = min(added), []
    while month < end:
        found.append(added[month])
        month = _months_after(month, 1)
    return found


def _months_after(month: date, count: int) -> date:
    number = month.year * 12 + month.month - 1 + count
    return date(number // 12, number % 12 + 1, 1)


def _on_paper(letter: Letter, party: Party) -> bool:
    """Whether the party is an office of the house other than the one whose book the letter is in."""
    return party.kind != "external" and party.id not in (letter.unit_id, letter.registered_by.position_id)
