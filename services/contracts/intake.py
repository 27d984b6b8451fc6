"""Events of intake: a letter came into the house. Stream: ``letter/<id>``, versions from 1."""

from datetime import date

from pydantic import AwareDatetime

from services.contracts.event import Event, Fact
from services.contracts.vocabulary import Actor, Category, Confidentiality, Direction, Occasion, Party, Urgency


class StoredFile(Fact):
    """A scan in the object store: where it lies and how to know it is unchanged. ``size`` is in bytes."""

    file_id: str
    name: str
    object_key: str
    sha256: str
    size: int
    media_type: str
    pages: int


class LetterRegistered(Event, type="id.lontar.intake.letter.registered.v1", subject=("letter", "letter_id")):
    """A letter was entered in a unit's book and its originals are in the store."""

    letter_id: str
    direction: Direction
    book: str
    year: int
    agenda_number: int
    tracking_code: str
    kind: str
    category: Category
    urgency: Urgency
    confidentiality: Confidentiality
    subject: str
    summary: str | None = None
    letter_number: str | None = None
    letter_date: date | None = None
    received_on: date
    sender: Party
    addressees: tuple[Party, ...]
    copies: tuple[Party, ...] = ()
    files: tuple[StoredFile, ...]
    occasion: Occasion | None = None
    registered_by: Actor
    registered_at: AwareDatetime
