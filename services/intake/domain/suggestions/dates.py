"""Dates and hours as letters write them. Invariant: what is returned is a day of the calendar or a time of the day."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from functools import cache

from rapidfuzz.distance import OSA

from services.intake.domain.suggestions.spelling import FIGURE, looks, number

MONTHS: tuple[tuple[str, ...], ...] = (
    ("januari", "jan"), ("februari", "pebruari", "feb", "peb"), ("maret", "mar", "mrt"), ("april", "apr"), ("mei",),
    ("juni", "jun"), ("juli", "jul"), ("agustus", "agt", "agust", "ags", "agu"), ("september", "sept", "sep"),
    ("oktober", "october", "okt"), ("november", "nopember", "nov", "nop"), ("desember", "december", "des"),
)  # fmt: skip
WEEKDAYS: tuple[tuple[str, ...], ...] = (
    ("senin",), ("selasa",), ("rabu",), ("kamis",), ("jumat", "jum'at", "jumaat"), ("sabtu",), ("minggu", "ahad"),
)  # fmt: skip
EARLIEST, LATEST = 1990, 2099
UNTIL = r"(?:s\.?\s?/?\s?d\.?|sampai(?:\s+dengan)?|hingga|[-–—])"
_YEAR = rf"(?P<year>[12l][{FIGURE}]{{3}})(?![0-9])"
_WORDS = re.compile(
    rf"(?<![0-9/.\-])(?P<day>[{FIGURE}]{{1,2}})(?:\s*(?P<until>{UNTIL})\s*(?P<last>[{FIGURE}]{{1,2}}))?"
    rf"[\s.,]*(?P<month>[A-Za-z|!01]{{3,10}})[.,]?(?:[\s,]*{_YEAR})?"
)
_FIGURES = re.compile(
    rf"(?<![0-9/.\-])(?P<day>[{FIGURE}]{{1,2}})\s?(?P<mark>[-/.])\s?(?P<month>[{FIGURE}]{{1,2}})\s?(?P=mark)\s?{_YEAR}"
)
_HOUR = re.compile(
    rf"(?<![\w/.])(?P<hour>[{FIGURE}]{{1,2}})\s?[.:,]\s?(?P<minute>[{FIGURE}]{{2}})(?![0-9/]|\s?[.:]\s?[0-9])"
)


@dataclass(frozen=True)
class FoundDate:
    """A date in a text, from ``start`` to ``end`` of it. ``spelt``: its month is a word; without year it has none."""

    start: int
    end: int
    day: int
    month: int
    year: int | None
    spelt: bool
    exact: bool
    first_day: int | None = None
    """Of several days in one month, the first; ``day`` is the last then."""

    def on(self, year: int | None = None) -> date | None:
        """The day, in its year or in this one; None where there is no such day."""
        return _day(self.year or year, self.month, self.day)

    def from_day(self, year: int | None = None) -> date | None:
        """The first of its days."""
        return _day(self.year or year, self.month, self.first_day or self.day)


def _day(year: int | None, month: int, day: int) -> date | None:
    if year is None:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def dates_in(text: str) -> list[FoundDate]:
    """The dates, in the order in which they stand."""
    found = [one for match in _WORDS.finditer(text) if (one := _spelt(match))]
    taken = [(one.start, one.end) for one in found]
    for match in _FIGURES.finditer(text):
        one = _figured(match)
        if one and not any(start < one.end and one.start < end for start, end in taken):
            found.append(one)
    return sorted(found, key=lambda one: one.start)


def _spelt(match: re.Match[str]) -> FoundDate | None:
    month, exact = month_of(match["month"])
    day = number(match["last"] or match["day"])
    first = number(match["day"]) if match["last"] else None
    year = number(match["year"]) if match["year"] else None
    if month is None or day is None or not 1 <= day <= 31 or (year and not EARLIEST <= year <= LATEST):
        return None
    if first is not None and not 1 <= first <= day:
        return None
    return FoundDate(match.start(), match.end(), day, month, year, True, exact, first)


def _figured(match: re.Match[str]) -> FoundDate | None:
    day, month, year = (number(match[one]) for one in ("day", "month", "year"))
    if day is None or month is None or year is None or not EARLIEST <= year <= LATEST:
        return None
    if not (1 <= day <= 31 and 1 <= month <= 12):
        return None
    return FoundDate(match.start(), match.end(), day, month, year, False, True)


@cache
def month_of(word: str) -> tuple[int | None, bool]:
    """The month this word names, and whether it does so letter for letter."""
    return _nearest(word, MONTHS, shortest=3)


@cache
def weekday_of(word: str) -> int | None:
    """The day of the week this word names, Monday being 0."""
    return _nearest(word, WEEKDAYS, shortest=4)[0]


def _nearest(word: str, names: tuple[tuple[str, ...], ...], *, shortest: int) -> tuple[int | None, bool]:
    """The only one that this word is, or that it is but a letter away from; months count from 1, and so does this."""
    base = 1 if names is MONTHS else 0
    seen = looks(word)
    if len(seen) < shortest:
        return None, False
    for index, group in enumerate(names, base):
        if any(seen == looks(one) for one in group):
            return index, True
    near = {
        index
        for index, group in enumerate(names, base)
        for one in group
        if len(one) >= 4 and OSA.distance(seen, looks(one)) <= (1 if len(one) < 7 else 2)
    }
    return (near.pop(), False) if len(near) == 1 else (None, False)


def hours_in(text: str) -> Iterator[tuple[int, int, time]]:
    """Times of the day: from where to where in the text, and which."""
    for match in _HOUR.finditer(text):
        hour, minute = number(match["hour"]), number(match["minute"])
        if hour is not None and minute is not None and hour < 24 and minute < 60:
            yield match.start(), match.end(), time(hour, minute)
