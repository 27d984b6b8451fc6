"""What stands behind a label: ``Nomor : …``, ``Perihal : …``. Invariant: a value is what stands behind its own label.

A label begins a row or a column. Its value goes on below itself, as far as nothing begins further left.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeAlias

from services.intake.domain.suggestions.columns import Columns
from services.intake.domain.suggestions.rows import Placed, Span, joined
from services.intake.domain.suggestions.spelling import alike, folded

Label: TypeAlias = Literal[
    "number", "nature", "enclosures", "subject", "date", "day", "hours", "place", "to", "from", "matter", "unread"
]
LABELS: dict[Label, tuple[str, ...]] = {
    "number": ("nomor", "nomer", "no", "nomor surat", "no surat"),
    "nature": ("sifat", "sifat surat"),
    "enclosures": ("lampiran", "lamp", "lampiran surat"),
    "subject": ("perihal", "hal", "prihal"),
    "day": ("hari tanggal", "hari tgl", "hari", "hari dan tanggal"),
    "date": ("tanggal", "tgl", "tanggal surat", "pada tanggal"),
    "hours": ("pukul", "waktu", "jam"),
    "place": ("tempat", "bertempat di", "bertempat", "lokasi", "ruang"),
    "to": ("kepada",),
    "from": ("dari",),
    "matter": ("acara", "agenda", "kegiatan"),
}
_NAMES = tuple((name.replace(" ", ""), label) for label, names in LABELS.items() for name in names)
LONGEST = 30
"""Letters of a label; no more of a page is looked at as one."""
COLONS = ":;=»"
BARE: frozenset[Label] = frozenset({"number", "nature", "enclosures", "subject"})
"""Labels whose colon may have been lost in recognition."""
BORDERS = ("|", "||", "¦")
"""What lines of a table come back as."""
APART = 0.8
"""Without a colon, a value stands this far from its label at least: ``Hal ini`` is no label."""
LINE = 2.1
"""As far below, in heights, as a line that goes on may stand."""
WRAPPED: frozenset[Label] = frozenset({"number", "subject"})
"""Labels whose values may go on below the label itself; below others a sentence begins."""
HEAD = 45.0
"""How far down, in heights, a letter's head may reach."""


@dataclass(frozen=True)
class Field:
    """A label and its value; ``row`` is the row it stands in. ``colon``: there is one between them."""

    label: Label
    row: int
    named: Span
    value: Span
    colon: bool


@dataclass(frozen=True)
class _Named:
    """A label in a row: from which word, how many words, and how many more are its colon."""

    label: Label
    start: int
    length: int
    colons: int

    @property
    def behind(self) -> int:
        return self.start + self.length + self.colons


class Sheet:
    """A page, in rows, with the columns of its head."""

    def __init__(self, rows: Sequence[Span]) -> None:
        self.rows = list(rows)
        self.columns = Columns(self.rows)
        self.pieces = [self.columns.pieces(row) for row in self.rows]
        self._colons = _leading_colons(self.rows)
        self._colons += [
            row.words[one.start + one.length] for row in self.rows for one in self._named(row) if one.colons
        ]

    def fields(self) -> list[Field]:
        """All labels with their values, from the top down."""
        found = [field for index in range(len(self.rows)) for field in self._in_row(index)]
        return [one for one in found if one.colon or _apart(one) or _stacked(one, found)]

    def _in_row(self, index: int) -> Iterator[Field]:
        row = self.rows[index]
        for one in self._named(row):
            value = self._value(row.words[one.behind :])
            if not value:
                continue
            named = Span(row.words[one.start : one.start + max(1, one.length)])
            told = one.colons > 0 or named.text[-1] in COLONS or one.length == 0
            if told or one.label in BARE:
                yield Field(one.label, index, named, self._with_more(index, one.label, named, Span(value)), told)

    def _named(self, row: Span) -> Iterator[_Named]:
        """The labels with which the row, or a column in it, begins."""
        for start, word in enumerate(row.words):
            begins = start == 0 or word.x - row.words[start - 1].end > 1.2 or (row.words[start - 1].text in BORDERS)
            if begins and (found := self._label(row.words, start)):
                yield found

    def _label(self, words: Sequence[Placed], start: int) -> _Named | None:
        for length in (4, 3, 2, 1):
            part = words[start : start + length]
            text = " ".join(word.text for word in part)
            if len(part) < length or any(sign in text[:-1] for sign in COLONS):
                continue
            colons = self._colons_at(words, start + length)
            if length > 1 and not colons and text[-1] not in COLONS:
                continue
            label = _named_by(text)
            if label:
                return _Named(label, start, length, colons)
        return self._unread(words, start) or _grown_together(words[start], start)

    def _unread(self, words: Sequence[Placed], start: int) -> _Named | None:
        """A colon below other colons, where the label before it was lost or cannot be read."""
        if start or not self._colons or words[0].y > HEAD:
            return None
        for at in range(min(3, len(words))):
            word = words[at]
            if word.text in COLONS and any(abs(one.x - word.x) < 1.5 for one in self._colons):
                return _Named("unread", start, at, 1)
        return None

    def _colons_at(self, words: Sequence[Placed], at: int) -> int:
        """How many words from here on are a colon: itself, dirt around it, or what it was misread as."""
        found = at
        while found < min(at + 2, len(words)) and self._colon(words[found]):
            found += 1
        return found - at

    def _colon(self, word: Placed) -> bool:
        if not any(symbol.isalnum() for symbol in word.text):
            return len(word.text) <= 2 and word.text not in "()"
        below = [one for one in self._colons if abs(one.x - word.x) < 1.0 and abs(one.y - word.y) < 12]
        return len(word.text) == 1 and bool(below)

    def _value(self, words: Sequence[Placed]) -> tuple[Placed, ...]:
        """From the first word behind the colon until the next column begins."""
        rest: list[Placed] = []
        for word in words:
            if rest and (self.columns.begins(rest[-1], word) or _border(rest[-1], word)):
                break
            if rest or any(symbol.isalnum() or symbol in "-–(" for symbol in word.text):
                rest.append(word)
        return tuple(rest)

    def _with_more(self, index: int, label: Label, named: Span, value: Span) -> Span:
        """The value with the lines on which it goes on; between them may stand lines of another column."""
        lines, last = [value], value
        for below in range(index + 1, min(index + 9, len(self.rows))):
            if self.rows[below].y - last.y > LINE * max(1.0, value.height):
                break
            if self._begun(below, named, value):
                more = self._wrapped(below, named, last) if label in WRAPPED else None
                if more is None:
                    break
            else:
                more = self._going_on(below, value, last)
            if more is not None:
                lines.append(more)
                last = more
        return joined(lines)

    def _begun(self, below: int, named: Span, value: Span) -> bool:
        """Whether something else begins left of the value."""
        left = [word for word in self.rows[below].words if named.x - 1.5 < word.x < value.x - 1.2]
        return any(any(map(str.isalpha, word.text)) for word in left)

    def _wrapped(self, below: int, named: Span, last: Span) -> Span | None:
        """The next line below the label itself, where the word with which it begins had no room on the line before."""
        if not 0.7 < self.rows[below].y - last.y < LINE * max(1.0, last.height):
            return None
        for piece in self.pieces[below]:
            first = piece.words[0]
            if abs(piece.x - named.x) > 1.2:
                continue
            room = self._right_of(below, last) - last.words[-1].end
            full = room < first.end - first.x + 1.0
            return piece if full and self._label(piece.words, 0) is None else None
        return None

    def _right_of(self, below: int, last: Span) -> float:
        """How far a line may reach: to the next column, or as far as any does."""
        near = [piece for pieces in self.pieces[max(0, below - 5) : below + 4] for piece in pieces[1:]]
        beside = [piece.x - 1.0 for piece in near if piece.x > last.words[-1].end]
        return min([*beside, max(row.end for row in self.rows)])

    def _going_on(self, below: int, value: Span, last: Span) -> Span | None:
        """What of a row stands below the value, in its column."""
        pieces = self.pieces[below]
        first = next((turn for turn, piece in enumerate(pieces) if abs(piece.x - value.x) < 1.8), None)
        if first is None or self.rows[below].y - last.y < 0.7:
            return None
        words: list[Placed] = []
        for piece in pieces[first:]:
            if words and piece.x - words[-1].end > 2.2:
                break
            words.extend(piece.words)
        return Span(tuple(words)) if any(map(str.isalpha, Span(tuple(words)).text)) else None


def _apart(field: Field) -> bool:
    return field.value.x - field.named.end > APART


def _stacked(field: Field, fields: Sequence[Field]) -> bool:
    """Whether labels stand above and below it: then it is one too, though nothing parts it from its value."""
    near = {one.label for one in fields if abs(one.named.x - field.named.x) < 1.0 and abs(one.row - field.row) <= 6}
    return len(near & BARE) >= 3


def _border(before: Placed, word: Placed) -> bool:
    """A line of a table; close to other words it is a letter that was misread."""
    return word.text in BORDERS and word.x - before.end > 0.6


def _leading_colons(rows: Sequence[Span]) -> list[Placed]:
    """Colons with which rows begin, below each other: their labels were lost, all of them."""
    leading = [row.words[0] for row in rows if row.words[0].text in COLONS and row.y < HEAD]
    return [one for one in leading if sum(abs(other.x - one.x) < 1.5 for other in leading) >= 2]


def _named_by(text: str) -> Label | None:
    return _label_of(folded(text.strip(" .:;=»|_-")).replace(" ", "")) if len(text) <= LONGEST else None


@lru_cache(maxsize=4096)
def _label_of(bare: str) -> Label | None:
    """The label these letters are; most words of a page are asked about, many of them often."""
    return next((label for name, label in _NAMES if alike(bare, name)), None) if bare else None


def _grown_together(word: Placed, start: int) -> _Named | None:
    """``Nomor:005/…`` came back as one word: the label is not parted from it, but told."""
    head, colon, rest = word.text.partition(":")
    label = _named_by(head) if colon and rest else None
    return _Named(label, start, 0, 0) if label else None


def bare_value(text: str) -> str:
    """What was read as a value, without a colon that grew together with it."""
    head, colon, rest = text.partition(":")
    return (rest if colon and _named_by(head) else text).strip().lstrip(COLONS + ". ").strip()
