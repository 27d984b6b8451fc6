"""The date of a letter. Invariant: a date in a sentence, or of what the letter invites to, is not the letter's own.

It stands behind a place (``Semarapura, 12 Mei 2025``), behind a label, or alone; at the head, or where it was signed.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from services.intake.domain.suggestions.dates import EARLIEST, LATEST, FoundDate, dates_in, weekday_of
from services.intake.domain.suggestions.labels import Field, Sheet
from services.intake.domain.suggestions.rows import Span
from services.intake.domain.suggestions.spelling import number
from services.intake.domain.suggestions.suggested import Suggested

_PLACE = re.compile(r"^\W*[A-Z][\w.'-]*(?:\s[A-Z][\w.'-]*){0,3}\s?[,.]\s?\W*$")
_DECIDED = re.compile(r"\b(?:ditetapkan|dikeluarkan|dibuat|diundangkan)\b", re.IGNORECASE)
_SIGNED = re.compile(r"(?:^|\s)(?:pada\s+)?(?:tanggal|tgl)\W*$", re.IGNORECASE)


def letter_date(sheet: Sheet, fields: Sequence[Field], occasion_rows: frozenset[int]) -> Suggested[date] | None:
    """The likeliest, or None."""
    found = [*_standing(sheet, occasion_rows), *_labelled(fields, occasion_rows)]
    return max(found, key=lambda one: one.confidence, default=None)


def _standing(sheet: Sheet, occasion_rows: frozenset[int]) -> Iterator[Suggested[date]]:
    for index, pieces in enumerate(sheet.pieces):
        if index in occasion_rows:
            continue
        for piece in pieces:
            for one in dates_in(piece.text):
                sure = _alone(piece.text, one) * (1.0 if _signed_here(sheet, index, piece.text, one) else 0.4)
                if one.year is None and one.spelt and (year := _year_below(sheet, index, piece)):
                    one = replace(one, year=year)
                if sure and (day := one.on()) and one.first_day is None:
                    yield _suggested(piece, one, day, sure)


def _year_below(sheet: Sheet, index: int, piece: Span) -> int | None:
    """The year, where the line broke before it."""
    for below in sheet.pieces[index + 1] if index + 1 < len(sheet.pieces) else ():
        if abs(below.x - piece.x) < 1.3 and len(below.words) == 1 and len(below.text) == 4:
            year = number(below.text)
            return year if year and EARLIEST <= year <= LATEST else None
    return None


def _signed_here(sheet: Sheet, index: int, text: str, one: FoundDate) -> bool:
    """A line may begin with "tanggal 3 Mei 2025" and go on a sentence; where it was signed, the place stands above."""
    if not _SIGNED.search(text[: one.start].strip()):
        return True
    return index > 0 and bool(_DECIDED.search(sheet.rows[index - 1].text))


def _alone(text: str, one: FoundDate) -> float:
    """How sure a date is the letter's by what stands before and behind it in its column."""
    before, behind = text[: one.start].strip(), text[one.end :].strip(" .,;:|'’_-—")
    if any(symbol.isalpha() for symbol in behind) and len(behind) > 2:
        return 0.0
    if _PLACE.match(text[: one.start]):
        return 0.95
    if not any(symbol.isalnum() for symbol in before):
        return 0.8
    if _SIGNED.search(before) and len(before.split()) <= 3:
        return 0.9
    if before.endswith(",") and len(before.split()) <= 4 and weekday_of(before.split()[-1]) is None:
        return 0.85
    return 0.0


def _labelled(fields: Sequence[Field], occasion_rows: frozenset[int]) -> Iterator[Suggested[date]]:
    for field in fields:
        if field.label != "date" or field.row in occasion_rows:
            continue
        for one in dates_in(field.value.text)[:1]:
            if (day := one.on()) and weekday_of(field.value.text.split()[0].strip(",")) is None:
                yield _suggested(field.value, one, day, 0.93)


def _suggested(span: Span, one: FoundDate, day: date, sure: float) -> Suggested[date]:
    sure *= 1.0 if one.exact else 0.85
    text = span.text[one.start : one.end]
    return Suggested(day, sure, span.part(one.start, one.end).spot, text)
