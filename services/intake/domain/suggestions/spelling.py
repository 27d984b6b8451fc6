"""How words look. Invariant: what character recognition confuses is the same here; nothing is invented.

Letters of a scan come back as others that resemble them: O and 0, l and 1. Where a number must stand, a number is read.
"""

import re
import unicodedata

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

_LOOKS = str.maketrans("1|!¡ı05$8", "lllllossb")
_FIGURES = str.maketrans("OoQDlI|!iZzSsBgA", "0000111112255894")
FIGURE = "0-9OoQlI|!SBZ"
"""What may be a figure, inside a character class of a regular expression."""
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_PLAIN = re.compile(r"[^a-z]+")


def folded(text: str) -> str:
    """Small letters without accents, single spaces, no punctuation."""
    bare = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return _NOT_WORD.sub(" ", bare).strip()


def looks(text: str) -> str:
    """Letters alone, as they look: what is mistaken for each other is the same."""
    return _PLAIN.sub("", text.lower().translate(_LOOKS)).replace("i", "l")


def alike(text: str, word: str) -> bool:
    """Whether this is that word, but for what recognition gets wrong: one letter of five or more, two of nine."""
    one, other = looks(text), looks(word)
    if one == other:
        return True
    most = 0 if len(other) < 5 else 1 if len(other) < 9 else 2
    return most > 0 and abs(len(one) - len(other)) <= most and OSA.distance(one, other, score_cutoff=most) <= most


def resemblance(text: str, other: str) -> float:
    """How much two texts resemble each other, 0 to 1."""
    return fuzz.ratio(folded(text), folded(other)) / 100


def figures(text: str) -> str:
    """A number in which letters stand for figures, as it must have been."""
    return text.translate(_FIGURES)


def number(text: str) -> int | None:
    """The whole number this is, or None."""
    read = figures(text.strip())
    return int(read) if read.isascii() and read.isdigit() else None
