"""What a recipient does with its part: read, receive, reply, report, complete, decline."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from services.chassis.auth import Caller
from services.chassis.conditions import SeenVersion, tag
from services.chassis.idempotency import IdempotencyKey
from services.chassis.ids import EntityId
from services.chassis.mongo import Document
from services.chassis.openapi import problems
from services.disposition.api.models import Completion, DispositionAct, Progress, Refusal, Reply
from services.disposition.commands import answer
from services.disposition.commands.act_on_part import Asked
from services.disposition.context import Ctx

router = APIRouter(prefix="/v1/dispositions/{disposition_id}/recipients/{recipient_id}", tags=["disposition"])


def _asked(disposition_id: EntityId, caller: Caller, seen: SeenVersion, key: IdempotencyKey = None) -> Asked:
    """FastAPI dependency: who asks, about which disposition."""
    return Asked(caller, disposition_id, key, seen)


Request = Annotated[Asked, Depends(_asked)]


def shown(found: Document, response: Response) -> DispositionAct:
    """The answer, with the tag of the disposition it leaves."""
    given = DispositionAct.model_validate(found)
    tag(response, given.disposition.version)
    return given


@router.post(
    "/read",
    summary="Note that the disposition was opened",
    operation_id="read_disposition",
    responses=problems(401, 403, 404, 409, 412, 422),
)
async def read(recipient_id: EntityId, asked: Request, context: Ctx, response: Response) -> DispositionAct:
    """The first time is kept; again changes nothing. An instruction "for information" is done with this."""
    return shown(await answer.read_part(context, asked, recipient_id), response)


@router.post(
    "/receive",
    summary="Take the part on as one's work",
    operation_id="receive_disposition",
    responses=problems(401, 403, 404, 409, 412, 422),
)
async def receive(recipient_id: EntityId, asked: Request, context: Ctx, response: Response) -> DispositionAct:
    """The first time is kept; again changes nothing."""
    return shown(await answer.receive_part(context, asked, recipient_id), response)


@router.post(
    "/reply",
    status_code=201,
    summary="Answer the issuer",
    operation_id="reply_to_disposition",
    responses=problems(401, 403, 404, 409, 412, 422),
)
async def reply(
    recipient_id: EntityId, body: Reply, asked: Request, context: Ctx, response: Response
) -> DispositionAct:
    """Answers form a thread. Where nothing but an answer was asked for, the part is done with it."""
    return shown(await answer.reply_to_part(context, asked, recipient_id, body.answer()), response)


@router.post(
    "/progress",
    status_code=201,
    summary="Say how far one is",
    operation_id="report_disposition_progress",
    responses=problems(401, 403, 404, 409, 412, 422),
)
async def progress(
    recipient_id: EntityId, body: Progress, asked: Request, context: Ctx, response: Response
) -> DispositionAct:
    """Every report stays in the thread; 100 percent does not close the part, completing it does."""
    found = await answer.report_progress(context, asked, recipient_id, body.percent, body.answer())
    return shown(found, response)


@router.post(
    "/complete",
    summary="Report one's part as done",
    operation_id="complete_disposition_part",
    responses=problems(401, 403, 404, 409, 412, 422),
)
async def complete(
    recipient_id: EntityId, asked: Request, context: Ctx, response: Response, body: Completion | None = None
) -> DispositionAct:
    """409 with the present state where it is done already; 422 where an instruction asks for a file or a letter."""
    done = (body or Completion()).answer()
    return shown(await answer.complete_part(context, asked, recipient_id, done), response)


@router.post(
    "/decline",
    summary="Give one's part back, with the reason",
    operation_id="decline_disposition",
    responses=problems(401, 403, 404, 409, 412, 422),
)
async def decline(
    recipient_id: EntityId, body: Refusal, asked: Request, context: Ctx, response: Response
) -> DispositionAct:
    """Where the responsible one gives its part back, another who works on it becomes responsible."""
    return shown(await answer.decline_part(context, asked, recipient_id, body.reason), response)
