"""What is kept of a letter to show it as a hit. Invariant: a hit says by which words it was found, where they stand,
and what was taken for a word that letters do not have.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from services.routing.domain.search_analysis import FIELDS, SLIP
from services.routing.domain.search_engine import Excerpt, Hit, Match
from services.routing.domain.search_excerpts import Wanted, excerpt, passage, places_in, stands_in
from services.routing.domain.search_lexicon import is_nearly
from services.routing.domain.search_plan import PlannedWord
from services.routing.domain.search_stems import stem


@dataclass(frozen=True)
class Kept:
    """What is kept of a letter. ``entries``: for each stem its mask, and after it the first places in the text."""

    number: int
    letter_id: str
    subject: str
    abstract: str
    text: str
    entries: Mapping[str, Sequence[int]]
    received_on: date

    def has(self, phrase: Sequence[str]) -> bool:
        """Whether the words of the phrase stand together in it."""
        return any(stands_in(part, phrase) for part in (self.subject, self.abstract, self.text))


def hit_of(kept: Kept, plan: Sequence[PlannedWord], score: float) -> Hit | None:
    """The letter as a hit; None where it has none of the words any more."""
    found = {place: key for place, word in enumerate(plan) if (key := _key(kept, word)) is not None}
    if not found:
        return None
    wanted = _wanted(kept, [plan[place] for place in found])
    keys = [key for place in found for key in plan[place].keys if key in kept.entries]
    return Hit(
        letter_id=kept.letter_id,
        score=score,
        matches=tuple(_match(kept, plan[place], key) for place, key in found.items()),
        excerpts=tuple(_excerpts(kept, wanted, keys)),
    )


def _key(kept: Kept, word: PlannedWord) -> str | None:
    """The stem by which the letter has the word."""
    return next((key for key in word.keys if key in kept.entries), None)


def _match(kept: Kept, word: PlannedWord, key: str) -> Match:
    mask = kept.entries[key][0]
    fields = tuple(name for name, bit in FIELDS.items() if mask & bit)
    return Match(word.asked.typed, fields, word.named.get(key))


def _wanted(kept: Kept, plan: Sequence[PlannedWord]) -> Wanted:
    keys = {key for word in plan for key in word.keys}
    meant = [
        word.named.get(key, word.asked.form)
        for word in plan
        for key in word.keys
        if key in kept.entries and kept.entries[key][0] & SLIP
    ]

    def wanted(form: str) -> bool:
        return stem(form) in keys or any(is_nearly(form, one) for one in meant)

    return wanted


def _excerpts(kept: Kept, wanted: Wanted, keys: Sequence[str]) -> Iterator[Excerpt]:
    """The subject, and the better of the summary's best passage and the text's."""
    yield excerpt("subject", kept.subject, wanted)
    said = passage("abstract", kept.abstract, places_in(kept.abstract, wanted), wanted)
    places = [(place, key) for key in keys for place in kept.entries[key][1:]]
    read = passage("text", kept.text, places, wanted)
    best = max((one for one in (said, read) if one), key=_marked, default=None)
    if best is not None:
        yield best


def _marked(one: Excerpt) -> int:
    return len({stem(piece.text.casefold()) for piece in one.pieces if piece.match})
