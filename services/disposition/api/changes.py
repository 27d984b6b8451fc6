"""What whoever gave a disposition changes about it: recall, amend, add, reopen."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from services.chassis.auth import Principal, require
from services.chassis.conditions import SeenVersion
from services.chassis.idempotency import IdempotencyKey
from services.chassis.ids import EntityId
from services.chassis.openapi import problems
from services.disposition.api.change_models import AddedRecipients, AmendmentForm, FurtherRecipients, Recall, Reopening
from services.disposition.api.models import DispositionAct
from services.disposition.api.recipients import Request, shown
from services.disposition.commands.act_on_part import Asked
from services.disposition.commands.add_recipients import add_recipients
from services.disposition.commands.amend import amend_part
from services.disposition.commands.recall import recall
from services.disposition.commands.reopen import reopen_part
from services.disposition.context import Ctx

router = APIRouter(prefix="/v1/dispositions/{disposition_id}", tags=["disposition"])


def _to_dispose(
    disposition_id: EntityId,
    caller: Annotated[Principal, Depends(require("dispositions:write"))],
    seen: SeenVersion,
    key: IdempotencyKey = None,
) -> Asked:
    """FastAPI dependency: who asks to instruct, with which disposition."""
    return Asked(caller, disposition_id, key, seen)


@router.post(
    "/recall",
    summary="Take back what was not read yet",
    operation_id="recall_disposition",
    responses=problems(401, 403, 404, 409, 412, 422),
)
async def take_back(asked: Request, context: Ctx, response: Response, body: Recall | None = None) -> DispositionAct:
    """From all recipients, or from those that are named; from all of them or, where one has read it, from none: 409."""
    wish = body or Recall()
    return shown(await recall(context, asked, wish.recipient_ids, wish.reason), response)


@router.post(
    "/recipients",
    status_code=201,
    summary="Instruct further positions",
    operation_id="add_disposition_recipients",
    responses=problems(401, 403, 404, 409, 412, 422),
)
async def add(
    body: FurtherRecipients, asked: Annotated[Asked, Depends(_to_dispose)], context: Ctx, response: Response
) -> AddedRecipients:
    """By the rules of issuing: below the giver or its peers, at most one responsible. A new one takes that over."""
    found = await add_recipients(context, asked, body.recipients)
    return AddedRecipients(**dict(shown(found, response)), warnings=found["warnings"])


@router.patch(
    "/recipients/{recipient_id}",
    summary="Change deadline or note of a recipient",
    operation_id="amend_disposition_recipient",
    responses=problems(401, 403, 404, 409, 412, 422),
)
async def amend(
    recipient_id: EntityId, body: AmendmentForm, asked: Request, context: Ctx, response: Response
) -> DispositionAct:
    """What is left out stays; null takes it away. What it was stays in the thread."""
    return shown(await amend_part(context, asked, recipient_id, body.changes(), body.reason), response)


@router.post(
    "/recipients/{recipient_id}/reopen",
    summary="Make work again of what was done or given back",
    operation_id="reopen_disposition_part",
    responses=problems(401, 403, 404, 409, 412, 422),
)
async def reopen(
    recipient_id: EntityId, body: Reopening, asked: Request, context: Ctx, response: Response
) -> DispositionAct:
    """With a reason. What was for information then asks for an answer, for it has been read. 409 where the letter has
    left the unit, and where its branch was closed: it is opened again first.
    """
    return shown(await reopen_part(context, asked, recipient_id, body.reason, body.changes()), response)
