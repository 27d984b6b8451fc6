"""A row of the buku agenda. Invariant: every number has its row, whoever looks; what is not theirs to read is withheld.

A book with a hole could not be told from one in which a letter was taken out.
"""

from datetime import date

from pydantic import AwareDatetime, BaseModel, ConfigDict

from services.contracts.vocabulary import Confidentiality, Direction, Urgency
from services.intake.domain.letter import Letter
from services.projections.titles import display_title


class Voided(BaseModel):
    """That a registration does not hold any more: why, by whom, when."""

    model_config = ConfigDict(frozen=True)

    reason: str
    by: str
    at: AwareDatetime


class AgendaEntry(BaseModel):
    """A number and what was entered under it; of a ``withheld`` one the number alone."""

    model_config = ConfigDict(frozen=True)

    agenda_number: int
    withheld: bool = False
    letter_id: str | None = None
    direction: Direction | None = None
    received_on: date | None = None
    letter_number: str | None = None
    letter_date: date | None = None
    sender: str | None = None
    addressees: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    kind: str | None = None
    subject: str | None = None
    summary: str | None = None
    classification: str | None = None
    urgency: Urgency | None = None
    confidentiality: Confidentiality | None = None
    registered_by: str | None = None
    registered_at: AwareDatetime | None = None
    training: bool = False
    voided: Voided | None = None


def withheld(letter: Letter) -> AgendaEntry:
    """The row of a letter that is not the reader's to read."""
    return AgendaEntry(agenda_number=letter.agenda_number, withheld=True, training=letter.training)


def entry_of(letter: Letter) -> AgendaEntry:
    """The row of a letter."""
    by = letter.registered_by
    return AgendaEntry(
        agenda_number=letter.agenda_number,
        letter_id=letter.letter_id,
        direction=letter.direction,
        received_on=letter.received_on,
        letter_number=letter.letter_number,
        letter_date=letter.letter_date,
        sender=letter.sender.name,
        addressees=tuple(one.name for one in letter.addressees),
        copies=tuple(one.name for one in letter.copies),
        kind=letter.kind,
        subject=letter.subject,
        summary=letter.summary,
        classification=letter.classification,
        urgency=letter.urgency,
        confidentiality=letter.confidentiality,
        registered_by=f"{by.person_name} ({display_title(by.position_title, by.capacity)})",
        registered_at=letter.registered_at,
        training=letter.training,
        voided=voided_of(letter),
    )


def voided_of(letter: Letter) -> Voided | None:
    """How the letter was declared void, where it was."""
    act = getattr(letter, "voided", None)
    if act is None:
        return None
    return Voided(reason=act.reason, by=act.by.person_name, at=act.at)
