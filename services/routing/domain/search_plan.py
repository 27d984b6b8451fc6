"""How a question is answered from the index. Invariant: a word that letters do have is never taken for another one.

Each word asks for its stem, for what it may be the beginning of, and, where no letter has it, for what it may be a
slip for.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.routing.domain.search_lexicon import RARE, Lexicon
from services.routing.domain.search_query import Asked, Question
from services.routing.domain.search_stems import stem

BEGINNINGS = 8
SLIPS = 4
EXACT, BEGUN, MEANT = 1.0, 0.8, 0.5
LEAST_RARITY = 0.1


@dataclass(frozen=True)
class PlannedWord:
    """A word and the stems that answer for it, each with how well: ``sure`` ones, and those it may be a slip for.

    ``named``: a word of that stem, to be shown in the place of the one that was typed.
    """

    asked: Asked
    sure: Mapping[str, float]
    maybe: Mapping[str, float]
    named: Mapping[str, str]
    rarity: float

    @property
    def keys(self) -> list[str]:
        """Every stem that answers for it."""
        return [*self.sure, *self.maybe]


def planned(question: Question, lexicon: Lexicon, letters: int, rarities: Sequence[float] = ()) -> list[PlannedWord]:
    """The plan; with ``rarities`` those are taken, so that pages of one search are ranked alike."""
    words = [_planned(asked, lexicon, letters) for asked in question.words]
    if len(rarities) != len(words):
        return words
    return [
        PlannedWord(one.asked, one.sure, one.maybe, one.named, rarity)
        for one, rarity in zip(words, rarities, strict=True)
    ]


def _planned(asked: Asked, lexicon: Lexicon, letters: int) -> PlannedWord:
    exact = stem(asked.form)
    sure = {exact: EXACT}
    if asked.whole:
        sure[asked.whole] = EXACT
    begun = lexicon.starting_with(asked.form, BEGINNINGS) if asked.beginning else []
    for form in begun:
        sure.setdefault(stem(form), BEGUN)
    maybe: dict[str, float] = {}
    named: dict[str, str] = {}
    if len(sure) == 1 and lexicon.letters_with(exact) <= RARE:
        for form in lexicon.nearly(asked.form, SLIPS):
            if stem(form) not in sure:
                maybe.setdefault(stem(form), MEANT)
                named.setdefault(stem(form), form)
    known = max((lexicon.letters_with(one) for one in sure), default=0)
    known = known or max((lexicon.letters_with(one) for one in maybe), default=0)
    return PlannedWord(asked, sure, maybe, named, _rarity(known, letters))


def _rarity(known: int, letters: int) -> float:
    """The weight of a word by how few letters have it (BM25's idf), rounded: a cursor carries it."""
    known = min(known, letters)
    return round(max(LEAST_RARITY, math.log(1 + (letters - known + 0.5) / (known + 0.5))), 2)
