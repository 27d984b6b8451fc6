"""``/v1/letters/{id}/files/{file_id}``: the original, streamed, whole or in part, with the hash it must have."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response, StreamingResponse

from services.chassis.errors import ServiceError
from services.chassis.files.handing_out import Kept, WantedPart, hand_out
from services.chassis.ids import EntityId
from services.chassis.openapi import problems
from services.intake.api.letters import Reader
from services.intake.commands.read_letter import find_scan
from services.intake.context import Ctx

router = APIRouter(prefix="/v1/letters/{letter_id}/files", tags=["intake"])

_BINARY = {"schema": {"type": "string", "format": "binary"}}
_CONTENT = dict.fromkeys(("application/pdf", "image/jpeg", "image/png", "image/tiff", "image/heic"), _BINARY)
ORIGINAL: dict[int | str, dict[str, Any]] = {
    200: {"description": "The original", "content": _CONTENT},
    206: {"description": "The part asked for", "content": _CONTENT},
    304: {"description": "Unchanged"},
    **problems(401, 403, 404, 416, 422),
}
"""How an original is answered, or is not."""


@router.get(
    "/{file_id}",
    operation_id="get_letter_file",
    summary="An original scan",
    response_class=StreamingResponse,
    responses=ORIGINAL,
)
async def original(
    context: Ctx, caller: Reader, letter_id: EntityId, file_id: EntityId, wanted: WantedPart
) -> Response:
    """``Repr-Digest`` is the hash of the whole original, also on a part, so an assembled download can be checked."""
    file = await find_scan(context, caller, letter_id, file_id)
    lost = ServiceError(500, "scan_lost", "Berkas asli tidak dapat dibaca dengan utuh. Silakan hubungi administrator.")
    kept = Kept(file.object_key, file.name, file.media_type, file.size, file.sha256)
    return await hand_out(context.storage, kept, wanted, lost)
