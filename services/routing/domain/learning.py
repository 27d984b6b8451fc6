"""What was learned from where letters went. Invariant: of a letter only words, kind, classification and what sort of
place it comes from count, when it is learned from and when something is suggested for it alike.

For each place that letters went to, in each role, there is one weight for each word or trait that speaks for it or
against it (a logistic regression, see ``fitting``). Pure Python and small, so that serving needs no library.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from services.routing.domain.letter_facts import LONGEST_TEXT, LetterFacts
from services.routing.domain.mention import Mention
from services.routing.domain.phrases import EMPTY, words
from services.routing.domain.search_stems import stem

Traits = Mapping[str, float]
"""How much of each word or trait a letter has."""
TEXT_WEIGHT = 0.2
"""A word of the scan counts less than one of the subject: a page says much that belongs to no matter at all."""
SHORTEST_WORD = 3


@dataclass(frozen=True)
class Origin:
    """Where a letter comes from, as far as suggestions may know: never who it is, only what it is and under whom."""

    kind: str
    parent_id: str | None = None


@dataclass(frozen=True)
class Measured:
    """How right the suggestions were on letters they were not learned from; ``baseline``: the places most letters of
    the same kind go to. ``coverage`` is the share of letters something was suggested for, ``precision`` the share of
    what was suggested that was right.
    """

    held_out: int
    top1: float
    top3: float
    coverage: float
    precision: float
    baseline_top1: float
    baseline_top3: float

    @property
    def is_better(self) -> bool:
        """Whether having learned was of use."""
        return self.top1 > self.baseline_top1 and self.top3 >= self.baseline_top3


@dataclass(frozen=True)
class LearnedPlace:
    """A place with the weights, by the numbers of the traits, of what speaks for it."""

    mention: Mention
    letters: int
    bias: float
    weights: Mapping[int, float]


@dataclass(frozen=True)
class Learned:
    """All that was learned. ``rarity`` is the weight of each trait by how few letters have it (idf)."""

    rarity: Mapping[str, float]
    places: tuple[LearnedPlace, ...]

    @cached_property
    def names(self) -> list[str]:
        """The traits by number."""
        return list(self.rarity)

    @cached_property
    def numbers(self) -> dict[str, int]:
        """Each trait's number."""
        return {trait: number for number, trait in enumerate(self.rarity)}


@dataclass(frozen=True)
class Run:
    """One time of learning: when, from how many letters, how well, and how large what was learned is.

    ``used``: whether suggestions are made from it.
    """

    id: str
    version: int
    trained_at: datetime
    letters: int
    last_letter_id: str
    used: bool
    seconds: float
    traits: int
    places: int
    weights: int
    measured: Measured | None
    learned: Learned = field(repr=False)


def traits_of(facts: LetterFacts, origin: Origin | None) -> dict[str, float]:
    """The words and traits of a letter."""
    traits: dict[str, float] = dict(Counter(_stems(f"{facts.subject} {facts.summary or ''}")))
    for one, count in Counter(_stems((facts.text or "")[:LONGEST_TEXT])).items():
        traits[one] = traits.get(one, 0) + TEXT_WEIGHT * (1 + math.log(count))
    traits[f"kind:{facts.kind.casefold()}"] = 1
    if facts.category:
        traits[f"category:{facts.category}"] = 1
    for code in _levels(facts.classification):
        traits[f"class:{code}"] = 1
    if origin:
        traits[f"from:{origin.kind}"] = 1
        if origin.parent_id:
            traits[f"under:{origin.parent_id}"] = 1
    return traits


def vector(traits: Traits, learned: Learned) -> dict[int, float]:
    """The traits that were learned, by number, weighted by rarity, with length 1 (tf-idf)."""
    found = {
        learned.numbers[one]: (1 + math.log(count) if count > 1 else count) * learned.rarity[one]
        for one, count in traits.items()
        if one in learned.rarity
    }
    length = math.sqrt(sum(value * value for value in found.values())) or 1.0
    return {number: value / length for number, value in found.items()}


def chance(place: LearnedPlace, given: Mapping[int, float]) -> float:
    """How likely a letter with this vector goes to the place."""
    weights = place.weights
    total = place.bias + sum(value * weights[number] for number, value in given.items() if number in weights)
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def _stems(text: str) -> Sequence[str]:
    return [stem(one) for one in words(text) if len(one) >= SHORTEST_WORD and one not in EMPTY and not one.isdigit()]


def _levels(code: str | None) -> list[str]:
    """A classification and the ones above it: 600.1.2, 600.1, 600."""
    parts = (code or "").split(".")
    return [".".join(parts[:count]) for count in range(1, len(parts) + 1)] if code else []
