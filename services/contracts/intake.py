"""Events of intake: a letter came into the house, was corrected or voided, what its scans say, and who asked for it.

Streams: ``letter/<id>``, ``scan/<file id>``, ``copies/<file id>``, ``batch/<id>``, ``access/<id>``; versions from 1.
"""

from datetime import date
from typing import Literal, TypeAlias

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
    training: bool = False
    """Entered to practise: it has a book and numbers of its own and counts nowhere."""


class FieldChange(Fact):
    """One field that was corrected, as people read it; None where it was or is empty."""

    field: str
    before: str | None = None
    after: str | None = None


class LetterCorrected(Event, type="id.lontar.intake.letter.corrected.v1", subject=("letter", "letter_id")):
    """What the register says of a letter was corrected: all that can be, as it stands now, and what changed."""

    letter_id: str
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
    occasion: Occasion | None = None
    classification: str | None = None
    changes: tuple[FieldChange, ...]
    reason: str
    corrected_by: Actor
    at: AwareDatetime


class LetterVoided(Event, type="id.lontar.intake.letter.voided.v1", subject=("letter", "letter_id")):
    """A registration was declared void: its number stays in the book, with the reason, and is never given again."""

    letter_id: str
    book: str
    year: int
    agenda_number: int
    subject: str
    confidentiality: Confidentiality
    training: bool = False
    reason: str
    voided_by: Actor
    at: AwareDatetime


PageFault: TypeAlias = Literal["blurred", "skewed", "dark", "cut_off", "blank"]


class PageWarning(Fact):
    """What a person should look at on a page, counted from 1."""

    page: int
    fault: PageFault


class ScanDerived(Event, type="id.lontar.intake.scan.derived.v1", subject=("copies", "file_id")):
    """The derived copies of a scan are there, beside the untouched original: normalised PDF, previews, text.

    ``recognised`` where its text was read by character recognition; ``failed_pages`` could not be copied and are shown
    by the original alone.
    """

    letter_id: str
    file_id: str
    sha256: str
    pages: int
    normalised_sha256: str | None = None
    recognised: bool = False
    warnings: tuple[PageWarning, ...] = ()
    failed_pages: tuple[int, ...] = ()
    at: AwareDatetime


class ScanParked(Event, type="id.lontar.intake.scan.parked.v1", subject=("copies", "file_id")):
    """No copies of a scan could be made, and none is tried again by itself; the original is whole and can be read."""

    letter_id: str
    file_id: str
    name: str
    sha256: str
    reason: str
    attempts: int
    at: AwareDatetime


class BatchReady(Event, type="id.lontar.intake.batch.ready.v1", subject=("batch", "batch_id")):
    """A scan of many letters was split and waits for somebody to look at it before anything is registered."""

    batch_id: str
    unit_id: str
    scanned_by: Actor
    pages: int
    letters: int
    at: AwareDatetime


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
