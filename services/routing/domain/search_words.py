"""Words of letters, as they are searched for. Invariant: what is asked and what is written go through the same steps.

A word is compared in its plain form: NFKC, casefolded, without accents, numbers without leading zeros. What a letter's
number or tracking code is made of ("005/12/SKT/XI/2026", "SKT-7K2M") is found by its parts and as a whole, with the
marks between them or without.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

LONGEST_WORD = 40
_RUN = re.compile(r"[^\W_]+(?:[-./–][^\W_]+)*")
_PIECE = re.compile(r"[^\W_]+")
_TWO_PARTS = re.compile(r"([^\W\d_]{3,})(\d{2,})|(\d{2,})([^\W\d_]{3,})")
_DIGIT = re.compile(r"\d")

STOP_WORDS = frozenset(
    """
    ada adalah adanya agar akan antara apabila atas atau bagi bahwa bapak beserta bila dalam dan dapat dari dengan di
    demikian guna hal harap hormat ia ibu ini itu jika juga kami kepada karena ke kemudian kita lain lalu lebih maka
    maupun melalui mereka namun oleh pada para pun saat saja sampai sangat saudara saudari sebagai sebagaimana
    sebelum secara sedang sehingga sehubungan sejak selaku seluruh semua seperti serta sesuai setelah setiap
    suatu sudah supaya tanpa telah tentang terhadap terkait tersebut tetapi untuk yaitu yakni yang yth
    """.split()  # noqa: SIM905 - a list of words reads better as words
)
"""Words that say nothing of a letter's matter: our own list, from the phrases official letters are written in."""


class Word(NamedTuple):
    """A word where it stands: ``text[start:end]``, in its plain form."""

    start: int
    end: int
    form: str


REMEMBERED = 40
"""Longer pieces of writing are read anew each time: what strangers write must not fill the memory."""


def words(text: str) -> Iterator[Word]:
    """Every word of the text; of a number or code its parts, and after them the whole."""
    for run in _RUN.finditer(text):
        at = run.start()
        for start, end, form in _read(run[0]):
            yield Word(at + start, at + end, form)


def searched(text: str) -> Iterator[Word]:
    """The words of the text that tell letters apart."""
    for run in _RUN.finditer(text):
        at = run.start()
        for start, end, form in _searched(run[0]):
            yield Word(at + start, at + end, form)


def whole_of(text: str) -> str | None:
    """The whole of a number or code that is written with marks between its parts; None where it is neither."""
    return _whole(_PIECE.findall(text))


def plain(written: str) -> str:
    """The form a piece of writing is compared in."""
    return _plain(written) if len(written) <= REMEMBERED else _plain.__wrapped__(written)


@lru_cache(maxsize=20_000)
def _plain(written: str) -> str:
    folded = unicodedata.normalize("NFKD", written.casefold())
    bare = "".join(one for one in folded if not unicodedata.combining(one))
    form = unicodedata.normalize("NFKC", bare).casefold()
    return (form.lstrip("0") or "0") if form.isdigit() else form


def is_searched(form: str) -> bool:
    """Whether the word tells letters apart: single letters and the commonest words do not."""
    return form not in STOP_WORDS and (len(form) > 1 or form.isdigit()) and len(form) <= LONGEST_WORD


def _read(run: str) -> tuple[Word, ...]:
    """The words of a run of letters and digits with marks between them, where they stand in it."""
    return _read_run(run) if len(run) <= REMEMBERED else _read_run.__wrapped__(run)


@lru_cache(maxsize=20_000)
def _read_run(run: str) -> tuple[Word, ...]:
    pieces = list(_PIECE.finditer(run))
    found = [Word(piece.start(), piece.end(), form) for piece in pieces for form in _forms(piece[0])]
    whole = _whole([piece[0] for piece in pieces])
    return (*found, Word(0, len(run), whole)) if whole else tuple(found)


def _searched(run: str) -> tuple[Word, ...]:
    return tuple(word for word in _read(run) if is_searched(word.form))


def _forms(piece: str) -> list[str]:
    """The plain form, and where letters and digits were written together ("RT05") the two alone."""
    form = plain(piece)
    parts = _TWO_PARTS.fullmatch(form)
    return [form, *(plain(part) for part in parts.groups() if part)] if parts else [form]


def _whole(pieces: list[str]) -> str | None:
    if len(pieces) < 2 or not any(_DIGIT.search(piece) for piece in pieces):
        return None
    whole = "".join(plain_code(piece) for piece in pieces)
    return whole if len(whole) <= LONGEST_WORD else None


def plain_code(piece: str) -> str:
    """The form of a part of a code: like a word's, but leading zeros count."""
    form = plain(piece)
    return piece if piece.isdigit() and piece.isascii() else form
