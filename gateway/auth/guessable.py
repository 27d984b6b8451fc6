"""Which passwords are guessed first. Invariant: the whole password is judged, never a part of it.

As NIST SP 800-63B-4, section 3.1.1.2 asks: a word of the list inside a password does no harm. A password is refused
when nothing of it is left once such words, what everybody knows of its owner, dates, public numbers and runs of keys
have been taken away, in whatever order they stand.
"""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

LIST = Path(__file__).with_name("blocked_passwords.txt")
SPARE = 2
"""So many characters may be left over: "!1" behind a word makes nothing of it."""
FEWEST_KINDS = 5
SHORTEST_WORD = 3
ROWS = ("01234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm")
RUNS = tuple(row[::step] * 3 for row in ROWS for step in (1, -1))
RUN_LENGTHS = (3, 4, 5)
"""Every longer run is made of such: looking for these alone finds it, in as many steps as it has characters."""
LOOKS = str.maketrans(
    {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "@": "a", "$": "s", "!": "i"}
)
_SEPARATORS = re.compile(r"[\W_]+")
_NUMBERS = re.compile(
    r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:(?:19|20)\d{4}[12]\d{3})?"  # a day, or a NIP
    r"|(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:(?:19|20)?\d\d)?"  # a day the other way round
    r"|[1-9]\d{5}(?:[0-7]\d)(?:0[1-9]|1[0-2])\d{6}"  # a NIK
    r"|(?:\+?62|0)8\d{8,11}"  # a telephone
    r"|(?:19|20)\d\d|1945|17845"
)


def guessable(text: str, known: Iterable[str] = ()) -> bool:
    """Whether ``text`` (normalised, casefolded) is made of nothing but what is tried first.

    ``known`` are texts about its owner; each of their words counts, and each text as a whole.
    """
    if len(set(text)) < FEWEST_KINDS:
        return True
    words = _listed() | _words_of(known)
    part = _repeated(text)
    return any(_left_over(one, words) <= SPARE for one in (part, part.translate(LOOKS)))


def _words_of(texts: Iterable[str]) -> frozenset[str]:
    words = set()
    for text in texts:
        parts = [part for part in _SEPARATORS.split(text.casefold()) if part]
        words |= {word for word in (*parts, "".join(parts), text.casefold()) if len(word) >= SHORTEST_WORD}
    return frozenset(words)


@cache
def _listed() -> frozenset[str]:
    lines = LIST.read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def _repeated(text: str) -> str:
    """What ``text`` is a repetition of; itself where it is none."""
    period = (text + text).find(text, 1)
    return text[:period] if period < len(text) else text


def _left_over(text: str, words: frozenset[str]) -> int:
    """The fewest characters that remain when ``text`` is cut into what is known; separators cost nothing."""
    longest = max(map(len, words))
    fewest = [0] + [len(text)] * len(text)
    for start in range(len(text)):
        so_far = fewest[start]
        free = _SEPARATORS.match(text[start]) is not None
        fewest[start + 1] = min(fewest[start + 1], so_far + (0 if free else 1))
        for length in _pieces(text, start, words, longest):
            fewest[start + length] = min(fewest[start + length], so_far)
    return fewest[-1]


def _pieces(text: str, start: int, words: frozenset[str], longest: int) -> Iterable[int]:
    """How long the known pieces are that begin at ``start``."""
    rest = text[start : start + longest]
    yield from (length for length in range(1, len(rest) + 1) if rest[:length] in words)
    if number := _NUMBERS.match(text, start):
        yield number.end() - start
    yield from (length for length in RUN_LENGTHS if _is_run(text[start : start + length], length))


def _is_run(piece: str, length: int) -> bool:
    return len(piece) == length and (len(set(piece)) == 1 or any(piece in run for run in RUNS))
