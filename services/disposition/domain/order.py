"""What a person asks to be issued, and the rules it must meet. Invariant: a refusal names every offender at once."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.chassis.errors import unprocessable
from services.chassis.ids import EntityId
from services.disposition.domain.catalogue import FREE_TEXT, unknown_codes
from services.disposition.domain.disposition import Parent

Note = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Code = Annotated[str, StringConstraints(min_length=1, max_length=40)]


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
    """A position to instruct, with its own instructions, note and deadline."""

    position_id: EntityId
    responsible: bool = False
    instructions: Annotated[tuple[Code, ...], Field(min_length=1, max_length=10)]
    note: Note | None = None
    due_on: date | None = None


class NewDisposition(_Order):
    """A disposition as asked for. Position, branch and parent are derived where they are left out."""

    as_position: EntityId | None = None
    branch_id: EntityId | None = None
    parent: ParentReference | None = None
    note: Note | None = None
    recipients: Annotated[tuple[NewRecipient, ...], Field(min_length=1, max_length=30)]

    @property
    def position_ids(self) -> list[str]:
        """The positions to instruct, in the order given."""
        return [one.position_id for one in self.recipients]


def check(order: NewDisposition, today: date) -> None:
    """Refuse with 422 what can be seen to be wrong from the order alone."""
    twice = [position for position, times in Counter(order.position_ids).items() if times > 1]
    if twice:
        raise unprocessable(
            "recipient_twice", "Satu jabatan hanya boleh disebut sekali dalam satu disposisi.", positions=twice
        )
    if sum(one.responsible for one in order.recipients) > 1:
        raise unprocessable("several_responsible", "Hanya satu penerima yang boleh menjadi penanggung jawab.")
    if unknown := unknown_codes(code for one in order.recipients for code in one.instructions):
        names = ", ".join(unknown)
        raise unprocessable("unknown_instruction", f"Instruksi tidak dikenal: {names}.", instructions=unknown)
    if any(FREE_TEXT in one.instructions and not (one.note or order.note) for one in order.recipients):
        raise unprocessable("note_required", "Instruksi “Lain-lain” harus disertai catatan.")
    if any(one.due_on and one.due_on < today for one in order.recipients):
        raise unprocessable("due_in_past", "Batas waktu tidak boleh lebih awal daripada hari ini.")


def responsible_index(recipients: Sequence[NewRecipient]) -> int:
    """Which recipient is responsible: the one marked, else the first."""
    return next((index for index, one in enumerate(recipients) if one.responsible), 0)
