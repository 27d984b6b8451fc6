"""What a recipient does with a disposition: read, reply, complete."""

from fastapi import APIRouter

from services.chassis.auth import Caller
from services.chassis.idempotency import IdempotencyKey
from services.chassis.ids import EntityId
from services.chassis.openapi import problems
from services.disposition.api.models import Completion, RecipientAct, Reply
from services.disposition.commands.act_as_recipient import complete_part, read_disposition, reply_to_disposition
from services.disposition.context import Ctx

router = APIRouter(prefix="/v1/dispositions/{disposition_id}/recipients/{recipient_id}", tags=["disposition"])


@router.post(
    "/read",
    summary="Note that the disposition was opened",
    operation_id="read_disposition",
    responses=problems(401, 403, 404, 422),
)
async def read(disposition_id: EntityId, recipient_id: EntityId, caller: Caller, context: Ctx) -> RecipientAct:
    """The first time is kept; again changes nothing. An instruction "for information" is done with this."""
    return RecipientAct.model_validate(await read_disposition(context, caller, disposition_id, recipient_id))


@router.post(
    "/reply",
    status_code=201,
    summary="Answer the issuer",
    operation_id="reply_to_disposition",
    responses=problems(401, 403, 404, 409, 422),
)
async def reply(
    disposition_id: EntityId,
    recipient_id: EntityId,
    body: Reply,
    caller: Caller,
    context: Ctx,
    key: IdempotencyKey = None,
) -> RecipientAct:
    """Answers form a thread. Where nothing but an answer was asked for, the part is done with it."""
    answer = await reply_to_disposition(context, caller, disposition_id, recipient_id, body.text, key)
    return RecipientAct.model_validate(answer)


@router.post(
    "/complete",
    summary="Report one's part as done",
    operation_id="complete_disposition_part",
    responses=problems(401, 403, 404, 409, 422),
)
async def complete(
    disposition_id: EntityId,
    recipient_id: EntityId,
    caller: Caller,
    context: Ctx,
    body: Completion | None = None,
    key: IdempotencyKey = None,
) -> RecipientAct:
    """409 with the present state where it is done already."""
    report = body.report if body else None
    return RecipientAct.model_validate(await complete_part(context, caller, disposition_id, recipient_id, report, key))
