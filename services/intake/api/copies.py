"""Copies of scans: how far they are, previews, the normalised PDF, the text. Whoever may read the original may these.

Of a letter's scan under ``/v1/letters/{id}/files/{file_id}``, of one that has no letter yet under ``/v1/scans/{id}``.
"""

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from fastapi.responses import Response, StreamingResponse
from pydantic import AwareDatetime, BaseModel

from services.chassis.errors import ServiceError
from services.chassis.files.handing_out import Kept, Wanted, WantedPart, hand_out
from services.chassis.ids import EntityId
from services.chassis.openapi import problems
from services.contracts.intake import PageWarning
from services.intake.api.letters import Reader, Registrar
from services.intake.commands.copies.find_copies import copies_of_file, copies_of_scan, copy_of, preview_of
from services.intake.context import Context, Ctx
from services.intake.domain.copies.copies import CopiesOf, Copy

router = APIRouter(tags=["intake"])

_FILE = "/v1/letters/{letter_id}/files/{file_id}"
_SCAN = "/v1/scans/{scan_id}"
_BINARY = {"schema": {"type": "string", "format": "binary"}}

Number = Annotated[int, Path(ge=1, le=100_000)]
Size = Annotated[Literal["small", "large"], Query(description="320 or 1400 pixels on the longer side.")]


class CopiedPage(BaseModel):
    """A page, counted from 1, as it is shown; in points. ``preview`` where there is one."""

    page: int
    width: float
    height: float
    recognised: bool
    preview: bool


class CopiesView(BaseModel):
    """How far the copies are. While they are ``due`` there are none; ``parked`` means that there will be none.

    ``archival``: the normalised PDF is a PDF/A. ``failed_pages`` have no copy, or no text, and are in the original.
    """

    state: Literal["due", "done", "parked"]
    pages: list[CopiedPage]
    warnings: list[PageWarning]
    failed_pages: list[int]
    recognised: bool
    normalised: bool
    archival: bool
    made_at: AwareDatetime | None = None

    @classmethod
    def of(cls, copies: CopiesOf | None) -> "CopiesView":
        """The view of ``copies``; None are due."""
        done = copies if copies and copies.state == "done" else None
        return cls(
            state="parked" if copies and copies.state == "parked" else "done" if done else "due",
            pages=[
                CopiedPage(**page.model_dump(exclude={"small", "large"}), preview=page.large is not None)
                for page in (done.pages if done else ())
            ],
            warnings=list(done.warnings) if done else [],
            failed_pages=list(done.failed_pages) if done else [],
            recognised=bool(done and done.recognised),
            normalised=bool(done and done.normalised),
            archival=bool(done and done.archival),
            made_at=done.made_at if done else None,
        )


def _answers(media_type: str, what: str) -> dict[int | str, dict[str, object]]:
    return {
        200: {"description": what, "content": {media_type: _BINARY}},
        206: {"description": "The part asked for", "content": {media_type: _BINARY}},
        304: {"description": "Unchanged"},
        **problems(401, 403, 404, 409, 416, 422),
    }


@router.get(
    _FILE + "/copies",
    operation_id="get_letter_file_copies",
    summary="How far the copies of a letter's scan are",
    response_model=CopiesView,
    responses=problems(401, 403, 404, 422),
)
async def file_copies(context: Ctx, caller: Reader, letter_id: EntityId, file_id: EntityId) -> CopiesView:
    """Its pages, and what a person should look at on them."""
    return CopiesView.of(await copies_of_file(context, caller, letter_id, file_id))


@router.get(
    _FILE + "/pages/{number}",
    operation_id="get_letter_file_page",
    summary="A preview of a page",
    response_class=StreamingResponse,
    responses=_answers("image/webp", "The preview"),
)
async def file_page(
    context: Ctx,
    caller: Reader,
    letter_id: EntityId,
    file_id: EntityId,
    number: Number,
    wanted: WantedPart,
    size: Size = "large",
) -> Response:
    """404 also while there is none."""
    copies = await copies_of_file(context, caller, letter_id, file_id)
    return await _handed_out(context, preview_of(copies, number, size), f"halaman-{number}.webp", "image/webp", wanted)


@router.get(
    _FILE + "/normalised",
    operation_id="get_letter_file_normalised",
    summary="A letter's scan as a PDF/A with its text",
    response_class=StreamingResponse,
    responses=_answers("application/pdf", "The normalised PDF"),
)
async def file_normalised(
    context: Ctx, caller: Reader, letter_id: EntityId, file_id: EntityId, wanted: WantedPart
) -> Response:
    """A copy for reading and searching: what proves anything is the original."""
    copies = await copies_of_file(context, caller, letter_id, file_id)
    name = copies.file.name.rpartition(".")[0] or copies.file.name if copies else ""
    return await _handed_out(context, copy_of(copies, "normalised"), f"{name}.pdf", "application/pdf", wanted)


@router.get(
    _FILE + "/text",
    operation_id="get_letter_file_text",
    summary="What is written on a letter's scan, as far as it could be read",
    response_class=StreamingResponse,
    responses=_answers("text/plain", "The text; pages are separated by form feeds"),
)
async def file_text(
    context: Ctx, caller: Reader, letter_id: EntityId, file_id: EntityId, wanted: WantedPart
) -> Response:
    """UTF-8."""
    copies = await copies_of_file(context, caller, letter_id, file_id)
    return await _handed_out(context, copy_of(copies, "text"), "teks.txt", "text/plain; charset=utf-8", wanted)


@router.get(
    _SCAN + "/copies",
    operation_id="get_scan_copies",
    summary="How far the copies of a scan without a letter are",
    response_model=CopiesView,
    responses=problems(401, 403, 404, 409, 422),
)
async def scan_copies(context: Ctx, caller: Registrar, scan_id: EntityId) -> CopiesView:
    """409 where a letter has it: its copies are shown there."""
    return CopiesView.of(await copies_of_scan(context, caller, scan_id))


@router.get(
    _SCAN + "/pages/{number}",
    operation_id="get_scan_page",
    summary="A preview of a page of a scan without a letter",
    response_class=StreamingResponse,
    responses=_answers("image/webp", "The preview"),
)
async def scan_page(
    context: Ctx, caller: Registrar, scan_id: EntityId, number: Number, wanted: WantedPart, size: Size = "large"
) -> Response:
    """404 also while there is none; 409 where a letter has it."""
    copies = await copies_of_scan(context, caller, scan_id)
    return await _handed_out(context, preview_of(copies, number, size), f"halaman-{number}.webp", "image/webp", wanted)


async def _handed_out(context: Context, copy: Copy, name: str, media_type: str, wanted: Wanted) -> Response:
    lost = ServiceError(500, "copy_lost", "Salinan tidak dapat dibaca dengan utuh. Silakan buka berkas aslinya.")
    kept = Kept(copy.key, name, media_type, copy.size, copy.sha256)
    return await hand_out(context.storage, kept, wanted, lost)
