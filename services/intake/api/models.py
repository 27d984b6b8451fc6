"""What intake answers. Invariant: an object key never leaves the house."""

from datetime import date

from pydantic import AwareDatetime, BaseModel

from services.contracts.vocabulary import (
    Actor,
    Category,
    Confidentiality,
    Direction,
    Occasion,
    Party,
    Urgency,
)
from services.intake.domain.letter import Letter


class FileView(BaseModel):
    """An original, as a client sees it. ``size`` is in bytes; ``sha256`` is hexadecimal."""

    file_id: str
    name: str
    sha256: str
    size: int
    media_type: str
    pages: int


class Warned(BaseModel):
    """Something the registrar should look at; the letter is registered all the same."""

    code: str
    detail: str
    letter_id: str | None = None


class Registered(BaseModel):
    """The answer of a registration."""

    id: str
    agenda_number: int
    year: int
    book: str
    tracking_code: str
    letter_number: str | None = None
    files: list[FileView]
    registered_at: AwareDatetime
    training: bool = False
    warnings: list[Warned]


class VoidedView(BaseModel):
    """That a registration is void, why, and who declared it so."""

    reason: str
    by: Actor
    at: AwareDatetime


class LetterView(BaseModel):
    """A letter in the register. ``training``: entered to practise. ``version`` grows with every correction."""

    id: str
    unit_id: str
    agenda_number: int
    year: int
    book: str
    tracking_code: str
    direction: Direction
    kind: str
    category: Category
    urgency: Urgency
    confidentiality: Confidentiality
    subject: str
    summary: str | None
    letter_number: str | None
    letter_date: date | None
    classification: str | None
    received_on: date
    sender: Party
    addressees: list[Party]
    copies: list[Party]
    occasion: Occasion | None
    files: list[FileView]
    registered_by: Actor
    registered_at: AwareDatetime
    training: bool = False
    version: int = 1
    voided: VoidedView | None = None

    @classmethod
    def of(cls, letter: Letter) -> "LetterView":
        """The view of ``letter``."""
        shown = letter.model_dump(exclude={"letter_id", "files"})
        files = [FileView.model_validate(file.model_dump(exclude={"object_key"})) for file in letter.files]
        return cls.model_validate({**shown, "id": letter.letter_id, "unit_id": letter.unit_id, "files": files})


class CorrectedView(LetterView):
    """A letter that was corrected, and what its keeper should look at now."""

    warnings: list[Warned] = []
