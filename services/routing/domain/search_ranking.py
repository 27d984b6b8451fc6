"""Which letters are shown, and in what order. Invariant: the order is total, so that pages follow each other.

A letter's score is the sum over the question's words of the word's rarity times how much the letter is about it, as a
share of the best there could be; newer letters count a little more, and come first among equals.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.routing.domain.search_weighing import LEAST_RARITY, Weighed

NEWNESS = 0.1
NEW_LETTERS = 20_000
"""After so many letters, a letter's newness counts half."""
ENOUGH_SURE = 5
"""With fewer letters that surely have every word, those are shown too that may have them."""


@dataclass(frozen=True)
class Strictness:
    """Which letters are shown: those that surely have every word, or those that have ``words`` of them at least."""

    sure: bool
    words: int

    def holds(self, found: Weighed) -> NDArray[np.bool_]:
        """Which of these are shown."""
        return found.sure if self.sure else found.words >= self.words


def is_enough(found: Weighed) -> bool:
    """Whether so many letters surely have every word that nothing need be forgiven."""
    return int(np.count_nonzero(found.sure)) >= ENOUGH_SURE


def strictness(found: Weighed, words: int) -> Strictness:
    """As strict as leaves something to show."""
    if is_enough(found):
        return Strictness(True, words)
    return Strictness(False, int(found.words.max(initial=0)) or words)


@dataclass(frozen=True)
class Ranked:
    """Letters in their order, the best first and the newer first among equals, each with its score."""

    numbers: NDArray[np.int64]
    scores: NDArray[np.float64]

    def after(self, score: float, number: int) -> "Ranked":
        """Those that come after this one."""
        behind = (self.scores < score) | ((self.scores == score) & (self.numbers < number))
        return Ranked(self.numbers[behind], self.scores[behind])


def ranked(found: Weighed, rarities: Sequence[float], top: int) -> Ranked:
    """The order by these rarities, as seen from the letter numbered ``top``."""
    newness = 1 + NEWNESS * np.exp2((found.numbers - top) / NEW_LETTERS)
    best = max(sum(rarities), LEAST_RARITY)
    scores = np.round(found.about.astype(np.float64) @ np.array(rarities) / best * newness, 6)
    order = np.lexsort((-found.numbers, -scores))
    return Ranked(found.numbers[order], scores[order])
