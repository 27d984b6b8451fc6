"""Dispositions: issue, list, look at."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from services.chassis.auth import Caller, Principal, require
from services.chassis.conditions import tag
from services.chassis.idempotency import IdempotencyKey
from services.chassis.ids import EntityId
from services.chassis.openapi import problems
from services.chassis.pagination import Cursor, Limit, Page
from services.disposition.api.models import DispositionDetail, IssuedDisposition, ShownAct
from services.disposition.commands import show_dispositions as show
from services.disposition.commands.issue_disposition import issue_disposition
from services.disposition.context import Ctx
from services.disposition.domain.disposition import Disposition
from services.disposition.domain.order import NewDisposition

router = APIRouter(tags=["disposition"])
Disposer = Annotated[Principal, Depends(require("dispositions:write"))]


@router.post(
    "/v1/letters/{letter_id}/dispositions",
    status_code=201,
    summary="Dispose: instruct positions below about a letter",
    operation_id="issue_disposition",
    responses=problems(401, 403, 404, 409, 422),
)
async def issue(
    letter_id: EntityId,
    order: NewDisposition,
    caller: Disposer,
    context: Ctx,
    response: Response,
    key: IdempotencyKey = None,
) -> IssuedDisposition:
    """Each recipient has its own instructions; exactly one is responsible, the first where none is marked.

    409 where the letter has left the unit (recalled by its sender, returned to it, or redirected elsewhere), and where
    its branch was closed. An absent recipient or a vacant position is warned of, and the work lies there.
    """
    given = IssuedDisposition.model_validate(await issue_disposition(context, caller, letter_id, order, key))
    tag(response, given.version)
    return given


@router.get(
    "/v1/letters/{letter_id}/dispositions",
    summary="The dispositions about a letter, newest first",
    operation_id="list_letter_dispositions",
    responses=problems(401, 404, 422),
)
async def of_letter(
    letter_id: EntityId, caller: Caller, context: Ctx, cursor: Cursor = None, limit: Limit = 50
) -> Page[Disposition]:
    """For those the letter came to, who were instructed or who read every unit's letters; its sender is shown none."""
    items, following = await show.show_dispositions_of_letter(context, caller, letter_id, cursor, limit)
    return Page(items=items, next=following)


@router.get(
    "/v1/dispositions/{disposition_id}",
    summary="A disposition with what its recipients did",
    operation_id="get_disposition",
    responses=problems(401, 404, 422),
)
async def one(disposition_id: EntityId, caller: Caller, context: Ctx, response: Response) -> DispositionDetail:
    """For its issuer, its recipients, whoever gave it down to the issuer, readers of the letter in the issuer's unit,
    and who read every unit's letters.
    """
    disposition, acts = await show.show_disposition(context, caller, disposition_id)
    tag(response, disposition.version)
    return DispositionDetail(**dict(disposition), acts=[ShownAct.model_validate(act.model_dump()) for act in acts])
