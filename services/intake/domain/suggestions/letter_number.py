"""The sender's number. Invariant: characters are changed only where a figure must stand, or a roman month."""

import re
from collections.abc import Sequence

from rapidfuzz.distance import OSA

from services.intake.domain.suggestions.labels import Field, Sheet, bare_value
from services.intake.domain.suggestions.rows import Span
from services.intake.domain.suggestions.spelling import figures
from services.intake.domain.suggestions.suggested import Suggested

LONGEST = 80
_ENDS = re.compile(r"\s+(?:tanggal|tgl|tentang|perihal|hal|sifat|lampiran|lamp)\b.*$", re.IGNORECASE)
_AROUND = re.compile(r"\s*([/])\s*")
_PART = re.compile(r"([^/.\-\s]+)")
_NUMBER = re.compile(r"^[A-Za-z0-9][A-Za-z0-9.\-/ ()_]*$")
_LOOSE = re.compile(r"(?<![\w/])[A-Z0-9][\w.\-]*(?:\s?/\s?[\w.\-]+){2,7}(?![\w/])")
_FIGURES = re.compile(r"^[0-9OoQlI|!SBZ]+$")
_ROMAN = re.compile(r"^[IVXlivx1|!]{1,5}$")
_ORDERED = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_ROMANS = frozenset(_ORDERED)
_DIRT = re.compile(r"^\S{1,2}\s+")
_SPILT = re.compile(r"\s+[a-z]+\W*$")
"""A word of the next column; numbers have no small words."""


def letter_number(sheet: Sheet, fields: Sequence[Field]) -> Suggested[str] | None:
    """The number behind the first label of a number, or what looks like one near the top."""
    found = [one for one in map(_labelled, fields) if one]
    best = max(found, key=lambda one: one.confidence, default=None)
    return best or _loose(sheet)


def in_month(found: Suggested[str] | None, month: int | None) -> Suggested[str] | None:
    """The number with its roman month read as the month in which the letter was written, where it looks like it."""
    if found is None or month is None:
        return found
    parts = found.value.split("/")
    roman = _ORDERED[month - 1]
    for index in range(1, len(parts)):
        part = parts[index].strip()
        if part != roman and _beside_year(parts, index) and _misread(part, roman):
            parts[index] = roman
            return found.of("/".join(parts))
        if part in _ROMANS and part != roman and _beside_year(parts, index):
            return found.of(found.value, 0.7)
    return found


def _beside_year(parts: Sequence[str], index: int) -> bool:
    return index + 1 < len(parts) and parts[index + 1].strip()[:2] in ("19", "20")


def _misread(part: str, roman: str) -> bool:
    """Whether this is no other month, and may be what was read of this one."""
    if part.isdigit() and len(part) > 1 and int(part) == _ORDERED.index(roman) + 1:
        return False
    if _upright(part) == _upright(roman):
        return True
    strokes = set(part.upper()) <= set("IVXLTJWUNMHY1|!")
    return (
        strokes
        and not part.isdigit()
        and part not in _ROMANS
        and len(roman) > 1
        and OSA.distance(_upright(part), _upright(roman)) <= 1
    )


def _upright(part: str) -> str:
    """As it looks, where strokes are all that is left of it."""
    return part.upper().translate(str.maketrans("1LT|!J", "IIIIII"))


def _labelled(field: Field) -> Suggested[str] | None:
    if field.label not in ("number", "unread"):
        return None
    text = bare_value(field.value.text)
    value = mended(_SPILT.sub("", _ENDS.sub("", text)))
    if (dirt := _DIRT.match(value)) and _LOOSE.fullmatch(value[dirt.end() :]):
        value = value[dirt.end() :]  # what stood before it was a colon
    if field.label == "unread" and not _LOOSE.fullmatch(value):
        return None
    if not any(symbol.isdigit() for symbol in value) or len(value) > LONGEST or not _NUMBER.match(value):
        return None
    sure = 0.96 if value.count("/") >= 2 else 0.9 if "/" in value else 0.6
    if field.row > 25:
        sure *= 0.6
    if not field.colon or field.label == "unread":
        sure *= 0.85
    if value[-1] in "/-.":
        sure *= 0.6  # the rest of it was lost
    # A sentence that happens to begin with the word.
    if len(value.split()) > 4 or re.search(r"\b(?:tahun|tentang|dan)\b", value, re.IGNORECASE):
        sure *= 0.4
    return Suggested(value, sure, field.value.spot, text)


def _loose(sheet: Sheet) -> Suggested[str] | None:
    for row in sheet.rows[:18]:
        match = _LOOSE.search(row.text)
        if match and any(symbol.isdigit() for symbol in match[0]):
            return Suggested(mended(match[0]), 0.45, row.part(*match.span()).spot, match[0])
    return None


def mended(text: str) -> str:
    """The number as it must have been printed."""
    value = _AROUND.sub(r"\1", text.strip(" .,:;|_'\"“”‘’")).replace("|", "I")
    parts = _PART.split(value)
    words = [index for index, part in enumerate(parts) if index % 2]
    for turn, index in enumerate(words):
        parts[index] = _part(parts[index], last=turn == len(words) - 1, first=turn == 0)
    return "".join(parts)


def _part(part: str, *, last: bool, first: bool) -> str:
    if _FIGURES.match(part) and any(symbol.isdigit() for symbol in part) and not (first and part[0].isalpha()):
        if not last and (roman := _roman(part)) and not part.isdigit():
            return roman
        return figures(part)
    return (_roman(part) or part) if not (first or last) else part


def _roman(part: str) -> str | None:
    """The roman month this is, where it can be one."""
    if not _ROMAN.match(part) or part.isdigit():
        return None
    read = part.upper().replace("L", "I").replace("1", "I").replace("|", "I").replace("!", "I")
    return read if read in _ROMANS and (len(part) > 1 or part.isupper()) else None


def title_number(row: Span) -> Suggested[str] | None:
    """The number in a row such as ``NOMOR 12 TAHUN 2025`` or ``NOMOR : 094/…`` below a title."""
    match = re.search(r"\bn[o0]m[o0]r\b\s*[:;.=]?\s*(.+)$", row.text, re.IGNORECASE)
    if match is None:
        return None
    value = mended(match[1])
    if not any(symbol.isdigit() for symbol in value) or len(value) > LONGEST:
        return None
    return Suggested(value, 0.93, row.part(match.start(1), match.end(1)).spot, match[1])
