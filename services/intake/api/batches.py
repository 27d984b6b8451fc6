"""``/v1/batches``: a scan of many letters, split at its separator sheets, reviewed, and cut into scans to register."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Query, Response

from services.chassis.conditions import SeenVersion, tag
from services.chassis.idempotency import IdempotencyKey
from services.chassis.ids import EntityId
from services.chassis.openapi import problems
from services.chassis.pagination import Cursor, Limit, Page
from services.intake.api.batch_models import BatchForm, BatchLine, BatchView, EditsForm
from services.intake.api.letters import Registrar
from services.intake.commands.batches.begin_batch import begin_batch
from services.intake.commands.batches.close_batch import close_batch
from services.intake.commands.batches.confirm_batch import confirm_batch
from services.intake.commands.batches.edit_batch import edit_batch, reset_batch
from services.intake.commands.batches.find_batch import find_batch, list_batches
from services.intake.commands.batches.show_page import Size, show_page
from services.intake.context import Ctx
from services.intake.domain.batches.batch import Batch, BatchState

router = APIRouter(prefix="/v1/batches", tags=["intake"])

BatchId = Annotated[EntityId, Path(description="The batch.")]
PageNumber = Annotated[int, Path(ge=1, le=100_000, description="The page of the scan, from 1.")]
States = Annotated[list[BatchState] | None, Query(description="Only these; by default all that are not closed.")]
PICTURE: dict[int | str, dict[str, Any]] = {
    200: {"description": "WebP", "content": {"image/webp": {"schema": {"type": "string", "format": "binary"}}}},
    304: {"description": "Unchanged"},
}


@router.post(
    "",
    operation_id="begin_batch",
    summary="Have a scan of many letters split at its separator sheets",
    status_code=201,
    responses=problems(401, 403, 404, 409, 422),
)
async def begin(
    body: BatchForm, context: Ctx, caller: Registrar, response: Response, key: IdempotencyKey = None
) -> BatchView:
    """The scan was uploaded before, and becomes no letter itself; what it is split into is reviewed first."""
    made = await begin_batch(context, caller, body.scan, body.as_position, key)
    response.headers["Location"] = f"/v1/batches/{made['id']}"
    return _shown(await find_batch(context, caller, made["id"]), response)


@router.get(
    "",
    operation_id="list_batches",
    summary="The batches of the caller and of their units",
    responses=problems(401, 403, 422),
)
async def listed(
    context: Ctx, caller: Registrar, state: States = None, cursor: Cursor = None, limit: Limit = 50
) -> Page[BatchLine]:
    """Newest first."""
    found, following = await list_batches(context, caller, state or (), cursor, limit)
    return Page(items=[BatchLine.of(one) for one in found], next=following)


@router.get("/{batch_id}", operation_id="get_batch", summary="One batch", responses=problems(401, 403, 404, 422))
async def one(batch_id: BatchId, context: Ctx, caller: Registrar, response: Response) -> BatchView:
    """Its letters with their pages, and the pages that are in none."""
    return _shown(await find_batch(context, caller, batch_id), response)


@router.get(
    "/{batch_id}/pages/{page}",
    operation_id="get_batch_page",
    summary="A picture of a page of the scan",
    response_class=Response,
    responses={**PICTURE, **problems(401, 403, 404, 422)},
)
async def picture(
    batch_id: BatchId,
    page: PageNumber,
    context: Ctx,
    caller: Registrar,
    size: Size = "large",
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    """As it was scanned, not turned; there from when the page was looked at until the original is removed."""
    content, etag = await show_page(context, caller, batch_id, page, size)
    headers = {"ETag": etag, "Cache-Control": "private, no-cache", "X-Content-Type-Options": "nosniff"}
    if if_none_match and etag in if_none_match:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type="image/webp", headers=headers)


@router.post(
    "/{batch_id}/edits",
    operation_id="edit_batch",
    summary="Rotate, move, split, merge, drop or restore",
    responses=problems(401, 403, 404, 409, 412, 422),
)
async def edit(
    batch_id: BatchId, body: EditsForm, context: Ctx, caller: Registrar, seen: SeenVersion, response: Response
) -> BatchView:
    """Pages are known by their number in the scan, letters by their id. A letter without pages is gone."""
    return _shown(await edit_batch(context, caller, batch_id, body.edits, seen), response)


@router.post(
    "/{batch_id}/reset",
    operation_id="reset_batch",
    summary="Undo all edits",
    responses=problems(401, 403, 404, 409, 412, 422),
)
async def reset(batch_id: BatchId, context: Ctx, caller: Registrar, seen: SeenVersion, response: Response) -> BatchView:
    """As it was split in the beginning; 409 once letters were cut."""
    return _shown(await reset_batch(context, caller, batch_id, seen), response)


@router.post(
    "/{batch_id}/confirm",
    operation_id="confirm_batch",
    summary="Have the letters cut into scans of their own",
    status_code=202,
    responses=problems(401, 403, 404, 409, 412, 422),
)
async def confirm(
    batch_id: BatchId, context: Ctx, caller: Registrar, seen: SeenVersion, response: Response
) -> BatchView:
    """Nothing is registered by it: each letter then has a `scan`, named by a registration. Again changes nothing."""
    return _shown(await confirm_batch(context, caller, batch_id, seen), response)


@router.post(
    "/{batch_id}/close",
    operation_id="close_batch",
    summary="Put a batch away",
    responses=problems(401, 403, 404, 409, 412, 422),
)
async def close(batch_id: BatchId, context: Ctx, caller: Registrar, seen: SeenVersion, response: Response) -> BatchView:
    """Where nothing was cut from it its scan is loose again; else the original is kept a while, then removed."""
    return _shown(await close_batch(context, caller, batch_id, seen), response)


def _shown(batch: Batch, response: Response) -> BatchView:
    tag(response, batch.version)
    return BatchView.of(batch)
