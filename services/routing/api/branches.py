"""Acts on a branch: read, receive, return, redirect, recall, close, reopen, file; on one or on several."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.chassis.auth import Caller, Principal
from services.chassis.conditions import SeenVersion, tag
from services.chassis.errors import unprocessable
from services.chassis.ids import EntityId
from services.chassis.openapi import problems
from services.contracts.vocabulary import LetterOutcome
from services.routing.api.letter_models import BranchView, branch_view
from services.routing.api.parties import PartyIn
from services.routing.commands.act_on_branch import BranchAct
from services.routing.commands.act_on_several import Done, act_on_several
from services.routing.commands.close_branch import close_branch
from services.routing.commands.file_branch import file_branch
from services.routing.commands.read_branch import read_branch
from services.routing.commands.recall_branch import recall_branch
from services.routing.commands.receive_branch import receive_branch
from services.routing.commands.redirect_branch import redirect_branch
from services.routing.commands.reopen_branch import reopen_branch
from services.routing.commands.return_branch import return_branch
from services.routing.commands.warn_absent import absent_chiefs
from services.routing.context import Context, Ctx
from services.routing.domain.branch import Branch

router = APIRouter(prefix="/v1/branches", tags=["routing"])
REFUSALS = problems(401, 403, 404, 409, 412, 422)
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=1000)]
Note = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]


class Acting(BaseModel):
    """As which of the caller's positions; left out: the one that is entitled."""

    model_config = ConfigDict(extra="forbid")

    as_position: EntityId | None = None


class Reasoned(Acting):
    """An act that has to be explained to others."""

    reason: Words


class Redirecting(Reasoned):
    """Where the letter should go instead."""

    to: PartyIn


class Closing(Acting):
    """What became of the letter here."""

    outcome: LetterOutcome = "noted"
    note: Note | None = None


class Filing(Acting):
    """Where the paper lies."""

    place: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)] | None = None


class RedirectedView(BranchView):
    """The branch the letter left; ``warnings`` name who is not there at the new place, and who is instead."""

    warnings: list[str]


class BulkActing(Closing, Filing):
    """One act on several branches; ``reason`` is needed to return, recall and reopen."""

    act: Literal["read", "receive", "return", "recall", "close", "reopen", "file"]
    branch_ids: Annotated[list[EntityId], Field(min_length=1, max_length=100)]
    reason: Words | None = None


class BulkItem(BaseModel):
    """What became of the act on one branch: ``status`` and ``problem`` are what the act alone would have answered."""

    branch_id: str
    status: int
    branch: BranchView | None = None
    problem: dict[str, Any] | None = None


class BulkAnswer(BaseModel):
    """One item for each branch, in the order asked."""

    items: list[BulkItem]


@router.post("/{branch_id}/read", operation_id="read_branch", summary="Read the letter", responses=REFUSALS)
async def post_read(
    context: Ctx, caller: Caller, branch_id: EntityId, response: Response, seen: SeenVersion, body: Acting | None = None
) -> BranchView:
    """The first reading is kept with who read it; reading again changes nothing."""
    return _answer(response, await read_branch(context, caller, _act(branch_id, body, seen)))


@router.post(
    "/{branch_id}/receive",
    operation_id="receive_branch",
    summary="Receive the letter as the unit's work",
    responses=REFUSALS,
)
async def post_receive(
    context: Ctx, caller: Caller, branch_id: EntityId, response: Response, seen: SeenVersion, body: Acting | None = None
) -> BranchView:
    """One position receives it; another gets 409 with the present state."""
    return _answer(response, await receive_branch(context, caller, _act(branch_id, body, seen)))


@router.post(
    "/{branch_id}/return",
    operation_id="return_branch",
    summary="Give the letter back to the sender",
    responses=REFUSALS,
)
async def post_return(
    context: Ctx, caller: Caller, branch_id: EntityId, body: Reasoned, response: Response, seen: SeenVersion
) -> BranchView:
    """Before anything was done about it. The sender's unit sees the reason."""
    return _answer(response, await return_branch(context, caller, _act(branch_id, body, seen), body.reason))


@router.post(
    "/{branch_id}/redirect",
    operation_id="redirect_branch",
    summary="Send the letter to another place instead",
    responses=REFUSALS,
)
async def post_redirect(
    context: Ctx, caller: Caller, branch_id: EntityId, body: Redirecting, response: Response, seen: SeenVersion
) -> RedirectedView:
    """By who got it, before anything was done; or by the sender it came back to. 409 where it lies there already."""
    left = await redirect_branch(context, caller, _act(branch_id, body, seen), body.to.party, body.reason)
    went = await context.branches.find(left.redirected.branch_id, None) if left.redirected else None
    warnings = await absent_chiefs(context, [went] if went else [])
    return RedirectedView(**_answer(response, left).model_dump(), warnings=warnings)


@router.post(
    "/{branch_id}/recall", operation_id="recall_branch", summary="Take an unread letter back", responses=REFUSALS
)
async def post_recall(
    context: Ctx, caller: Caller, branch_id: EntityId, body: Reasoned, response: Response, seen: SeenVersion
) -> BranchView:
    """By the unit it came from, while nobody there has read it; they can then no longer see it."""
    return _answer(response, await recall_branch(context, caller, _act(branch_id, body, seen), body.reason))


@router.post(
    "/{branch_id}/close",
    operation_id="close_branch",
    summary="Say that nothing more is needed, and what became of it",
    responses=REFUSALS,
)
async def post_close(
    context: Ctx,
    caller: Caller,
    branch_id: EntityId,
    response: Response,
    seen: SeenVersion,
    body: Closing | None = None,
) -> BranchView:
    """As information, unless an outcome is named. What goes out of the house is closed when it was sent."""
    said = body or Closing()
    return _answer(response, await close_branch(context, caller, _act(branch_id, said, seen), said.outcome, said.note))


@router.post(
    "/{branch_id}/reopen", operation_id="reopen_branch", summary="Make work of the letter again", responses=REFUSALS
)
async def post_reopen(
    context: Ctx, caller: Caller, branch_id: EntityId, body: Reasoned, response: Response, seen: SeenVersion
) -> BranchView:
    """Only what is done; it gets a deadline anew."""
    return _answer(response, await reopen_branch(context, caller, _act(branch_id, body, seen), body.reason))


@router.post("/{branch_id}/file", operation_id="file_branch", summary="Put the letter in the files", responses=REFUSALS)
async def post_file(
    context: Ctx, caller: Caller, branch_id: EntityId, response: Response, seen: SeenVersion, body: Filing | None = None
) -> BranchView:
    """Only what is done."""
    place = body.place if body else None
    return _answer(response, await file_branch(context, caller, _act(branch_id, body, seen), place))


@router.post(
    "/acts",
    operation_id="act_on_branches",
    summary="Do one act on several branches",
    responses=problems(401, 422),
)
async def post_acts(context: Ctx, caller: Caller, body: BulkActing) -> BulkAnswer:
    """Each branch stands for itself: one refusal holds none of the others up."""
    done = await act_on_several(body.branch_ids, _deed(context, caller, body))
    return BulkAnswer(items=[_item(one) for one in done])


def _deed(context: Context, caller: Principal, body: BulkActing) -> Callable[[str], Awaitable[Branch]]:
    reason = body.reason or ""
    if not reason and body.act in ("return", "recall", "reopen"):
        raise unprocessable("reason_missing", "Alasan harus diisi.", field="reason")

    def act(branch_id: str) -> BranchAct:
        return BranchAct(branch_id, body.as_position)

    deeds: dict[str, Callable[[str], Awaitable[Branch]]] = {
        "read": lambda one: read_branch(context, caller, act(one)),
        "receive": lambda one: receive_branch(context, caller, act(one)),
        "return": lambda one: return_branch(context, caller, act(one), reason),
        "recall": lambda one: recall_branch(context, caller, act(one), reason),
        "close": lambda one: close_branch(context, caller, act(one), body.outcome, body.note),
        "reopen": lambda one: reopen_branch(context, caller, act(one), reason),
        "file": lambda one: file_branch(context, caller, act(one), body.place),
    }
    return deeds[body.act]


def _act(branch_id: str, body: Acting | None, seen: int | None) -> BranchAct:
    return BranchAct(branch_id, body.as_position if body else None, seen)


def _answer(response: Response, branch: Branch) -> BranchView:
    tag(response, branch.version)
    return branch_view(branch)


def _item(done: Done) -> BulkItem:
    if done.refusal:
        return BulkItem(branch_id=done.branch_id, status=done.refusal.status, problem=done.refusal.document())
    return BulkItem(branch_id=done.branch_id, status=200, branch=branch_view(done.branch) if done.branch else None)
