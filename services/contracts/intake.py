"""Events of intake: a letter came into the house, what its scans say, and who asked for it.

Streams: ``letter/<id>``, ``scan/<file id>``, ``access/<id>``; versions from 1.
"""

from datetime import date
from typing import Literal

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
    classification: str | None = None


class ScanProcessed(Event, type="id.lontar.intake.scan.processed.v1", subject=("scan", "file_id")):
    """What is written on a scan, as far as it could be read. ``text`` is cut where ``truncated`` says so.

    ``source`` says how it was read: from the text the file carries, or by character recognition.
    """

    letter_id: str
    file_id: str
    sha256: str
    text: str
    truncated: bool = False
    source: Literal["embedded", "recognised"]
    at: AwareDatetime


class ConfidentialOpened(Event, type="id.lontar.intake.confidential.opened.v1", subject=("access", "access_id")):
    """Somebody entitled opened a confidential letter or one of its files. Told at most once an hour for each."""

    access_id: str
    letter_id: str
    file_id: str | None = None
    person_id: str
    person_name: str
    positions: tuple[str, ...] = ()
    at: AwareDatetime


class ReadingRefused(Event, type="id.lontar.intake.reading.refused.v1", subject=("access", "access_id")):
    """Somebody asked for a letter that is not theirs to read. Told at most once an hour for each."""

    access_id: str
    letter_id: str
    person_id: str
    person_name: str
    positions: tuple[str, ...] = ()
    at: AwareDatetime
