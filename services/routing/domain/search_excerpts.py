"""Passages that show why a letter was found. Invariant: plain text in pieces, so that nothing a letter says can be
taken for markup; the pieces joined are the passage.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from services.routing.domain.search_engine import Excerpt, Piece
from services.routing.domain.search_words import words

LENGTH = 220
BEFORE = 40
_SPACES = re.compile(r"\s+")
CUT = "…"
Wanted: TypeAlias = Callable[[str], bool]
"""Whether a word, in its plain form, is one that was asked for."""


@dataclass(frozen=True, order=True)
class Passage:
    """Where in a text the most of what was asked for stands together; the more different words, the greater."""

    words: int
    name: str = field(compare=False)
    text: str = field(compare=False)
    start: int = field(compare=False)

    @classmethod
    def best(cls, name: str, text: str, places: Iterable[tuple[int, str]]) -> "Passage":
        """The best passage, by where which stem begins."""
        ordered = sorted(place for place in places if place[0] < len(text))
        most, first = 0, 0
        for number, (start, _) in enumerate(ordered):
            reach = start + LENGTH - 2 * BEFORE
            near = {found for place, found in ordered[number:] if place < reach}
            if len(near) > most:
                most, first = len(near), start
        return cls(most, name, text, first)


def excerpt(name: str, text: str, wanted: Wanted) -> Excerpt:
    """The whole text, with what was asked for marked."""
    return Excerpt(name, tuple(_pieces(text, wanted)))


def passage(chosen: Passage, wanted: Wanted) -> Excerpt:
    """The passage, with what was asked for marked."""
    text = chosen.text
    start, end = _bounds(text, chosen.start)
    inner = [Piece(_SPACES.sub(" ", piece.text), piece.match) for piece in _pieces(text[start:end], wanted)]
    before = [Piece(CUT, False)] if start > 0 else []
    after = [Piece(CUT, False)] if end < len(text) else []
    return Excerpt(chosen.name, tuple(before + inner + after))


def stands_in(text: str, phrase: Sequence[str]) -> bool:
    """Whether the words of the phrase stand together in the text."""
    pattern = r"[\W_]+".join(f"0*{re.escape(form)}" if form.isdigit() else re.escape(form) for form in phrase)
    return re.search(rf"(?<![^\W_]){pattern}(?![^\W_])", text, re.IGNORECASE) is not None


def _bounds(text: str, first: int) -> tuple[int, int]:
    """The passage around a place, from the beginning of a word to the end of one."""
    start = max(0, first - BEFORE)
    if start > 0:
        space = _SPACES.search(text, start, first)
        start = space.end() if space else first
    end = min(len(text), start + LENGTH)
    if end < len(text):
        cut = max(text.rfind(" ", first + 1, end), text.rfind("\n", first + 1, end))
        end = cut if cut > first else end
    return start, end


def _pieces(text: str, wanted: Wanted) -> Iterator[Piece]:
    at = 0
    for start, end in _matches(text, wanted):
        if start > at:
            yield Piece(text[at:start], False)
        yield Piece(text[start:end], True)
        at = end
    if at < len(text):
        yield Piece(text[at:], False)


def _matches(text: str, wanted: Wanted) -> list[tuple[int, int]]:
    """Where what was asked for stands; a whole code and its parts are one match."""
    found: list[tuple[int, int]] = []
    for start, end in sorted((word.start, word.end) for word in words(text) if wanted(word.form)):
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found
