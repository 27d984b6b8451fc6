"""A registered letter. Invariant: it is complete from the first moment and its originals never change."""

from datetime import date

from pydantic import AwareDatetime, BaseModel, ConfigDict

from services.contracts.intake import LetterRegistered, StoredFile
from services.contracts.vocabulary import (
    Actor,
    Category,
    Confidentiality,
    Direction,
    Occasion,
    Party,
    Urgency,
)
from services.intake.domain.numbers.number import HouseNumber

FIRST_VERSION = 1
"""The stream's version when a letter is registered."""


class Voided(BaseModel):
    """That a registration is void: why, and by whom it was declared so. Its number stays in the book."""

    model_config = ConfigDict(frozen=True)

    reason: str
    by: Actor
    at: AwareDatetime


class Letter(BaseModel):
    """A letter in a unit's agenda book. The unit is that of ``registered_by``; ``version`` is that of its stream."""

    model_config = ConfigDict(frozen=True)

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
    summary: str | None
    letter_number: str | None
    letter_date: date | None
    classification: str | None = None
    received_on: date
    sender: Party
    addressees: tuple[Party, ...]
    copies: tuple[Party, ...]
    files: tuple[StoredFile, ...]
    occasion: Occasion | None
    registered_by: Actor
    registered_at: AwareDatetime
    training: bool = False
    house_number: HouseNumber | None = None
    """Where ``letter_number`` was taken from, where the house gave it."""
    version: int = FIRST_VERSION
    voided: Voided | None = None

    @property
    def unit_id(self) -> str:
        """The unit in whose book it is."""
        return self.registered_by.unit_id

    def file(self, file_id: str) -> StoredFile | None:
        """The file with this id, or None."""
        return next((one for one in self.files if one.file_id == file_id), None)

    def registered(self) -> LetterRegistered:
        """The event that tells of it."""
        return LetterRegistered(**{name: getattr(self, name) for name in LetterRegistered.model_fields})
