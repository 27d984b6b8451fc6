"""Correcting what a register says of a letter. Invariant: what it said before is kept, with who changed it and why.

What cannot be corrected is what others have acted on: the direction, the book and the number, whom it is for, and the
originals. Where one of those is wrong the registration is voided and the letter registered anew.
"""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Self, TypeAlias, get_args
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BaseModel, ConfigDict, StringConstraints, model_validator

from services.chassis.ids import EntityId
from services.contracts.intake import FieldChange
from services.contracts.vocabulary import Actor, Category, Confidentiality, Party, Urgency
from services.intake.domain.draft import (
    Classification,
    KindName,
    Line,
    Name,
    OccasionSaid,
    PartyRef,
    ReceivedOn,
    Said,
    Summary,
)
from services.intake.domain.letter import Letter
from services.intake.domain.wording import CATEGORIES, CONFIDENTIALITIES, URGENCIES, occasion_in_words
from services.projections.local_dates import long_date

Reason: TypeAlias = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=500)]
STRICTEST: tuple[Confidentiality, ...] = get_args(Confidentiality)
"""From the most confidential down."""


class CorrectionSaid(Said):
    """What is to be corrected: the fields that are named, and no others. Null empties a field that may be empty."""

    reason: Reason
    kind: KindName | None = None
    category: Category | None = None
    urgency: Urgency | None = None
    confidentiality: Confidentiality | None = None
    subject: Line | None = None
    summary: Summary | None = None
    letter_number: Name | None = None
    letter_date: date | None = None
    received_on: ReceivedOn | None = None
    sender: PartyRef | None = None
    occasion: OccasionSaid | None = None
    classification: Classification | None = None
    as_position: EntityId | None = None

    @model_validator(mode="after")
    def _filled(self) -> Self:  # noqa: N804 - after validation it is an instance
        empty = [name for name in sorted(self.named & ALWAYS_FILLED) if getattr(self, name) is None]
        if empty:
            raise ValueError(f"{', '.join(empty)} cannot be empty")
        if not self.named:
            raise ValueError("nothing is named that is to be corrected")
        return self

    @property
    def named(self) -> frozenset[str]:
        """The fields it speaks of."""
        return CORRECTABLE & self.model_fields_set

    def facts(self) -> dict[str, Any]:
        """What the letter is to say, but for its sender, who has to be found first."""
        facts = {name: getattr(self, name) for name in self.named - {"sender"}}
        if self.occasion is not None:
            facts["occasion"] = self.occasion.occasion()
        return facts


CORRECTABLE = frozenset(CorrectionSaid.model_fields) - {"reason", "as_position"}
ALWAYS_FILLED = CORRECTABLE - {"summary", "letter_number", "letter_date", "occasion", "classification"}


class Correction(BaseModel):
    """One correction. ``confidentiality`` is the stricter of what the letter was and became: who may not read such a
    letter is told what was corrected, never what it said."""

    model_config = ConfigDict(frozen=True)

    id: str
    letter_id: str
    version: int
    changes: tuple[FieldChange, ...]
    reason: str
    confidentiality: Confidentiality
    by: Actor
    at: AwareDatetime


def stricter(one: Confidentiality, other: Confidentiality) -> Confidentiality:
    """The more confidential of the two."""
    return min(one, other, key=STRICTEST.index)


def changes_between(before: Letter, after: Letter, zone: ZoneInfo) -> tuple[FieldChange, ...]:
    """What was corrected, as people read it, in the order of the form."""
    names = [name for name in CorrectionSaid.model_fields if name in CORRECTABLE]
    return tuple(
        FieldChange(field=name, before=_written(name, old, zone), after=_written(name, new, zone))
        for name in names
        if (old := getattr(before, name)) != (new := getattr(after, name))
    )


_WORDS: dict[str, Callable[[Any, ZoneInfo], str]] = {
    "category": lambda value, _: CATEGORIES[value],
    "urgency": lambda value, _: URGENCIES[value],
    "confidentiality": lambda value, _: CONFIDENTIALITIES[value],
    "letter_date": lambda value, _: long_date(value),
    "received_on": lambda value, _: long_date(value),
    "sender": lambda value, _: _named(value),
    "occasion": occasion_in_words,
}


def _written(name: str, value: Any, zone: ZoneInfo) -> str | None:
    if value is None:
        return None
    return _WORDS[name](value, zone) if name in _WORDS else str(value)


def _named(party: Party) -> str:
    return party.name
