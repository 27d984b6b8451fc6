"""Learning from where letters went: the one place that knows scikit-learn. Invariant: how right the result is, is
measured on later letters than it was learned from, beside a baseline, in the same run.

For each place one logistic regression with an L1 penalty over tf-idf: as right as its rivals on held-out letters, and
most of its weights are exactly zero, so it is small and names few words as reasons (see the decision on suggestions).

What one sender alone writes is not learned: a word or trait counts from three letters of two senders on, a place from
eight letters of two senders on.
"""

import math
import warnings
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from scipy.sparse import csr_matrix
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from services.routing.domain.learning import Learned, LearnedPlace, Measured, Traits, chance, vector
from services.routing.domain.mention import Mention

T = TypeVar("T")
HELD_OUT = 0.2
FEWEST_LETTERS = 100
FEWEST_OF_TRAIT = 3
FEWEST_OF_PLACE = 8
FEWEST_SENDERS = 2
MOST_TRAITS = 20_000
STRENGTH = 3.0
SMALLEST_WEIGHT = 0.01
ROUNDED = 4


@dataclass(frozen=True)
class Example:
    """A letter that went somewhere. ``sender`` tells senders apart and is not learned."""

    traits: Traits
    places: tuple[Mention, ...]
    sender: str


Guess = Callable[[Example], Sequence[tuple[float, Mention]]]
"""Places with how likely they are, the likeliest first."""


def fit(examples: Sequence[Example], threshold: float) -> tuple[Learned, Measured] | None:
    """What the letters (oldest first) teach, and how right that is; None where they are too few or teach nothing."""
    cut = int(len(examples) * (1 - HELD_OUT))
    if len(examples) < FEWEST_LETTERS:
        return None
    earlier, later = examples[:cut], examples[cut:]
    learned = learned_from_letters(earlier)
    everything = learned_from_letters(examples)
    if not learned.places or not everything.places:
        return None
    return everything, measure(later, guesses_of(learned), baseline_of(earlier), threshold)


def learned_from_letters(examples: Sequence[Example]) -> Learned:
    """What these letters teach."""
    bare = Learned(_rarity(examples), ())
    given = [vector(one.traits, bare) for one in examples]
    rows: list[int] = []
    columns: list[int] = []
    values: list[float] = []
    for row, found in enumerate(given):
        rows += [row] * len(found)
        columns += found.keys()
        values += found.values()
    matrix = csr_matrix((values, (rows, columns)), shape=(len(examples), max(1, len(bare.rarity))))
    return Learned(bare.rarity, tuple(_place(one, examples, matrix) for one in _places(examples)))


def _place(place: Mention, examples: Sequence[Example], matrix: object) -> LearnedPlace:
    went = [place in one.places for one in examples]
    regression = LogisticRegression(C=STRENGTH, l1_ratio=1.0, solver="liblinear", random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        regression.fit(matrix, went)
    weights = {
        number: round(float(weight), ROUNDED)
        for number, weight in enumerate(regression.coef_[0])
        if abs(weight) >= SMALLEST_WEIGHT
    }
    return LearnedPlace(place, sum(went), round(float(regression.intercept_[0]), ROUNDED), weights)


def _rarity(examples: Sequence[Example]) -> dict[str, float]:
    """What may be learned of, each with its weight: the fewer letters have it, the more it says."""
    letters = _shared(((trait, one.sender) for one in examples for trait in one.traits), FEWEST_OF_TRAIT)
    known = sorted(letters, key=lambda trait: (-letters[trait], trait))[:MOST_TRAITS]
    total = len(examples)
    return {trait: round(math.log((1 + total) / (1 + letters[trait])) + 1, ROUNDED) for trait in sorted(known)}


def _places(examples: Sequence[Example]) -> list[Mention]:
    letters = _shared(((place, one.sender) for one in examples for place in one.places), FEWEST_OF_PLACE)
    # A place that every letter goes to is nothing to be learned.
    return sorted((one for one, count in letters.items() if count < len(examples)), key=_order)


def _shared(pairs: Iterable[tuple[T, str]], fewest: int) -> dict[T, int]:
    """How many letters have each thing, without what too few letters or senders have."""
    counts: Counter[T] = Counter()
    senders: dict[T, set[str]] = defaultdict(set)
    for one, sender in pairs:
        counts[one] += 1
        senders[one].add(sender)
    return {one: n for one, n in counts.items() if n >= fewest and len(senders[one]) >= FEWEST_SENDERS}


def _order(place: Mention) -> tuple[str, str, str]:
    return place.role, place.kind, place.id


def guesses_of(learned: Learned) -> Guess:
    """What is suggested from what was learned."""

    def guess(letter: Example) -> Sequence[tuple[float, Mention]]:
        given = vector(letter.traits, learned)
        return sorted(((chance(one, given), one.mention) for one in learned.places), key=lambda one: -one[0])

    return guess


def baseline_of(examples: Sequence[Example]) -> Guess:
    """The places that most letters of the same kind go to."""
    counts: dict[str, Counter[Mention]] = defaultdict(Counter)
    letters: Counter[str] = Counter()
    for one in examples:
        kind = _kind(one)
        letters[kind] += 1
        counts[kind].update(one.places)

    def guess(letter: Example) -> Sequence[tuple[float, Mention]]:
        kind = _kind(letter)
        return [(count / letters[kind], place) for place, count in counts[kind].most_common()]

    return guess


def _kind(letter: Example) -> str:
    return next((trait for trait in letter.traits if trait.startswith("kind:")), "")


def measure(letters: Sequence[Example], ours: Guess, baseline: Guess, threshold: float) -> Measured:
    """How right the guesses are for letters whose places are known."""
    told = [(letter, ours(letter)) for letter in letters]
    shown = [(letter, [place for sure, place in guess if sure >= threshold]) for letter, guess in told]
    right = sum(place in letter.places for letter, places in shown for place in places)
    count = sum(len(places) for _, places in shown)
    plain = [(letter, baseline(letter)) for letter in letters]
    return Measured(
        held_out=len(letters),
        top1=_hits(told, 1),
        top3=_hits(told, 3),
        coverage=_share(sum(bool(places) for _, places in shown), len(letters)),
        precision=_share(right, count),
        baseline_top1=_hits(plain, 1),
        baseline_top3=_hits(plain, 3),
    )


def _hits(told: Sequence[tuple[Example, Sequence[tuple[float, Mention]]]], first: int) -> float:
    """The share of letters with one of the first addressees right."""
    hits = 0
    for letter, guess in told:
        addressees = [place for _, place in guess if place.role == "addressee"][:first]
        hits += any(place in letter.places for place in addressees)
    return _share(hits, len(told))


def _share(part: int, whole: int) -> float:
    return round(part / whole, ROUNDED) if whole else 0.0
