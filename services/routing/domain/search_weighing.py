"""How much letters are about the words of a question. Invariant: only letters the asking person may read are looked
at, and a word's rarity is told from these alone.

A letter is more about a word that stands in its subject or is its number than about one in its text, and ever less
more for each further place (as in BM25F).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.routing.domain.search_analysis import FIELDS, MASKS, OFTEN, SLIP
from services.routing.domain.search_plan import PlannedWord
from services.routing.domain.search_postings import NONE, Postings, masks, numbers

WEIGHTS = {"subject": 5.0, "number": 5.0, "sender": 3.0, "abstract": 3.0, "label": 1.5, "text": 1.0}
OFTEN_WEIGHTS = (0.0, 0.4, 0.7, 1.0)
SLIP_WEIGHT = 0.5
ENOUGH = 2.0
"""A word that weighs this much in a letter counts half of what it could count at most."""
LEAST_RARITY = 0.1
MANY = 8
"""Where more than one letter in so many may be seen, all of a span are looked at."""
FEW = 2
"""A word that no more letters have may be misspelt."""


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


@dataclass(frozen=True)
class Span:
    """The letters numbered from ``low`` until just before ``high``."""

    low: int
    high: int


@dataclass(frozen=True)
class Weighed:
    """Letters that have some of the words: their numbers, whether each surely has all, how many it has, and how much it
    is about each. ``seen``: how many letters were looked at, and how many of them have each word.
    """

    numbers: NDArray[np.int64]
    sure: NDArray[np.bool_]
    words: NDArray[np.int64]
    about: NDArray[np.float32]
    seen: int
    having: NDArray[np.int64]

    @classmethod
    def nothing(cls, words: int) -> "Weighed":
        """No letter, of a question of so many words."""
        whole, about = np.empty(0, np.int64), np.empty((0, words), np.float32)
        return cls(whole, np.empty(0, np.bool_), whole, about, 0, np.zeros(words, np.int64))

    def __add__(self, other: "Weighed") -> "Weighed":
        return Weighed(
            np.concatenate((self.numbers, other.numbers)),
            np.concatenate((self.sure, other.sure)),
            np.concatenate((self.words, other.words)),
            np.concatenate((self.about, other.about)),
            self.seen + other.seen,
            self.having + other.having,
        )

    def where(self, chosen: NDArray[np.bool_] | NDArray[np.int64]) -> "Weighed":
        """Some of the letters."""
        given = (one[chosen] for one in (self.numbers, self.sure, self.words, self.about))
        return Weighed(*given, self.seen, self.having)  # type: ignore[call-arg,arg-type]

    @property
    def rarities(self) -> tuple[float, ...]:
        """The weight of each word by how few letters have it (BM25's idf), rounded: a cursor carries it."""
        return tuple(
            round(max(LEAST_RARITY, math.log(1 + (self.seen - some + 0.5) / (some + 0.5))), 2)
            for some in self.having.tolist()
        )

    @property
    def few(self) -> tuple[int, ...]:
        """The places of words that next to no letter has."""
        return tuple(np.flatnonzero(self.having <= FEW).tolist())


def weighed(
    span: Span,
    plan: Sequence[PlannedWord],
    sight: Sight,
    found: Mapping[str, Postings],
    *,
    sure_alone: bool = False,
) -> Weighed:
    """The letters of a span that the person may see and that have at least half of the words.

    ``found`` is of this span alone. ``sure_alone`` leaves out those that do not surely have every word; they are
    counted all the same.
    """
    seen = _seen(span, sight, found)
    total = int(np.count_nonzero(seen))
    letters = _Few(span, seen) if total * MANY < len(seen) else _Many(span, seen)
    about: list[NDArray[np.float32]] = []
    having: list[int] = []
    sure: NDArray[np.bool_] = np.ones(letters.size, np.bool_)
    words: NDArray[np.int64] = np.zeros(letters.size, np.int64)
    whole: NDArray[np.bool_] = np.ones(letters.size, np.bool_)
    for word in plan:
        weights = letters.weights(word.sure, found)
        has = weights > 0
        sure &= has
        if word.maybe:
            weights = np.maximum(weights, letters.weights(word.maybe, found))
            has = weights > 0
        if word.asked.whole:  # the parts of a number say nothing without each other
            whole &= has
        words += has
        about.append(weights)
        having.append(int(np.count_nonzero(has)))
    half = sure if sure_alone else (words > 0) & (words * 2 >= len(plan))
    chosen = np.flatnonzero(half & whole)
    weights = np.stack([one[chosen] for one in about], axis=1)
    return Weighed(
        letters.numbers(chosen),
        sure[chosen],
        words[chosen],
        weights / (weights + np.float32(ENOUGH)),
        total,
        np.array(having, np.int64),
    )


class _Many:
    """The letters of a span, most of which may be seen: what is told of each has its place by the letter's number."""

    def __init__(self, span: Span, seen: NDArray[np.bool_]) -> None:
        self._low, self._seen = span.low, seen
        self.size = len(seen)

    def weights(self, stems: Mapping[str, float], near: Mapping[str, Postings]) -> NDArray[np.float32]:
        """How much each is about the word with these stems."""
        best = np.zeros(self.size, np.float32)
        for key, factor in stems.items():
            some = near.get(key, NONE)
            places = numbers(some) - self._low
            best[places] = np.maximum(best[places], _WEIGHTS[masks(some)] * np.float32(factor))
        best[~self._seen] = 0
        return best

    def numbers(self, chosen: NDArray[np.int64]) -> NDArray[np.int64]:
        """The numbers of these letters."""
        return chosen + self._low


class _Few:
    """The letters of a span, few of which may be seen: what is told of each is kept for these alone."""

    def __init__(self, span: Span, seen: NDArray[np.bool_]) -> None:
        self._low, self._seen = span.low, seen
        self._places = np.flatnonzero(seen)
        self.size = len(self._places)

    def weights(self, stems: Mapping[str, float], near: Mapping[str, Postings]) -> NDArray[np.float32]:
        """How much each is about the word with these stems."""
        best = np.zeros(self.size, np.float32)
        for key, factor in stems.items():
            some = near.get(key, NONE)
            places = numbers(some) - self._low
            here = self._seen[places]
            at = np.searchsorted(self._places, places[here])
            best[at] = np.maximum(best[at], _WEIGHTS[masks(some[here])] * np.float32(factor))
        return best

    def numbers(self, chosen: NDArray[np.int64]) -> NDArray[np.int64]:
        """The numbers of these letters."""
        return self._places[chosen] + self._low


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
