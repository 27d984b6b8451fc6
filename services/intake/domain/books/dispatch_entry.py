"""A row of the buku ekspedisi as shown. Invariant: of a letter that is not the reader's to read, the number alone."""

from datetime import date
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from services.intake.domain.books.agenda_entry import Voided, voided_of
from services.intake.domain.books.dispatch import Dispatch, Signed, State, signed
from services.intake.domain.letter import Letter


class DispatchEntry(BaseModel):
    """What was sent to one addressee, and who took it there. The agenda number is that of the unit that entered it."""

    model_config = ConfigDict(frozen=True)

    id: str
    agenda_number: int
    year: int
    withheld: bool = False
    letter_id: str | None = None
    letter_number: str | None = None
    letter_date: date | None = None
    subject: str | None = None
    to: str | None = None
    to_unit: str | None = None
    role: Literal["addressee", "copy"] | None = None
    outside: bool = False
    state: State | None = None
    sent_at: AwareDatetime | None = None
    sent_by: Signed | None = None
    read: Signed | None = None
    receipt: Signed | None = None
    exit: Signed | None = None
    training: bool = False
    voided: Voided | None = None


def dispatch_entry(dispatch: Dispatch, letter: Letter, *, readable: bool) -> DispatchEntry:
    """The row."""
    numbered = {"id": dispatch.id, "agenda_number": letter.agenda_number, "year": letter.year}
    if not readable:
        return DispatchEntry.model_validate({**numbered, "withheld": True, "training": dispatch.training})
    told = {name: getattr(dispatch, name) for name in _OF_DISPATCH}
    if dispatch.by_registrar:
        told["sent_by"] = signed(letter.registered_by, dispatch.sent_at)
    said = {name: getattr(letter, name) for name in ("letter_id", "letter_number", "letter_date", "subject")}
    return DispatchEntry.model_validate({**numbered, **told, **said, "voided": voided_of(letter)})


_OF_DISPATCH = (
    "to",
    "to_unit",
    "role",
    "outside",
    "state",
    "sent_at",
    "sent_by",
    "read",
    "receipt",
    "exit",
    "training",
)
