"""The one-tap replies of the regency."""

from fastapi import APIRouter, Response
from pydantic import BaseModel

from services.chassis.auth import Caller
from services.chassis.conditions import SeenVersion, Writer, tag
from services.chassis.idempotency import IdempotencyKey
from services.chassis.openapi import problems
from services.disposition.api.catalogue_models import (
    CodePath,
    Lang,
    NewQuickReply,
    QuickReplyForm,
    QuickReplyView,
    Retired,
    quick_reply_view,
)
from services.disposition.commands.keep_catalogue import add_entry, change_entry
from services.disposition.context import Ctx
from services.disposition.domain.catalogue import QuickReplyEntry

router = APIRouter(prefix="/v1/quick-replies", tags=["disposition"])


class QuickReplyList(BaseModel):
    """All one-tap replies, in the order of the screen."""

    items: list[QuickReplyView]


@router.get(
    "",
    summary="The one-tap replies to a disposition",
    operation_id="list_quick_replies",
    responses=problems(401, 422),
)
async def list_quick_replies(_: Caller, context: Ctx, lang: Lang = "id", retired: Retired = False) -> QuickReplyList:
    """All of them; they are few. What is answered are the words in Indonesian."""
    found = (await context.quick_replies.all()).values()
    return QuickReplyList(items=[quick_reply_view(one, lang) for one in found if retired or not one.retired])


@router.post(
    "",
    status_code=201,
    summary="Add a one-tap reply",
    operation_id="add_quick_reply",
    responses=problems(401, 403, 409, 422),
)
async def post_quick_reply(
    body: NewQuickReply, caller: Writer, context: Ctx, response: Response, key: IdempotencyKey = None
) -> QuickReplyView:
    """409 where the code was ever used, by one in use no more too."""
    made = await add_entry(context, context.quick_replies, QuickReplyEntry, caller, key, body.facts())
    return _shown(made, response)


@router.put(
    "/{code}",
    summary="Change the words of a one-tap reply, and where it stands",
    operation_id="change_quick_reply",
    responses=problems(401, 403, 404, 409, 412, 422),
)
async def put_quick_reply(
    code: CodePath, body: QuickReplyForm, caller: Writer, context: Ctx, seen: SeenVersion, response: Response
) -> QuickReplyView:
    """Answers given before keep the words they were given with."""
    return _shown(await change_entry(context, context.quick_replies, caller, code, seen, body.facts()), response)


@router.post(
    "/{code}/retire",
    summary="Offer a one-tap reply no more",
    operation_id="retire_quick_reply",
    responses=problems(401, 403, 404, 409, 412, 422),
)
async def retire_quick_reply(
    code: CodePath, caller: Writer, context: Ctx, seen: SeenVersion, response: Response
) -> QuickReplyView:
    """Again changes nothing."""
    return _shown(await change_entry(context, context.quick_replies, caller, code, seen, {"retired": True}), response)


@router.post(
    "/{code}/restore",
    summary="Offer a retired one-tap reply again",
    operation_id="restore_quick_reply",
    responses=problems(401, 403, 404, 409, 412, 422),
)
async def restore_quick_reply(
    code: CodePath, caller: Writer, context: Ctx, seen: SeenVersion, response: Response
) -> QuickReplyView:
    """Again changes nothing."""
    return _shown(await change_entry(context, context.quick_replies, caller, code, seen, {"retired": False}), response)


def _shown(one: QuickReplyEntry, response: Response) -> QuickReplyView:
    tag(response, one.version)
    return quick_reply_view(one)
