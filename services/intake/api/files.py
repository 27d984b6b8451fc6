"""``/v1/letters/{id}/files/{file_id}``: the original, streamed, whole or in part, with the hash it must have."""

import base64
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Header
from fastapi.responses import Response, StreamingResponse

from services.chassis.errors import ServiceError
from services.chassis.ids import EntityId
from services.chassis.openapi import problems
from services.contracts.intake import StoredFile
from services.intake.api.letters import Reader
from services.intake.api.ranges import Unsatisfiable, part_wanted
from services.intake.commands.read_letter import find_scan
from services.intake.commands.read_scan import read_scan
from services.intake.context import Ctx

router = APIRouter(prefix="/v1/letters/{letter_id}/files", tags=["intake"])

# Scans are shown inline, and what a scan holds comes from outside. An image needs nothing but the style a browser
# gives the page it makes around it. Browsers show no PDF at all in a sandbox or without plugins, and Chrome squeezes it
# where default-src leaves no inline style; their viewers keep its scripts from our origin, so this says only the rest.
_VIEWED_IMAGE = "sandbox; default-src 'none'; style-src 'unsafe-inline'"
_VIEWED_PDF = "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
_BINARY = {"schema": {"type": "string", "format": "binary"}}
_CONTENT = dict.fromkeys(("application/pdf", "image/jpeg", "image/png", "image/tiff"), _BINARY)


@router.get(
    "/{file_id}",
    operation_id="getLetterFile",
    summary="An original scan",
    response_class=StreamingResponse,
    responses={
        200: {"description": "The original", "content": _CONTENT},
        206: {"description": "The part asked for", "content": _CONTENT},
        304: {"description": "Unchanged"},
        **problems(401, 403, 404, 416, 422),
    },
)
async def original(
    context: Ctx,
    caller: Reader,
    letter_id: EntityId,
    file_id: EntityId,
    wanted: Annotated[str | None, Header(alias="Range")] = None,
    if_range: Annotated[str | None, Header()] = None,
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    """``Repr-Digest`` is the hash of the whole original, also on a part, so an assembled download can be checked."""
    file = await find_scan(context, caller, letter_id, file_id)
    headers = _headers(file)
    if if_none_match and _matches(if_none_match, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    if if_range is not None and if_range != headers["ETag"]:
        wanted = None
    try:
        part = part_wanted(wanted, file.size)
    except Unsatisfiable:
        refused = {"Content-Range": f"bytes */{file.size}", "Accept-Ranges": "bytes"}
        raise ServiceError(
            416, "range_outside", "Bagian yang diminta berada di luar berkas.", headers=refused
        ) from None
    pieces = await read_scan(context.storage, file, part)
    if part is None:
        headers["Content-Length"] = str(file.size)
        return StreamingResponse(pieces, 200, headers, file.media_type)
    offset, length = part
    headers["Content-Length"] = str(length)
    headers["Content-Range"] = f"bytes {offset}-{offset + length - 1}/{file.size}"
    return StreamingResponse(pieces, 206, headers, file.media_type)


def _headers(file: StoredFile) -> dict[str, str]:
    digest = base64.b64encode(bytes.fromhex(file.sha256)).decode()
    return {
        "ETag": f'"{file.sha256}"',
        "Repr-Digest": f"sha-256=:{digest}:",
        "Accept-Ranges": "bytes",
        "Content-Disposition": _disposition(file.name),
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": _VIEWED_PDF if file.media_type == "application/pdf" else _VIEWED_IMAGE,
        # It never changes, but who may read it can: a copy is shown again only after asking.
        "Cache-Control": "private, no-cache",
    }


def _disposition(name: str) -> str:
    """RFC 6266, with an ASCII stand-in for clients that do not know RFC 8187."""
    plain = "".join(c if c.isascii() and c.isprintable() and c not in '"\\%' else "_" for c in name)
    return f"inline; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _matches(if_none_match: str, etag: str) -> bool:
    candidates = {one.strip().removeprefix("W/") for one in if_none_match.split(",")}
    return etag in candidates or "*" in candidates
