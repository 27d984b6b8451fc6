"""What is kept of a letter to show it as a hit. Invariant: a hit says by which words it was found, where they stand,
and what was taken for a word that letters do not have.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from services.routing.domain.search_analysis import FIELDS, SLIP
from services.routing.domain.search_engine import Excerpt, Hit, Match
from services.routing.domain.search_excerpts import Passage, Wanted, excerpt, passage, stands_in
from services.routing.domain.search_lexicon import is_nearly
from services.routing.domain.search_plan import PlannedWord
from services.routing.domain.search_stems import stem
from services.routing.domain.search_words import searched


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


class Shower:
    """Shows letters as hits of one question."""

    def __init__(self, plan: Sequence[PlannedWord]) -> None:
        self._plan = plan
        self._keys = {key for word in plan for key in word.keys}

    def hit(self, kept: Kept, score: float) -> Hit | None:
        """The letter as a hit; None where it has none of the words any more."""
        matches = tuple(_match(kept, word, key) for word in self._plan for key in _keys(kept, word)[:1])
        if not matches:
            return None
        return Hit(kept.letter_id, score, matches, tuple(self._excerpts(kept)))

    def _excerpts(self, kept: Kept) -> Iterator[Excerpt]:
        """The subject, and the better of the summary's best passage and the text's."""
        wanted = self._wanted(kept)
        yield excerpt("subject", kept.subject, wanted)
        said = [(word.start, stem(word.form)) for word in searched(kept.abstract) if wanted(word.form)]
        read = [(place, key) for word in self._plan for key in _keys(kept, word) for place in kept.entries[key][1:]]
        best = max(Passage.best("abstract", kept.abstract, said), Passage.best("text", kept.text, read))
        if best.words:
            yield passage(best, wanted)

    def _wanted(self, kept: Kept) -> Wanted:
        """Whether a word of the letter is one that was asked for, be it misspelt there."""
        meant = [
            word.named.get(key, word.asked.form)
            for word in self._plan
            for key in _keys(kept, word)
            if kept.entries[key][0] & SLIP
        ]
        if not meant:
            return lambda form: stem(form) in self._keys
        return lambda form: stem(form) in self._keys or any(is_nearly(form, one) for one in meant)


def _keys(kept: Kept, word: PlannedWord) -> list[str]:
    """The stems by which the letter has the word, the best first."""
    return [key for key in word.keys if key in kept.entries]


def _match(kept: Kept, word: PlannedWord, key: str) -> Match:
    mask = kept.entries[key][0]
    fields = tuple(name for name, bit in FIELDS.items() if mask & bit)
    return Match(word.asked.typed, fields, word.named.get(key))
