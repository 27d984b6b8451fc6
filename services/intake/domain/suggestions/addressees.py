"""Whom a letter is for. Invariant: only units of the regency are suggested, and each once.

They stand behind ``Yth.`` or ``Kepada``, one a line or in a numbered list, above the place they are in.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.intake.domain.suggestions.directory import Directory
from services.intake.domain.suggestions.labels import Field, Sheet
from services.intake.domain.suggestions.rows import Span, joined
from services.intake.domain.suggestions.spelling import folded, looks
from services.intake.domain.suggestions.suggested import Named, Suggested

MOST = 20
LINES = 24
_YTH = re.compile(r"^[\W_]*(?:kepada\s*)?y\s?[ft]\s?[hnk]\b[\s.,:;]*", re.IGNORECASE)
_HONOURED = re.compile(r"^\W*(?:kepada\s+)?(?:yang\s+terhormat|yth\.?)[\s.,:;]*", re.IGNORECASE)
_HONOUR = re.compile(r"^\W*(?:(?:bapak|bpk|ibu|sdr|saudara)\b[\s./]*)+", re.IGNORECASE)
_TO = re.compile(r"^\W*k\s?e\s?p\s?a\s?d\s?a\b[\s.,:;]*", re.IGNORECASE)
_COPIES = re.compile(r"^\W*(?:tembusan|tindasan|cc)\b", re.IGNORECASE)
_NUMBERED = re.compile(r"^\W*\(?\d{1,2}\s?[.),]\s*")
_ENDS = re.compile(
    r"^\W*(?:di\b\s*[-–—:]?\s*(?:tempat|[A-Z]\w+)?\s*[-–—.]*$|di\s*[-–—]|di$|tempat\b|dengan hormat|om swas|"
    r"assalam|salam|perihal|hal\b|nomor|dalam rangka)",
    re.IGNORECASE,
)
_WHERE = re.compile(r"\s+di\s*[-–—:]?\s*[A-Z]?\w*\s*$")
_THROUGH = re.compile(r"\b(?:c\.?q\.?|u\.?p\.?)[\s.:]+.*$", re.IGNORECASE)
_GREETING = re.compile(r"^\W*(?:bapak\s*/\s*ibu(?:\s*/\s*saudara\w*)?|saudara/?i?)\W*$", re.IGNORECASE)


@dataclass(frozen=True)
class _Anchor:
    """Where whom it is for begins: the row, and what of it stands behind the word."""

    row: int
    x: float
    rest: Span | None


def addressees(sheet: Sheet, fields: Sequence[Field], directory: Directory) -> tuple[Suggested[Named], ...]:
    """The units behind the first ``Yth.`` or ``Kepada`` that leads to one."""
    end = next((index for index, row in enumerate(sheet.rows) if _COPIES.match(row.text)), len(sheet.rows))
    for anchor in _anchors(sheet, end):
        found = _units(_lines(sheet, anchor, end, fields), directory)
        if found:
            return found
    return ()


def copies(sheet: Sheet, directory: Directory) -> tuple[Suggested[Named], ...]:
    """The units listed below ``Tembusan``."""
    for index, row in enumerate(sheet.rows):
        if _COPIES.match(row.text):
            return _units(_listed(sheet.rows[index + 1 : index + 1 + LINES], row), directory)
    return ()


def _listed(rows: Sequence[Span], head: Span) -> list[Span]:
    lines: list[Span] = []
    last = head
    for row in rows:
        if row.y - last.y > 3.5 * max(1.0, row.height):
            break
        lines.append(row)
        last = row
    return lines


def _anchors(sheet: Sheet, end: int) -> Iterator[_Anchor]:
    """``Yth.`` before ``Kepada``: where both stand, what is between them is no name."""
    for pattern in (_YTH, _HONOURED, _TO):
        for index in range(min(end, 45)):
            for turn, piece in enumerate(sheet.pieces[index]):
                match = pattern.match(piece.text)
                if match is None or (pattern is _TO and len(piece.words) > 8):
                    continue
                behind = _behind(piece, match.end())
                if (
                    behind is None
                    and turn + 1 < len(sheet.pieces[index])
                    and _near(piece, sheet.pieces[index][turn + 1])
                ):
                    behind = sheet.pieces[index][turn + 1]
                yield _Anchor(index, piece.x, behind)


def _near(piece: Span, other: Span) -> bool:
    return other.x - piece.end < 14


def _behind(piece: Span, at: int) -> Span | None:
    rest = piece.text[at:]
    if not any(map(str.isalpha, rest)):
        return None
    return piece.part(at, len(piece.text))


def _lines(sheet: Sheet, anchor: _Anchor, end: int, fields: Sequence[Field]) -> list[Span]:
    """The lines of the block, down to where it says where they are, or where another begins."""
    lines = [anchor.rest] if anchor.rest is not None and not _GREETING.match(anchor.rest.text) else []
    last = sheet.rows[anchor.row]
    x = anchor.rest.x if anchor.rest else anchor.x
    for index in range(anchor.row + 1, min(anchor.row + LINES, end)):
        row = sheet.rows[index]
        if row.y - last.y > 3.2 * max(1.0, row.height) and lines:
            break
        piece = _in_column(sheet.pieces[index], anchor.x, x)
        if piece is None:
            continue
        if any(field.row == index and set(field.value.words) & set(piece.words) for field in fields):
            break
        if _ENDS.match(piece.text) and not _NUMBERED.match(piece.text):
            if lines:
                break
            continue
        if len(piece.words) > 14:
            break
        lines.append(piece)
        last = row
    return lines


def _in_column(pieces: Sequence[Span], left: float, inner: float) -> Span | None:
    """The piece of a row that stands in the block's column."""
    fit = [piece for piece in pieces if left - 1.5 < piece.x < inner + 8 and any(map(str.isalpha, piece.text))]
    return min(fit, key=lambda piece: abs(piece.x - inner), default=None)


def _units(lines: Sequence[Span], directory: Directory) -> tuple[Suggested[Named], ...]:
    """The units the lines name; a name may go on in the next line."""
    found: dict[str | None, Suggested[Named]] = {}
    index = 0
    while index < len(lines) and len(found) < MOST:
        match, used = _match(lines, index, directory)
        if match is not None:
            found.setdefault(match.value.unit_id, match)
        index += used
    return tuple(found.values())


def _match(lines: Sequence[Span], index: int, directory: Directory) -> tuple[Suggested[Named] | None, int]:
    """The best of this line alone and of it with those after it, and how many lines that takes."""
    best: Suggested[Named] | None = None
    used = 1
    for count in range(1, 4):
        part = lines[index : index + count]
        if len(part) < count or (count > 1 and _NUMBERED.match(part[-1].text)):
            break
        whole = joined(part)
        match = directory.find(meant(whole.text))
        if match and (best is None or match.confidence > best.confidence / 0.95 + 0.04):
            best, used = Suggested(match.unit, 0.95 * match.confidence, whole.spot, whole.text), count
    return best, used


def meant(text: str) -> str:
    """Who is meant, without number, honour, place and whoever it goes through."""
    bare = _NUMBERED.sub("", text)
    for pattern in (_TO, _YTH, _HONOURED):
        bare = pattern.sub("", bare)
    bare = _NUMBERED.sub("", _HONOUR.sub("", bare))
    bare = _WHERE.sub("", _THROUGH.sub("", bare))
    return "" if looks(bare) in (looks("tempat"), looks("arsip")) else folded(bare)
