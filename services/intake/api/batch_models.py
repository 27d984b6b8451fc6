"""What is asked and answered of batches. Invariant: an object key never leaves the house."""

from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, Field

from services.chassis.ids import EntityId
from services.contracts.intake import StoredFile
from services.contracts.vocabulary import Actor, Category, Confidentiality, Direction, Urgency
from services.intake.api.models import FileView
from services.intake.domain.batches.arrangement import BatchLetter, Begun, LeftOut, LeftOutPage, Turn
from services.intake.domain.batches.batch import Batch, BatchState
from services.intake.domain.batches.edits import Edit
from services.intake.domain.batches.remarks import BatchWarning, warnings_of_batch, warnings_of_letter
from services.intake.domain.batches.sheet import SheetDefaults
from services.intake.domain.batches.splitting import PageFinding
from services.intake.domain.draft import PartyRef, Said

_REASONS: dict[LeftOut, str] = {
    "sheet": "Lembar pemisah",
    "sheet_back": "Sisi belakang lembar pemisah",
    "person": "Dikeluarkan",
}


class BatchForm(Said):
    """The loose scan that holds many letters."""

    scan: EntityId
    as_position: EntityId | None = Field(default=None, description="The position to act as.")


class EditsForm(Said):
    """Edits, made in this order, all or none."""

    edits: Annotated[tuple[Edit, ...], Field(min_length=1, max_length=500)]


class WarningView(BaseModel):
    """Something to look at; ``page`` where it is about one."""

    code: str
    detail: str
    page: int | None

    @classmethod
    def of(cls, warning: BatchWarning) -> "WarningView":
        """The view."""
        return cls(code=warning.code, detail=warning.detail, page=warning.page)


class TurnedPageView(BaseModel):
    """A page of the scan, from 1, and how far to the right it is to be turned."""

    page: int
    turn: Turn


class LeftOutView(TurnedPageView):
    """A page that is in no letter. ``label`` says why to people."""

    reason: LeftOut
    label: str

    @classmethod
    def of(cls, one: LeftOutPage) -> "LeftOutView":
        """The view."""
        return cls(page=one.page, turn=one.turn, reason=one.reason, label=_REASONS[one.reason])


class DefaultsView(BaseModel):
    """What the sheet suggests, as fields of a registration; those it says nothing of are left out."""

    direction: Direction | None = None
    kind: str | None = None
    category: Category | None = None
    urgency: Urgency | None = None
    confidentiality: Confidentiality | None = None
    addressees: list[PartyRef] | None = None

    @classmethod
    def of(cls, defaults: SheetDefaults) -> "DefaultsView":
        """The view."""
        said = defaults.model_dump(exclude={"addressee"})
        addressees = [PartyRef(kind="unit", id=defaults.addressee)] if defaults.addressee else None
        return cls(**said, addressees=addressees)


class BatchLetterView(BaseModel):
    """A letter to be. ``scan`` is there once it was cut: a scan to register, under its ``file_id``."""

    id: str
    pages: list[TurnedPageView]
    begun: Begun
    defaults: DefaultsView | None
    warnings: list[WarningView]
    scan: FileView | None

    @classmethod
    def of(cls, letter: BatchLetter, findings: dict[int, PageFinding]) -> "BatchLetterView":
        """The view."""
        return cls(
            id=letter.id,
            pages=[TurnedPageView(page=one.page, turn=one.turn) for one in letter.pages],
            begun=letter.begun,
            defaults=DefaultsView.of(letter.defaults) if letter.defaults else None,
            warnings=[WarningView.of(one) for one in warnings_of_letter(letter, findings)],
            scan=_file(letter.file) if letter.file else None,
        )


class BatchLine(BaseModel):
    """A batch in a list. ``looked_at`` of its pages were looked at so far; ``failure`` says what went wrong."""

    id: str
    unit_id: str
    scan: FileView
    scanned_by: Actor
    created_at: AwareDatetime
    state: BatchState
    version: int
    pages: int
    looked_at: int
    letter_count: int
    failure: str | None
    confirmed_at: AwareDatetime | None
    closed_at: AwareDatetime | None

    @classmethod
    def of(cls, batch: Batch) -> "BatchLine":
        """The line."""
        return cls(**_line(batch))


class BatchView(BatchLine):
    """A batch, whole. Every page is in one letter or left out."""

    letters: list[BatchLetterView]
    left_out: list[LeftOutView]
    warnings: list[WarningView]
    blank_pages: list[int]

    @classmethod
    def of(cls, batch: Batch) -> "BatchView":
        """The view."""
        findings = {one.page: one for one in batch.findings}
        arrangement = batch.arrangement
        return cls(
            **_line(batch),
            letters=[BatchLetterView.of(one, findings) for one in (arrangement.letters if arrangement else ())],
            left_out=[LeftOutView.of(one) for one in (arrangement.left_out if arrangement else ())],
            warnings=[WarningView.of(one) for one in warnings_of_batch(batch)] if arrangement else [],
            blank_pages=[one.page for one in batch.findings if one.blank],
        )


def _line(batch: Batch) -> dict[str, Any]:
    taken_over = (
        "id",
        "unit_id",
        "scanned_by",
        "created_at",
        "state",
        "version",
        "failure",
        "confirmed_at",
        "closed_at",
    )
    return {name: getattr(batch, name) for name in taken_over} | {
        "scan": _file(batch.scan),
        "pages": batch.scan.pages,
        "looked_at": len(batch.findings),
        "letter_count": len(batch.arrangement.letters) if batch.arrangement else 0,
    }


def _file(file: StoredFile) -> FileView:
    return FileView.model_validate(file.model_dump(exclude={"object_key"}))
