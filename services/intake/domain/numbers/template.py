"""The template of an outgoing number. Invariant: a template that was let in can be filled in, and counts within a year.

It is written as offices write it: ``KS/N/K/Y``. A word that is a token stands for what it names, every other word and
sign for itself; ``N3`` is the running number with at least three digits, and ``'K'`` the letter K itself.
"""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal, TypeAlias, get_args

from pydantic import AfterValidator, Field, StringConstraints

from services.contracts.vocabulary import Confidentiality

Token = Literal["KS", "N", "K", "U", "R", "Y"]
TOKENS: tuple[Token, ...] = get_args(Token)
"""Confidentiality code, running number, classification, unit code, month in roman numerals, year."""
Want = Literal["classification", "unit_code"]
CODES: dict[Confidentiality, str] = {"top_secret": "SR", "secret": "R", "restricted": "T", "ordinary": "B"}
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
MOST_DIGITS = 6
BLANK = "…"
"""What stands in a preview for what is not known yet."""
_PIECES = re.compile(r"'([^']*)'|([A-Za-z]+[0-9]*|[0-9]+)|([ ./(),:_-])")
_QUOTED = re.compile(r"[A-Za-z0-9 ./(),:_-]+")
_RUNNING = re.compile(r"N([1-9])")


@dataclass(frozen=True)
class Part:
    """A piece of a template: a token, or text that stands for itself. ``digits`` are the least of a running number."""

    token: Token | None
    text: str = ""
    digits: int = 1


@dataclass(frozen=True)
class Particulars:
    """What a number is filled in with, beside its running number."""

    confidentiality: Confidentiality
    on: date
    classification: str | None = None
    unit_code: str | None = None


def parts_of(text: str) -> tuple[Part, ...]:
    """The pieces of a template; ValueError where it is none."""
    found: list[Part] = []
    at = 0
    while at < len(text):
        match = _PIECES.match(text, at)
        if match is None:
            raise ValueError(f"{text[at]!r} cannot stand in a number")
        found.append(_part(match))
        at = match.end()
    times = Counter(part.token for part in found if part.token)
    if any(count > 1 for count in times.values()):
        raise ValueError("each token stands in a template once")
    if not times["N"]:
        raise ValueError("the running number N is missing")
    if not times["Y"]:
        raise ValueError("the year Y is missing: running numbers begin anew every year, and would be given twice")
    return tuple(found)


def _part(match: re.Match[str]) -> Part:
    quoted, word, sign = match.groups()
    if quoted is not None:
        if not _QUOTED.fullmatch(quoted):
            raise ValueError(f"{quoted!r} cannot stand in a number")
        return Part(None, quoted)
    if word is None:
        return Part(None, sign)
    token = next((one for one in TOKENS if one == word), None)
    if token:
        return Part(token)
    running = _RUNNING.fullmatch(word)
    if running is None:
        return Part(None, word)
    if int(running[1]) > MOST_DIGITS:
        raise ValueError(f"a running number is filled up to {MOST_DIGITS} digits at most")
    return Part("N", digits=int(running[1]))


def wanting(parts: tuple[Part, ...], known: Particulars) -> list[Want]:
    """What the template asks for and nobody has said."""
    tokens = {part.token for part in parts}
    lacking: list[Want] = []
    if "K" in tokens and known.classification is None:
        lacking.append("classification")
    if "U" in tokens and known.unit_code is None:
        lacking.append("unit_code")
    return lacking


def filled(parts: tuple[Part, ...], known: Particulars, running: int) -> str:
    """The number; what is not known is left blank."""
    values: dict[Token, str] = {
        "KS": CODES[known.confidentiality],
        "K": known.classification or BLANK,
        "U": known.unit_code or BLANK,
        "R": ROMAN[known.on.month - 1],
        "Y": str(known.on.year),
    }
    return "".join(_shown(part, values, running) for part in parts)


def _shown(part: Part, values: dict[Token, str], running: int) -> str:
    if part.token is None:
        return part.text
    return values.get(part.token) or str(running).zfill(part.digits)


def _written(text: str) -> str:
    parts_of(text)
    return text


TemplateText: TypeAlias = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=100),
    AfterValidator(_written),
    Field(description="Tokens KS N K U R Y, such as `KS/N/K/Y`; `N3` for 007, `'K'` for the letter itself."),
]
