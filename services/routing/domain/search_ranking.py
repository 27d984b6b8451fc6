"""Which letters answer a question, and how well. Invariant: only letters the asking person may read are looked at.

A letter's score is the sum over the question's words of the word's rarity times how much the letter is about it: more
where it stands in the subject or is the letter's number than where it stands in the text, and ever less more for each
further place (as in BM25F). Newer letters come first among equals.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from services.routing.domain.search_analysis import FIELDS, MASKS, OFTEN, SLIP
from services.routing.domain.search_plan import PlannedWord
from services.routing.domain.search_postings import NONE, Postings, masks, numbers, within

WEIGHTS = {"subject": 5.0, "number": 5.0, "sender": 3.0, "abstract": 3.0, "label": 1.5, "text": 1.0}
OFTEN_WEIGHTS = (0.0, 0.4, 0.7, 1.0)
SLIP_WEIGHT = 0.5
ENOUGH = 2.0
"""A word that weighs this much in a letter counts half of what it could count at most."""
NEWNESS = 0.1
NEW_LETTERS = 20_000
"""After so many letters, a letter's newness counts half."""
ENOUGH_SURE = 5
"""With fewer letters that surely have every word, those are shown too that may have them."""


def _weight(mask: int) -> float:
    total = sum(WEIGHTS[name] for name, bit in FIELDS.items() if mask & bit)
    total += OFTEN_WEIGHTS[mask // OFTEN & 3]
    return total * SLIP_WEIGHT if mask & SLIP else total


_WEIGHTS: NDArray[np.float32] = np.array([_weight(mask) for mask in range(MASKS)], np.float32)


@dataclass(frozen=True)
class Sight:
    """What the asking person may see: letters with one of ``keys``; with ``across`` also all that have no key of it.

    ``marks``: of each list a letter must have one.
    """

    keys: tuple[str, ...]
    across: tuple[str, ...] | None = None
    marks: Sequence[Sequence[str]] = ()

    @property
    def all_keys(self) -> list[str]:
        """Everything that has to be looked up for it."""
        return [*self.keys, *(self.across or ()), *(mark for marks in self.marks for mark in marks)]


@dataclass
class Weighed:
    """Letters that have some of the words: their numbers, whether each surely has all, how many words, the score."""

    numbers: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    sure: NDArray[np.bool_] = field(default_factory=lambda: np.empty(0, np.bool_))
    words: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    scores: NDArray[np.float64] = field(default_factory=lambda: np.empty(0, np.float64))

    def __add__(self, other: "Weighed") -> "Weighed":
        mine, others = vars(self).values(), vars(other).values()
        return Weighed(*(np.concatenate(pair) for pair in zip(mine, others, strict=True)))

    def where(self, chosen: NDArray[np.bool_] | NDArray[np.int64]) -> "Weighed":
        """Some of them."""
        return Weighed(*(one[chosen] for one in vars(self).values()))


@dataclass(frozen=True)
class Span:
    """The letters numbered from ``low`` until just before ``high``."""

    low: int
    high: int


def weighed(span: Span, top: int, plan: Sequence[PlannedWord], sight: Sight, found: Mapping[str, Postings]) -> Weighed:
    """The letters of a span that the person may see and that have at least half of the words."""
    near = {key: within(some, span.low, span.high) for key, some in found.items()}
    words = np.zeros(span.high - span.low, np.int64)
    scores = np.zeros(span.high - span.low)
    sure = _seen(span, sight, near)
    seen = sure.copy()
    for word in plan:
        weights = _weights(span, word.sure, near)
        sure &= weights > 0
        if word.maybe:
            weights = np.maximum(weights, _weights(span, word.maybe, near))
        if word.asked.whole:  # the parts of a number say nothing without each other
            seen &= weights > 0
        words += weights > 0
        scores += word.rarity * weights / (weights + ENOUGH)
    chosen = np.flatnonzero(seen & (words > 0) & (words * 2 >= len(plan)))
    newness = 1 + NEWNESS * np.exp2((chosen + span.low - top) / NEW_LETTERS)
    return Weighed(chosen + span.low, sure[chosen], words[chosen], np.round(scores[chosen] * newness, 6))


def _seen(span: Span, sight: Sight, near: Mapping[str, Postings]) -> NDArray[np.bool_]:
    seen = _having(span, sight.keys, near)
    if sight.across is not None:
        seen |= ~_having(span, sight.across, near)
    for marks in sight.marks:
        seen &= _having(span, marks, near)
    return seen


def _having(span: Span, keys: Sequence[str], near: Mapping[str, Postings]) -> NDArray[np.bool_]:
    has = np.zeros(span.high - span.low, np.bool_)
    for key in keys:
        has[numbers(near.get(key, NONE)) - span.low] = True
    return has


def _weights(span: Span, stems: Mapping[str, float], near: Mapping[str, Postings]) -> NDArray[np.float32]:
    best = np.zeros(span.high - span.low, np.float32)
    for key, factor in stems.items():
        some = near.get(key, NONE)
        places = numbers(some) - span.low
        best[places] = np.maximum(best[places], _WEIGHTS[masks(some)] * np.float32(factor))
    return best


@dataclass(frozen=True)
class Strictness:
    """Which letters are shown: those that surely have every word, or those that have ``words`` of them at least."""

    sure: bool
    words: int

    def holds(self, found: Weighed) -> NDArray[np.bool_]:
        """Which of these are shown."""
        return found.sure if self.sure else found.words >= self.words


def strictness(found: Weighed, words: int) -> Strictness:
    """As strict as leaves something to show."""
    if np.count_nonzero(found.sure) >= ENOUGH_SURE:
        return Strictness(True, words)
    return Strictness(False, int(found.words.max(initial=0)) or words)


def ranked(found: Weighed) -> Weighed:
    """The best first, the newer first among equals."""
    return found.where(np.lexsort((-found.numbers, -found.scores)))
