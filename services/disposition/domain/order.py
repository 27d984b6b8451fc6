"""What a person asks to be issued, and the rules it must meet. Invariant: a refusal names every offender at once."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from services.chassis.errors import unprocessable
from services.chassis.ids import EntityId
from services.contracts.disposition import RecipientRole
from services.disposition.domain.catalogue import FREE_TEXT
from services.disposition.domain.disposition import Parent

Note = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Code = Annotated[str, StringConstraints(min_length=1, max_length=40)]
MOST_RECIPIENTS = 30


class _Order(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ParentReference(_Order):
    """The disposition that is passed on, and as which of its recipients."""

    disposition_id: EntityId
    recipient_id: EntityId

    def parent(self) -> Parent:
        """As the domain keeps it."""
        return Parent(disposition_id=self.disposition_id, recipient_id=self.recipient_id)


class NewRecipient(_Order):
    """A position to instruct, with its own instructions, note and deadline.

    The deadline is a day (``due_on``), or so many working days from today (``working_days``); without either it is what
    the instructions say, if they say so. ``responsible`` is short for the role ``responsible``.
    """

    position_id: EntityId
    responsible: bool = False
    role: RecipientRole | None = None
    instructions: Annotated[tuple[Code, ...], Field(min_length=1, max_length=10)]
    note: Note | None = None
    due_on: date | None = None
    working_days: Annotated[int, Field(ge=1, le=120)] | None = None

    @model_validator(mode="after")
    def _one_of_each(self) -> Self:  # noqa: N804 - after validation it is an instance
        if self.due_on and self.working_days:
            raise ValueError("a deadline is a day or a number of working days, not both")
        if self.responsible and self.role not in (None, "responsible"):
            raise ValueError("a recipient has one role")
        return self

    @property
    def wanted_role(self) -> RecipientRole | None:
        """The role that was asked for, by either name; None where none was."""
        return "responsible" if self.responsible else self.role


class Ground(_Order):
    """In which standing somebody means to act. Position, branch and parent are derived where they are left out."""

    as_position: EntityId | None = None
    branch_id: EntityId | None = None
    parent: ParentReference | None = None


class NewDisposition(Ground):
    """A disposition as asked for."""

    note: Note | None = None
    recipients: Annotated[tuple[NewRecipient, ...], Field(min_length=1, max_length=MOST_RECIPIENTS)]

    @property
    def position_ids(self) -> list[str]:
        """The positions to instruct, in the order given."""
        return [one.position_id for one in self.recipients]


def check(recipients: Sequence[NewRecipient], note: str | None, today: date) -> None:
    """Refuse with 422 what can be seen to be wrong from the order alone."""
    twice = [one for one, times in Counter(each.position_id for each in recipients).items() if times > 1]
    if twice:
        raise unprocessable(
            "recipient_twice", "Satu jabatan hanya boleh disebut sekali dalam satu disposisi.", positions=twice
        )
    if any(FREE_TEXT in one.instructions and not (one.note or note) for one in recipients):
        raise unprocessable("note_required", "Instruksi “Lain-lain” harus disertai catatan.")
    for one in recipients:
        check_due(one.due_on, today)


def check_due(due_on: date | None, today: date) -> None:
    """Refuse with 422 a deadline that was over before it was set."""
    if due_on and due_on < today:
        raise unprocessable("due_in_past", "Batas waktu tidak boleh lebih awal daripada hari ini.")


def codes_of(recipients: Iterable[NewRecipient]) -> list[str]:
    """Every instruction that is named, each once, in order."""
    return list(dict.fromkeys(code for one in recipients for code in one.instructions))
