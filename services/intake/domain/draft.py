"""What a registrar says of a letter. Invariant: a draft is well-formed in itself; its parties may not exist.

It is also the JSON of the ``letter`` part, so its field names are API.
"""

from datetime import UTC, date, datetime
from typing import Annotated, Self, TypeAlias

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from services.chassis.ids import EntityId
from services.contracts.vocabulary import (
    Category,
    Confidentiality,
    Direction,
    Occasion,
    PartyKind,
    Urgency,
)
from services.intake.domain.agenda import TRAINING
from services.intake.domain.numbers.forms import TemplateKind


def _text(longest: int) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, min_length=1, max_length=longest)


def _not_for_practice(name: str) -> str:
    if name.startswith(TRAINING):
        raise ValueError(f"books of practice are named by the house: say training, and leave out {TRAINING}")
    return name


Name: TypeAlias = Annotated[str, _text(200)]
Line: TypeAlias = Annotated[str, _text(500)]
KindName: TypeAlias = Annotated[str, _text(100)]
Summary: TypeAlias = Annotated[str, _text(4000)]
ReceivedOn: TypeAlias = Annotated[date, Field(ge=date(1945, 8, 17))]
EARLIEST = datetime(1945, 8, 17, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)
"""No occasion lies outside these: at the ends of the calendar an instant cannot be told in another time zone."""
Classification: TypeAlias = Annotated[
    str, StringConstraints(strip_whitespace=True, pattern=r"^[0-9]{3}(\.[0-9]{1,3}){0,5}$")
]
"""A code of the archive classification (Permendagri 83/2022), well-formed; whether there is such a one is data."""
BookName: TypeAlias = Annotated[
    str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,39}$"), AfterValidator(_not_for_practice)
]


class Said(BaseModel):
    """A part of a draft: nothing unknown is let in."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class PartyRef(Said):
    """Whom a letter is for or from: a unit or position by its id, anybody else by name."""

    kind: PartyKind
    id: EntityId | None = Field(default=None, description="For a unit or a position; its name is taken from there.")
    name: Name | None = Field(default=None, description="For an external party.")

    @model_validator(mode="after")
    def _identified(self) -> Self:  # noqa: N804 - after validation it is an instance
        if self.kind == "external" and (self.name is None or self.id is not None):
            raise ValueError("an external party has a name and no id")
        if self.kind != "external" and self.id is None:
            raise ValueError(f"a {self.kind} is named by its id")
        return self

    @property
    def identity(self) -> tuple[str, str]:
        """What makes two mentions the same party."""
        return self.kind, self.id or (self.name or "").casefold()


class OccasionSaid(Said):
    """What an invitation invites to; ends after it starts, both within what a calendar can hold."""

    title: Name
    place: Name | None = None
    starts_at: Annotated[AwareDatetime, Field(ge=EARLIEST)]
    ends_at: Annotated[AwareDatetime, Field(le=LATEST)]

    @model_validator(mode="after")
    def _forward(self) -> Self:  # noqa: N804 - after validation it is an instance
        if self.ends_at <= self.starts_at:
            raise ValueError("ends_at must be after starts_at")
        return self

    def occasion(self) -> Occasion:
        """The same in the published vocabulary."""
        return Occasion(title=self.title, place=self.place, starts_at=self.starts_at, ends_at=self.ends_at)


class Draft(Said):
    """A letter as it is handed in for registration."""

    direction: Direction
    book: BookName | None = Field(
        default=None, description="The agenda book; by default `masuk`, `keluar` or `internal`, by direction."
    )
    kind: KindName = Field(description="Jenis naskah, such as `Surat Dinas` or `Surat Undangan`.")
    category: Category
    urgency: Urgency
    confidentiality: Confidentiality
    subject: Line
    summary: Summary | None = None
    letter_number: Name | None = Field(default=None, description="The sender's own number; never unique.")
    letter_date: date | None = None
    classification: Classification | None = Field(
        default=None, description="Klasifikasi arsip (Permendagri 83/2022), such as `620` or `000.1.2`."
    )
    received_on: ReceivedOn | None = Field(default=None, description="By default today, local time.")
    sender: PartyRef | None = Field(default=None, description="By default the unit of the acting position.")
    addressees: tuple[PartyRef, ...] = Field(min_length=1, max_length=50)
    copies: tuple[PartyRef, ...] = Field(default=(), max_length=50)
    occasion: OccasionSaid | None = None
    number_template: TemplateKind | None = Field(
        default=None, description="Have the house give the letter's number, by this template of the unit."
    )
    training: bool = Field(default=False, description="To practise: entered in a book of its own, and counted nowhere.")
    as_position: EntityId | None = Field(
        default=None, description="The position to act as; by default the first held one that handles letters."
    )

    @model_validator(mode="after")
    def _each_once(self) -> Self:  # noqa: N804 - after validation it is an instance
        mentioned = [party.identity for party in (*self.addressees, *self.copies)]
        if len(set(mentioned)) < len(mentioned):
            raise ValueError("each addressee or copy is named once")
        return self

    @model_validator(mode="after")
    def _numbered_once(self) -> Self:  # noqa: N804 - after validation it is an instance
        if self.number_template and self.letter_number:
            raise ValueError("a letter is numbered by a template or has its letter_number, not both")
        if self.number_template and self.direction == "incoming":
            raise ValueError("an incoming letter has the number its sender gave it")
        return self
