"""What a letter is about, and how urgent and confidential it calls itself. Invariant: nothing but its own words."""

import re
from collections.abc import Sequence
from typing import TypeVar

from rapidfuzz import fuzz

from services.contracts.vocabulary import Confidentiality, Urgency
from services.intake.domain.suggestions.labels import Field, Sheet, bare_value
from services.intake.domain.suggestions.rows import Span, joined
from services.intake.domain.suggestions.spelling import alike, folded, looks
from services.intake.domain.suggestions.suggested import Suggested

LONGEST = 500
_ENCLOSED = re.compile(
    r"^\W*\d|\b(?:berkas|lembar|gabung|eksemplar|bendel|segera|biasa|rahasia|penting)\b", re.IGNORECASE
)
_BROKEN = re.compile(
    r"\b(?:dan|di|ke|dari|yang|dengan|untuk|pada|dalam|atas|serta|tentang|hal-hal|lain|oleh|bagi)\W*$", re.IGNORECASE
)
"""No subject ends so: its next line was not found."""
Value = TypeVar("Value")
URGENCIES: tuple[tuple[str, Urgency], ...] = (
    ("sangat segera", "very_urgent"), ("amat segera", "very_urgent"), ("kilat", "very_urgent"),
    ("segera", "urgent"), ("biasa", "normal"),
)  # fmt: skip
CONFIDENTIALITIES: tuple[tuple[str, Confidentiality], ...] = (
    ("sangat rahasia", "top_secret"), ("rahasia", "secret"), ("terbatas", "restricted"),
)  # fmt: skip


def subject(sheet: Sheet, fields: Sequence[Field]) -> Suggested[str] | None:
    """What stands behind ``Hal`` or ``Perihal``, or below ``TENTANG``."""
    named = [one for one in fields if one.label == "subject"]
    with_colon = [one for one in named if one.colon] or [one for one in named if one.row < 25]
    for field in with_colon[:1]:
        text = bare_value(field.value.text)
        if sum(map(str.isalpha, text)) >= 4:
            sure = (0.95 if field.colon else 0.75) * (1.0 if field.row < 30 else 0.7)
            sure *= 0.7 if _BROKEN.search(text) else 1.0
            return Suggested(tidy(text), sure, field.value.spot, text)
    return _about(sheet) or _unread(fields)


def _unread(fields: Sequence[Field]) -> Suggested[str] | None:
    """The last of the head's values whose labels cannot be read: the subject is always the last."""
    for field in reversed([one for one in fields if one.label == "unread"]):
        text = tidy(field.value.text)
        if sum(map(str.isalpha, text)) >= 8 and len(text.split()) >= 2 and not _ENCLOSED.search(text):
            return Suggested(text, 0.55, field.value.spot, field.value.text)
    return None


def _about(sheet: Sheet) -> Suggested[str] | None:
    for index, row in enumerate(sheet.rows[:35]):
        if len(row.words) <= 2 and looks(row.text) == looks("tentang"):
            lines: list[Span] = []
            for below in sheet.rows[index + 1 : index + 6]:
                if lines and below.y - lines[-1].y > 2.2 * below.height:
                    break
                if not _capital(below.text):
                    break
                lines.append(below)
            if lines:
                whole = joined(lines)
                return Suggested(_sentence(tidy(whole.text)), 0.92, whole.spot, whole.text)
    return None


def _capital(text: str) -> bool:
    letters = [symbol for symbol in text if symbol.isalpha()]
    return len(letters) > 3 and sum(map(str.isupper, letters)) > 0.7 * len(letters)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:].lower() if _capital(text) else text


def tidy(text: str) -> str:
    """One line, without the dirt at its ends."""
    return re.sub(r"\s+", " ", text).strip(" |_~*“”\"'‘’.,;:—").strip()[:LONGEST]


def urgency(fields: Sequence[Field]) -> Suggested[Urgency] | None:
    """What stands behind ``Sifat``."""
    return _nature(fields, URGENCIES)


def confidentiality(fields: Sequence[Field]) -> Suggested[Confidentiality] | None:
    """The same for secrets."""
    return _nature(fields, CONFIDENTIALITIES)


def _nature(fields: Sequence[Field], meanings: Sequence[tuple[str, Value]]) -> Suggested[Value] | None:
    named = [one for one in fields if one.label == "nature"] or [one for one in fields if one.label == "unread"]
    for field in named:
        sure = [(_says(field.value.text, words), -turn, value) for turn, (words, value) in enumerate(meanings)]
        best, _, value = max(sure, key=lambda one: one[:2])
        if best and (field.label == "nature" or len(field.value.words) <= 2):
            return Suggested(value, best if field.label == "nature" else best * 0.8, field.value.spot, field.value.text)
    return None


def _says(text: str, words: str) -> float:
    """How sure the words stand there."""
    asked = words.split()
    said = folded(text).split()
    for at in range(len(said) - len(asked) + 1):
        part = said[at : at + len(asked)]
        if part == asked:
            return 0.95
        if all(alike(one, other) for one, other in zip(part, asked, strict=True)):
            return 0.8
    return 0.6 if len(said) == len(asked) == 1 and fuzz.ratio(said[0], asked[0]) >= 75 else 0.0
