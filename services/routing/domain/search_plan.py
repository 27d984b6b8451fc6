"""How a question is answered from the index. Invariant: a word that the asking person's letters have is never taken for
another one.

Each word asks for its stem, and for what it may be the beginning of; where next to no letter has it, also for what it
may be a slip for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from services.routing.domain.search_lexicon import Lexicon
from services.routing.domain.search_query import Asked, Question
from services.routing.domain.search_stems import stem

BEGINNINGS = 12
SLIPS = 4
EXACT, BEGUN, MEANT = 1.0, 0.8, 0.2
"""What is only meant counts in a subject what the very word counts in a text."""


@dataclass(frozen=True)
class PlannedWord:
    """A word and the stems that answer for it, each with how well: ``sure`` ones, and those it may be a slip for.

    ``named``: a word of that stem, to be shown in the place of the one that was typed.
    """

    asked: Asked
    sure: Mapping[str, float]
    maybe: Mapping[str, float] = field(default_factory=dict)
    named: Mapping[str, str] = field(default_factory=dict)

    @property
    def keys(self) -> list[str]:
        """Every stem that answers for it, the best first."""
        return [*self.sure, *self.maybe]


def planned(question: Question, lexicon: Lexicon) -> list[PlannedWord]:
    """The plan, with nothing forgiven."""
    return [PlannedWord(asked, _sure(asked, lexicon)) for asked in question.words]


def forgiving(plan: Sequence[PlannedWord], lexicon: Lexicon, places: Sequence[int]) -> list[PlannedWord]:
    """The plan, with the words at these places taken for slips, too."""
    return [_forgiven(word, lexicon) if place in places else word for place, word in enumerate(plan)]


def _sure(asked: Asked, lexicon: Lexicon) -> dict[str, float]:
    found = {stem(asked.form): EXACT}
    if asked.whole:
        found[asked.whole] = EXACT
    for form in lexicon.starting_with(asked.form, BEGINNINGS) if asked.beginning else ():
        found.setdefault(stem(form), BEGUN)
    return found


def _forgiven(word: PlannedWord, lexicon: Lexicon) -> PlannedWord:
    forms = {stem(form): form for form in reversed(lexicon.nearly(word.asked.form, SLIPS))}
    named = {key: form for key, form in reversed(forms.items()) if key not in word.sure}
    return replace(word, maybe=dict.fromkeys(named, MEANT), named=named)
