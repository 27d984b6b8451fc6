"""What is suggested for a letter from what was learned. Invariant: a suggestion can be explained by words and traits of
the very letter it is made for; what cannot be explained is not suggested.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from services.routing.domain.learning import Learned, LearnedPlace, Traits, chance, vector
from services.routing.domain.letter_facts import LONGEST_TEXT, LetterFacts
from services.routing.domain.mention import Mention
from services.routing.domain.phrases import words
from services.routing.domain.search_stems import stem

NAMED_WORDS = 4
EXCLUSIVE = frozenset({"kind", "category", "from", "under"})
"""A letter has one trait of each of these sorts."""
EXPLAINED = 0.1
"""A word is named as a reason where it gives at least this share of all that speaks for the place."""


@dataclass(frozen=True)
class Suggestion:
    """A place, how sure, and what of the letter speaks for it, the strongest first."""

    mention: Mention
    confidence: float
    because: tuple[str, ...]


def suggested(learned: Learned, traits: Traits, threshold: float, limit: int = 10) -> list[Suggestion]:
    """The places the letter is likely for, the surest first; none below the threshold, and none without a reason."""
    given = vector(traits, learned)
    rated = [(chance(place, given), place) for place in learned.places]
    likely = sorted(
        ((sure, place) for sure, place in rated if sure >= threshold),
        key=lambda one: (-one[0], one[1].mention.role, one[1].mention.key),
    )
    found = [Suggestion(place.mention, sure, _because(place, given, traits, learned)) for sure, place in likely]
    return [one for one in found if one.because][:limit]


def _because(place: LearnedPlace, given: Mapping[int, float], traits: Traits, learned: Learned) -> tuple[str, ...]:
    """The traits of the letter that speak most for the place; where none does, those whose rivals speak against it."""
    names = learned.names
    spoke = {n: value * place.weights[n] for n, value in given.items() if place.weights.get(n, 0) > 0}
    enough = EXPLAINED * sum(spoke.values())
    strongest = sorted(spoke, key=lambda number: (-spoke[number], names[number]))
    because = tuple(names[number] for number in strongest[:NAMED_WORDS] if spoke[number] >= enough)
    return because or _by_exclusion(place, traits, names)


def _by_exclusion(place: LearnedPlace, traits: Traits, names: Sequence[str]) -> tuple[str, ...]:
    """A letter is of one kind and of one origin: that of a place which others rule out speaks for it."""
    ruled_out = {names[number].partition(":")[0] for number, weight in place.weights.items() if weight < 0}
    return tuple(sorted(one for one in traits if one.partition(":")[0] in ruled_out & EXCLUSIVE))


def reasons(because: Iterable[str], facts: LetterFacts) -> list[str]:
    """The reasons as sentences, in the letter's own words."""
    own = _own_words(facts)
    named = [own[one] for one in because if one in own]
    said = [f"karena kata: {', '.join(named)}"] if named else []
    for trait in because:
        kind, _, value = trait.partition(":")
        if kind == "class":
            said.append(f"karena klasifikasi {value}")
        elif kind in _TRAITS:
            said.append(_TRAITS[kind].format(facts.kind))
    return list(dict.fromkeys(said))


_TRAITS = {
    "kind": "karena jenis surat: {}",
    "category": "karena kategori surat",
    "from": "karena asal surat",
    "under": "karena wilayah asal surat",
}


def _own_words(facts: LetterFacts) -> dict[str, str]:
    """The letter's words by their stems, as it first says them."""
    own: dict[str, str] = {}
    for text in (facts.subject, facts.summary, (facts.text or "")[:LONGEST_TEXT]):
        for word in words(text or ""):
            own.setdefault(stem(word), word)
    return own
