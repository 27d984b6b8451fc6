"""``/v1/drafts``: begin a registration, put it aside, come back to it, register it."""

from datetime import datetime
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Path
from fastapi.responses import Response
from pydantic import BaseModel, Field

from services.chassis.conditions import SeenVersion, tag
from services.chassis.idempotency import IdempotencyKey
from services.chassis.ids import EntityId
from services.chassis.openapi import problems
from services.chassis.pagination import Cursor, Limit, Page
from services.intake.api.letters import Registrar
from services.intake.api.models import Registered
from services.intake.commands.keep_draft import change_draft, find_draft, keep_draft, list_drafts, throw_draft_away
from services.intake.commands.register_draft import register_draft
from services.intake.context import Ctx
from services.intake.domain.draft import Said
from services.intake.domain.kept_draft import DraftSoFar, KeptDraft

router = APIRouter(prefix="/v1/drafts", tags=["intake"])

DraftId = Annotated[EntityId, Path(description="The draft.")]


class DraftForm(Said):
    """What is known of a letter so far, and the scans it is about."""

    letter: DraftSoFar = Field(default_factory=DraftSoFar)
    scans: tuple[EntityId, ...] = Field(default=(), max_length=20)

    def said(self) -> dict[str, Any]:
        """What was said of the letter, as JSON."""
        found: dict[str, Any] = self.letter.model_dump(mode="json", exclude_unset=True, exclude_none=True)
        return found


class DraftView(BaseModel):
    """A kept draft. ``letter_id`` is there once it was registered; it is kept 30 days longer."""

    id: str
    unit_id: str
    letter: dict[str, Any]
    scans: list[str]
    version: int
    created_at: datetime
    changed_at: datetime
    letter_id: str | None


def _view(draft: KeptDraft) -> DraftView:
    return DraftView.model_validate(draft.model_dump())


@router.post(
    "",
    operation_id="keep_draft",
    summary="Keep a registration that is not finished",
    status_code=201,
    responses=problems(401, 403, 404, 409, 422),
)
async def keep(
    body: DraftForm, context: Ctx, caller: Registrar, response: Response, key: IdempotencyKey = None
) -> DraftView:
    """Any field may be missing; those that are there are judged like a registration's."""
    draft = await keep_draft(context, caller, body.said(), body.scans, key)
    tag(response, draft.version)
    response.headers["Location"] = f"/v1/drafts/{draft.id}"
    return _view(draft)


@router.get(
    "",
    operation_id="list_drafts",
    summary="The drafts of the caller and of their units",
    responses=problems(401, 403, 422),
)
async def listed(context: Ctx, caller: Registrar, cursor: Cursor = None, limit: Limit = 50) -> Page[DraftView]:
    """Newest first; those that were registered are not among them."""
    found, following = await list_drafts(context, caller, cursor, limit)
    return Page(items=[_view(one) for one in found], next=following)


@router.get("/{draft_id}", operation_id="get_draft", summary="One draft", responses=problems(401, 403, 404, 422))
async def one(draft_id: DraftId, context: Ctx, caller: Registrar, response: Response) -> DraftView:
    """404 equally for one that is not there and for one of another unit."""
    draft = await find_draft(context, caller, draft_id)
    tag(response, draft.version)
    return _view(draft)


@router.put(
    "/{draft_id}",
    operation_id="change_draft",
    summary="Keep a draft as it is now",
    responses=problems(401, 403, 404, 409, 412, 422),
)
async def change(
    draft_id: DraftId, body: DraftForm, context: Ctx, caller: Registrar, seen: SeenVersion, response: Response
) -> DraftView:
    """The whole draft is replaced; 409 once it is a letter."""
    draft = await change_draft(context, caller, draft_id, body.said(), body.scans, seen)
    tag(response, draft.version)
    return _view(draft)


@router.delete(
    "/{draft_id}",
    operation_id="throw_draft_away",
    summary="Throw a draft away",
    status_code=204,
    responses=problems(401, 403, 404, 409, 422),
)
async def throw_away(draft_id: DraftId, context: Ctx, caller: Registrar) -> None:
    """Its scans stay a while, so that a slip of the finger loses nothing."""
    await throw_draft_away(context, caller, draft_id)


@router.post(
    "/{draft_id}/register",
    operation_id="register_draft",
    summary="Register a draft",
    status_code=201,
    response_model=Registered,
    responses=problems(401, 403, 404, 409, 412, 422),
)
async def register(draft_id: DraftId, context: Ctx, caller: Registrar, seen: SeenVersion) -> Response:
    """A draft becomes one letter, however often it is asked for; whoever asks again gets the same answer."""
    answer = await register_draft(context, caller, draft_id, seen)
    headers = {"Location": f"/v1/letters/{answer['id']}"}
    return Response(orjson.dumps(answer), 201, headers=headers, media_type="application/json")
