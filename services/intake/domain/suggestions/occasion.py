"""When and where an invitation invites to. Invariant: no time without its day, and no end where none is said.

``s.d. selesai`` ends when it ends: then no end is suggested.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, timezone, tzinfo

from services.intake.domain.suggestions.dates import UNTIL, FoundDate, dates_in, hours_in, weekday_of
from services.intake.domain.suggestions.labels import Field, Sheet, bare_value
from services.intake.domain.suggestions.rows import Span, joined
from services.intake.domain.suggestions.subject import tidy
from services.intake.domain.suggestions.suggested import Suggested

ZONES: dict[str, tzinfo] = {
    "wib": timezone(timedelta(hours=7)), "wita": timezone(timedelta(hours=8)), "wit": timezone(timedelta(hours=9)),
}  # fmt: skip
_ZONE = re.compile(r"\b[wv][il1|]?(?:ta|t|b)\b", re.IGNORECASE)
_UNTIL = re.compile(rf"^\W*{UNTIL}\W*$", re.IGNORECASE)
_WEEKDAY = re.compile(r"[A-Za-z'’|0-9]{4,8}")
_HOURS = re.compile(r"\b(?:puku[l1|]|jam|waktu)\b", re.IGNORECASE)
_AT = re.compile(r"\b(?:bertempat\s+d[il1|]|tempat\s*:|bertempat\s+pada)\s*", re.IGNORECASE)
_STOP = re.compile(
    r"(?<!\bJl)(?<!\bLt)(?<!\bNo)(?<!\bBr)(?<!\bKec)(?<!\bKab)\.(?:\s|$)|;|"
    r"\s(?:[Dd]alam rangka|[Dd]engan acara|[Aa]cara|Agenda|Pakaian|Keperluan|Catatan|Atas|Demikian|Mengingat|Untuk)\b"
)


@dataclass(frozen=True)
class Occasion:
    """What was found of it, and in which rows it stands."""

    place: Suggested[str] | None = None
    starts_at: Suggested[datetime] | None = None
    ends_at: Suggested[datetime] | None = None
    rows: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return self.starts_at is not None


def occasion(sheet: Sheet, fields: Sequence[Field], zone: tzinfo, written: date | None) -> Occasion:
    """What its rows say (``Hari/tanggal``, ``Pukul``, ``Tempat``), else what a sentence says."""
    return _in_rows(fields, zone, written) or _in_sentence(sheet, zone, written)


def occasion_rows(fields: Sequence[Field]) -> frozenset[int]:
    """Rows that speak of the occasion: of a day with its hours close to it."""
    hours = [one.row for one in fields if one.label == "hours"]
    near = {
        one.row for one in fields if one.label in ("day", "date") and any(-1 <= row - one.row <= 4 for row in hours)
    }
    return frozenset(near)


def _in_rows(fields: Sequence[Field], zone: tzinfo, written: date | None) -> Occasion:
    rows = occasion_rows(fields)
    day = next((one for one in fields if one.row in rows and one.label in ("day", "date")), None)
    if day is None:
        return Occasion()
    near = [one for one in fields if -2 <= one.row - day.row <= 8]
    hours = next((one for one in near if one.label == "hours"), None)
    place = next((one for one in near if one.label == "place" and one.row > day.row - 1), None)
    found = _when(day.value, hours.value if hours else None, zone, written, 0.95)
    if place is not None:
        text = tidy(bare_value(place.value.text))
        found = replace(found, place=Suggested(text, 0.9, place.value.spot, place.value.text) if text else None)
    return replace(found, rows=rows)


def _in_sentence(sheet: Sheet, zone: tzinfo, written: date | None) -> Occasion:
    """``pada hari Senin, tanggal 12 Mei 2025, pukul 09.00 WITA, bertempat di …``."""
    for index, row in enumerate(sheet.rows):
        if not _HOURS.search(row.text):
            continue
        around = joined(sheet.rows[max(0, index - 2) : index + 4])
        hour = _HOURS.search(around.text)
        if hour is None or not any(True for _ in hours_in(around.text[hour.start() :])):
            continue
        before = around.part(0, hour.start())
        days = [one for one in dates_in(before.text) if _weekday_before(before.text, one) is not None]
        if not days:
            continue
        behind = around.part(hour.start(), len(around.text))
        found = _when(before, behind, zone, written, 0.85)
        return replace(found, place=_place(around, hour.start()))
    return Occasion()


def _place(around: Span, start: int) -> Suggested[str] | None:
    match = _AT.search(around.text, start) or _AT.search(around.text)
    if match is None:
        return None
    rest = around.text[match.end() :]
    stop = _STOP.search(rest)
    text = tidy(rest[: stop.start()] if stop else rest)
    if not text or len(text) > 150:
        return None
    spot = around.part(match.end(), match.end() + len(rest[: stop.start()] if stop else rest)).spot
    return Suggested(text, 0.8 if stop else 0.5, spot, text)


def _when(day: Span, hours: Span | None, zone: tzinfo, written: date | None, sure: float) -> Occasion:
    found = [one for one in dates_in(day.text) if one.spelt or len(day.words) <= 4]
    named = [one for one in found if _weekday_before(day.text, one) is not None] or found
    if not named:
        return Occasion()
    first, last, factor = _days(day.text, named, written)
    if first is None or last is None:
        return Occasion()
    times = list(hours_in(hours.text)) if hours else []
    if not times or hours is None:
        return Occasion()
    local = _zone_of(hours.text, zone)
    dated = day.part(named[0].start, named[-1].end)
    told = joined((dated, hours.part(times[0][0], times[0][1])))
    starts = Suggested(datetime.combine(first, times[0][2], local), sure * factor, told.spot, told.text)
    ends = _end(times, hours, last, local)
    if ends is None or ends <= starts.value:
        return Occasion(starts_at=starts)
    until = hours.part(times[0][0], times[1][1])
    return Occasion(starts_at=starts, ends_at=Suggested(ends, 0.95 * sure * factor, until.spot, until.text))


def _end(times: Sequence[tuple[int, int, time]], hours: Span, last: date, zone: tzinfo) -> datetime | None:
    """The second time, where nothing but "until" is between it and the first."""
    if len(times) < 2:
        return None
    between = _ZONE.sub("", hours.text[times[0][1] : times[1][0]])
    between = re.sub(r"\b(?:pukul|jam)\b", "", between, flags=re.IGNORECASE)
    return datetime.combine(last, times[1][2], zone) if _UNTIL.match(between) else None


def _days(text: str, found: Sequence[FoundDate], written: date | None) -> tuple[date | None, date | None, float]:
    """From which day until which, and how sure that is; a day without year is the first after the letter's date."""
    begin = found[0]
    finish = found[1] if len(found) > 1 and _UNTIL.match(text[begin.end : found[1].start]) else begin
    year = begin.year or finish.year
    first = begin.from_day(year) if year else _next(begin, written)
    last = finish.on(finish.year or (first.year if first else None))
    factor = 1.0 if begin.exact else 0.85
    told = _weekday_before(text, begin)
    if first and told is not None:
        factor *= 1.0 if first.weekday() == told else 0.6
    return first, last, factor * (1.0 if year else 0.85)


def _next(one: FoundDate, written: date | None) -> date | None:
    if written is None:
        return None
    for year in (written.year, written.year + 1):
        day = one.from_day(year)
        if day and day >= written:
            return day
    return None


def _weekday_before(text: str, one: FoundDate) -> int | None:
    """The first day of the week named shortly before the date."""
    words = [match[0] for match in _WEEKDAY.finditer(text[max(0, one.start - 45) : one.start])]
    named = [day for word in words if (day := weekday_of(word)) is not None]
    return named[0] if named else None


def _zone_of(text: str, zone: tzinfo) -> tzinfo:
    match = _ZONE.search(text)
    if match is None:
        return zone
    said = match[0].lower()
    return ZONES["wita"] if said.endswith("ta") else ZONES["wib"] if said.endswith("b") else ZONES["wit"]
