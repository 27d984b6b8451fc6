"""Words and phrases as rules and suggestions compare them. Invariant: what differs in case, accents or Indonesian
affixes alone is the same word, in a rule, in a letter and in what was learned.
"""

import re
import unicodedata
from functools import lru_cache

from services.routing.domain.search_stems import stem
from services.routing.domain.search_words import STOP_WORDS

_WORD = re.compile(r"[^\W_]+")
EMPTY = STOP_WORDS | {"mohon", "nomor", "perihal", "tahun", "tanggal"}
"""Words that say nothing of a letter's matter."""


def words(text: str) -> list[str]:
    """The words of a text in lower case, in their order, digits included, signs left out."""
    if not text.isascii():
        text = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return _WORD.findall(text.casefold())


class Running:
    """A whole text as phrases are looked for in it, by their stems."""

    def __init__(self, text: str) -> None:
        stems = [stem(one) for one in words(text)]
        self._known = frozenset(stems)
        self._text = f" {' '.join(stems)} "

    def has(self, wanted: str) -> bool:
        """Whether the words of a phrase stand in the text, one right after the other."""
        stems = phrase(wanted)
        return self._known.issuperset(stems) and f" {' '.join(stems)} " in self._text


@lru_cache(maxsize=4096)
def phrase(text: str) -> tuple[str, ...]:
    """The stems of a phrase; none where it has no word."""
    return tuple(stem(one) for one in words(text))
