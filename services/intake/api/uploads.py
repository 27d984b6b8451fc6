"""``/v1/uploads``: files in as many requests as the line needs, by the tus protocol 1.0 (https://tus.io).

An upload's id is the id of the scan it becomes: ``/v1/scans/{id}`` says what became of it.
"""

from typing import Annotated

from fastapi import APIRouter, Header, Request
from fastapi.responses import Response
from starlette.requests import ClientDisconnect

from services.chassis.auth import Caller, Principal
from services.chassis.errors import ServiceError
from services.chassis.idempotency import IdempotencyKey
from services.chassis.ids import EntityId
from services.chassis.openapi import problems
from services.intake.api.tus import (
    OFFSET_TYPE,
    TusRoute,
    Uploader,
    abilities,
    body_of,
    carries_bytes,
    length_of,
    number,
    state_of,
)
from services.intake.commands.uploads.admit import admit_soon
from services.intake.commands.uploads.create_upload import create_upload
from services.intake.commands.uploads.end_upload import end_upload
from services.intake.commands.uploads.find_upload import find_upload
from services.intake.commands.uploads.receive_upload import ClientGone, receive_upload
from services.intake.context import Context, Ctx
from services.intake.domain.uploads.upload import Upload

router = APIRouter(prefix="/v1/uploads", tags=["intake"], route_class=TusRoute)

_TEXT = {"schema": {"type": "string"}}
_OFFSET = {"Upload-Offset": {"description": "Up to where the bytes are here", "schema": {"type": "integer"}}}
_BYTES = {"content": {OFFSET_TYPE: {"schema": {"type": "string", "format": "binary"}}}}


@router.options("", operation_id="get_upload_abilities", summary="What of tus is spoken here", status_code=204)
async def abilities_of_all(context: Ctx, caller: Caller) -> Response:
    """Version, extensions, checksums and the greatest length."""
    del caller
    return Response(status_code=204, headers=abilities(context.settings))


@router.options("/{upload_id}", include_in_schema=False, status_code=204)
async def abilities_of_one(context: Ctx, caller: Caller, upload_id: str) -> Response:
    """The same for every upload, there or not."""
    del upload_id
    return await abilities_of_all(context, caller)


@router.post(
    "",
    operation_id="create_upload",
    summary="Begin an upload",
    status_code=201,
    response_class=Response,
    responses={
        201: {"description": "Begun", "headers": {"Location": {"description": "Where it goes on"} | _TEXT} | _OFFSET},
        **problems(400, 401, 403, 409, 410, 412, 413, 422, 423, 429, 460),
    },
    openapi_extra={"requestBody": {"required": False, **_BYTES}},
)
async def create(
    request: Request,
    context: Ctx,
    caller: Uploader,
    upload_length: Annotated[str | None, Header(description="How long the file is, in bytes.")] = None,
    upload_metadata: Annotated[str, Header(description="`filename`, `filetype`, `as_position`, each in base64.")] = "",
    key: IdempotencyKey = None,
) -> Response:
    """With a body of bytes the upload begins with those."""
    del upload_length
    upload, repeated = await create_upload(context, caller, length_of(request), upload_metadata, key)
    if carries_bytes(request) and not repeated:
        upload = await _received(request, context, caller, upload.id, 0)
    headers = state_of(upload) | {"Location": f"/v1/uploads/{upload.id}"}
    return Response(status_code=201, headers=headers)


@router.head(
    "/{upload_id}",
    operation_id="get_upload_offset",
    summary="Up to where the bytes are here",
    response_class=Response,
    responses={200: {"description": "How it stands", "headers": _OFFSET}, **problems(401, 403, 404, 410, 412, 423)},
)
async def offset(context: Ctx, caller: Uploader, upload_id: EntityId) -> Response:
    """Whoever still sends to this upload is interrupted, and what came of it counts: the answer is where to go on."""
    upload = await find_upload(context, caller, upload_id)
    if upload.state == "arriving":
        async with context.holds.hold(upload_id):
            upload = await find_upload(context, caller, upload_id)
    headers = state_of(upload) | {"Upload-Length": str(upload.length)}
    if upload.metadata:
        headers["Upload-Metadata"] = upload.metadata
    return Response(status_code=200, headers=headers)


@router.patch(
    "/{upload_id}",
    operation_id="continue_upload",
    summary="Go on with an upload",
    status_code=204,
    response_class=Response,
    responses={
        204: {"description": "Counted", "headers": _OFFSET},
        **problems(400, 401, 403, 404, 409, 410, 412, 413, 415, 423, 460),
    },
    openapi_extra={"requestBody": {"required": True, **_BYTES}},
)
async def go_on(
    request: Request,
    context: Ctx,
    caller: Uploader,
    upload_id: EntityId,
    upload_offset: Annotated[
        str | None, Header(description="Where these bytes begin; 409 where that is not it.")
    ] = None,
    upload_checksum: Annotated[str | None, Header(description="sha1, sha256 or md5, and the base64 of it.")] = None,
) -> Response:
    """When the last byte is here the file is judged; `/v1/scans/{id}` says what came of it."""
    del upload_offset, upload_checksum
    await find_upload(context, caller, upload_id)
    if not carries_bytes(request):
        raise ServiceError(415, "offset_type_required", f"Potongan berkas dikirim sebagai {OFFSET_TYPE}.")
    begin = number(request, "Upload-Offset")
    if begin is None:
        raise ServiceError(400, "offset_required", "Letak potongan (Upload-Offset) wajib disebut.")
    upload = await _received(request, context, caller, upload_id, begin)
    return Response(status_code=204, headers=state_of(upload))


@router.delete(
    "/{upload_id}",
    operation_id="end_upload",
    summary="Give an upload up",
    status_code=204,
    response_class=Response,
    responses=problems(401, 403, 404, 409, 410, 412, 423),
)
async def give_up(context: Ctx, caller: Uploader, upload_id: EntityId) -> Response:
    """What came of it is removed, unless a letter has it."""
    await end_upload(context, caller, upload_id)
    return Response(status_code=204, headers={"Tus-Resumable": "1.0.0"})


@router.post("/{upload_id}", include_in_schema=False)
async def by_another_name(request: Request, context: Ctx, caller: Uploader, upload_id: EntityId) -> Response:
    """For clients behind something that lets POST alone through (tus 1.0, X-HTTP-Method-Override)."""
    meant = request.headers.get("x-http-method-override", "").upper()
    if meant == "PATCH":
        return await go_on(request, context, caller, upload_id)
    if meant == "HEAD":
        return await offset(context, caller, upload_id)
    if meant == "DELETE":
        return await give_up(context, caller, upload_id)
    raise ServiceError(405, "method_not_allowed", "Cara akses ini tidak didukung untuk alamat tersebut.")


async def _received(request: Request, context: Context, caller: Principal, upload_id: str, begin: int) -> Upload:
    try:
        upload = await receive_upload(context, caller, upload_id, begin, body_of(request))
    except ClientGone:
        raise ClientDisconnect from None
    if upload.state == "checking":
        await admit_soon(context, upload_id)
    return upload
