"""Files of answers: brought first, then named in an answer by their ids; opened by whoever sees the disposition."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import APIRouter, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response, StreamingResponse
from pydantic import BaseModel

from services.chassis.auth import Caller
from services.chassis.errors import ServiceError
from services.chassis.files import office
from services.chassis.files.form import Part, read_form, unexpected
from services.chassis.files.handing_out import WantedPart, hand_out
from services.chassis.files.received import Received, Spool, SpoolLimits, clean_name
from services.chassis.idempotency import IdempotencyKey
from services.chassis.ids import EntityId
from services.chassis.openapi import problems
from services.disposition.commands.bring_attachment import bring_attachment, may_bring
from services.disposition.commands.show_attachment import find_attachment
from services.disposition.context import Ctx

router = APIRouter(prefix="/v1/dispositions/{disposition_id}/attachments", tags=["disposition"])

FILE = "file"
_BINARY = {"type": "string", "format": "binary"}
_TYPES = ("application/pdf", "image/jpeg", "image/png", "image/tiff", "image/heic", *sorted(office.MEDIA_TYPES))
_CONTENT: dict[str, Any] = {kind: {"schema": _BINARY} for kind in _TYPES}
_FORM = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {"type": "object", "required": [FILE], "properties": {FILE: _BINARY}},
            "encoding": {FILE: {"contentType": ", ".join(_TYPES)}},
        }
    },
}


class BroughtFile(BaseModel):
    """A file that waits to be added to an answer: for a day, then it is gone."""

    attachment_id: str
    name: str
    media_type: str
    size: int
    sha256: str


@router.post(
    "",
    status_code=201,
    summary="Bring a file, to be added to an answer",
    operation_id="bring_disposition_attachment",
    responses=problems(400, 401, 403, 404, 409, 413, 415, 422, 507),
    openapi_extra={"requestBody": _FORM},
)
async def bring(
    disposition_id: EntityId, request: Request, caller: Caller, context: Ctx, key: IdempotencyKey = None
) -> BroughtFile:
    """One file of at most 25 MB, told by its bytes: PDF, JPEG, PNG, TIFF, HEIC, or an office document.

    Nothing in it may run by itself: no macro, no script, no file within.

    For whoever gave the disposition or was instructed by it. Its id then goes into ``attachments`` of an answer.
    """
    await may_bring(context, caller, disposition_id)
    async with _sent(request, context.files.limits) as file:
        return BroughtFile.model_validate(await bring_attachment(context, caller, disposition_id, file, key))


@router.get(
    "/{attachment_id}",
    summary="Open a file of an answer",
    operation_id="get_disposition_attachment",
    response_class=StreamingResponse,
    responses={
        200: {"description": "The file", "content": _CONTENT},
        206: {"description": "The part asked for", "content": _CONTENT},
        304: {"description": "Unchanged"},
        **problems(401, 404, 416, 422),
    },
)
async def opened(
    disposition_id: EntityId, attachment_id: EntityId, caller: Caller, context: Ctx, wanted: WantedPart
) -> Response:
    """For whoever may see the disposition; before it was added to an answer, for who brought it.

    ``Repr-Digest`` is the hash of the whole file, also on a part of it.
    """
    file = await find_attachment(context, caller, disposition_id, attachment_id)
    lost = ServiceError(500, "file_lost", "Lampiran tidak dapat dibaca dengan utuh. Silakan hubungi administrator.")
    return await hand_out(context.files.storage, file, wanted, lost)


@asynccontextmanager
async def _sent(request: Request, limits: SpoolLimits) -> AsyncIterator[Received]:
    """The one file in the body of ``request``; what was spooled is gone when the block ends."""
    spools: list[Spool] = []

    def wanted(name: str, filename: str) -> Part:
        if name != FILE or spools:
            raise unexpected(name)
        spools.append(Spool(clean_name(filename), limits))
        return spools[0]

    try:
        await read_form(request, wanted, "Lampiran dikirim sebagai multipart/form-data dengan satu bagian `file`.")
        if not spools:
            raise RequestValidationError([{"type": "missing", "loc": ("body", FILE), "msg": "Field required"}])
        yield spools[0].received()
    finally:
        for spool in spools:
            spool.close()
