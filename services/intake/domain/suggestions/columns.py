"""Columns of a letter's head. Invariant: what stands in one column is never taken for the rest of another's line.

A head has the number and the subject on the left and the date and the addressee on the right, with nothing but space
between; a justified line has space too. A column is where rows begin one below the other after space.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from services.intake.domain.suggestions.rows import Placed, Span

WIDE = 4.0
"""Space, in heights of a line, that parts columns by itself."""
NARROW = 1.3
ALIGNED = 0.8
NEAR = 14.0
"""How far down, in heights, the rows of a column follow each other."""

_ADDRESSED = re.compile(r"^(?:kepada|yth)\b", re.IGNORECASE)


class Columns:
    """Where, on a page, rows begin after space."""

    def __init__(self, rows: Sequence[Span]) -> None:
        self._begun: dict[int, list[Placed]] = {}
        for row in rows:
            self._note(row.words[0])
            for before, word in pairwise(row.words):
                if word.x - before.end > NARROW and not _sign(word) and not _sign(before):
                    self._note(word)

    def _note(self, word: Placed) -> None:
        self._begun.setdefault(int(word.x // 1), []).append(word)

    def begins(self, before: Placed, word: Placed) -> bool:
        """Whether a new column begins with ``word``, which stands behind ``before``."""
        gap = word.x - before.end
        if gap > WIDE or (gap > NARROW and _ADDRESSED.match(word.text)):
            return True
        if gap <= NARROW or _sign(word) or _sign(before):
            return False
        below = [
            one
            for at in (int(word.x // 1) - 1, int(word.x // 1), int(word.x // 1) + 1)
            for one in self._begun.get(at, ())
            if one is not word and abs(one.x - word.x) < ALIGNED and abs(one.y - word.y) < NEAR
        ]
        return len(below) >= (2 if gap > 2.2 else 3)

    def pieces(self, row: Span) -> list[Span]:
        """The row, parted into columns."""
        parts: list[list[Placed]] = [[row.words[0]]]
        for before, word in pairwise(row.words):
            if self.begins(before, word) or (before.text in "|¦" and word.x - before.end > 0.6):
                parts.append([])
            parts[-1].append(word)
        return [Span(tuple(part)) for part in parts]


def _sign(word: Placed) -> bool:
    """A colon, or dirt, between a label and its value: no text of a column."""
    return not any(symbol.isalnum() for symbol in word.text)
