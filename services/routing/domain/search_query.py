"""What somebody asks for, in words. Invariant: a question has one to twelve words that tell letters apart.

Words in quotation marks must stand together. A star after a word's beginning asks for whatever begins so; the last
word is taken for a beginning too, because it may still be being typed.
"""

import re
from dataclasses import dataclass

from services.routing.domain.search_words import is_searched, whole_of, words

MOST_WORDS = 12
LONGEST_QUESTION = 200
SHORTEST_BEGINNING = 3
_PHRASE = re.compile(r"[\"“”„«»]")
_LETTERS = re.compile(r"[^\W\d_]+")


class Unanswerable(ValueError):
    """A question that cannot be searched for; ``code`` says why, the message says it in Bahasa Indonesia."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


@dataclass(frozen=True)
class Asked:
    """A word of the question. ``whole``: the number or code it is a part of, which answers for it as well."""

    form: str
    typed: str
    beginning: bool = False
    whole: str | None = None


@dataclass(frozen=True)
class Question:
    """The words that letters must have, and the phrases that must stand in them."""

    words: tuple[Asked, ...]
    phrases: tuple[tuple[str, ...], ...] = ()


def question(text: str) -> Question:
    """What ``text`` asks for; raises Unanswerable."""
    if not text.strip():
        raise Unanswerable("search_empty", "Isi kata yang ingin dicari.")
    if len(text) > LONGEST_QUESTION:
        raise Unanswerable("search_too_long", f"Pencarian paling panjang {LONGEST_QUESTION} huruf.")
    asked: dict[str, Asked] = {}
    phrases: list[tuple[str, ...]] = []
    parts = _PHRASE.split(text)
    for number, part in enumerate(parts):
        quoted = number % 2 == 1 and number < len(parts) - 1
        if quoted:
            phrases.append(tuple(_pieces(part)))
        for one in _asked(part, may_go_on=number == len(parts) - 1):
            known = asked.get(one.form)
            asked[one.form] = one if known is None or one.beginning else known
    if not asked:
        raise Unanswerable("search_too_common", "Kata itu ada di hampir semua surat. Tulis kata lain.")
    if len(asked) > MOST_WORDS:
        raise Unanswerable("search_too_long", f"Pencarian paling banyak {MOST_WORDS} kata.")
    return Question(tuple(asked.values()), tuple(phrase for phrase in phrases if len(phrase) > 1))


def _pieces(part: str) -> list[str]:
    """The words of a phrase as they must stand; a code's parts are enough."""
    found: dict[int, str] = {}
    for word in words(part):
        found.setdefault(word.start, word.form)
    return list(found.values())


def _asked(part: str, *, may_go_on: bool) -> list[Asked]:
    chunks = part.split()
    found: list[Asked] = []
    for number, chunk in enumerate(chunks):
        last = may_go_on and number == len(chunks) - 1 and not part[-1:].isspace()
        found += _of_chunk(chunk, last)
    return found


def _of_chunk(chunk: str, last: bool) -> list[Asked]:
    """The words between two spaces; only one that is letters alone can be a beginning."""
    whole = whole_of(chunk)
    forms: dict[int, tuple[str, str]] = {}
    for word in words(chunk):
        forms.setdefault(word.start, (word.form, chunk[word.start : word.end]))
    begun = len(forms) == 1 and (last or chunk.endswith("*"))
    return [
        Asked(form, typed, begun and len(form) >= SHORTEST_BEGINNING and bool(_LETTERS.fullmatch(form)), whole)
        for form, typed in forms.values()
        if is_searched(form) or (chunk.endswith("*") and len(form) >= SHORTEST_BEGINNING)
    ]
