"""The control list, and acts on a letter as a whole: bringing it to further places, linking it with another."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.chassis.auth import Caller
from services.chassis.ids import EntityId, known_id
from services.chassis.openapi import problems
from services.chassis.pagination import FIRST_DAY, LAST_DAY, Limit, Page
from services.contracts.vocabulary import Category, Confidentiality, LinkRelation, Urgency
from services.routing.api.control_models import ControlView, control_view
from services.routing.api.letter_models import BranchView, branch_view
from services.routing.api.parties import PartyIn
from services.routing.commands.forward_letter import Forwarding, forward_letter
from services.routing.commands.link_letters import Linking, link_letters
from services.routing.commands.list_letters import Filters, Paging, Sort, list_letters
from services.routing.commands.warn_absent import absent_chiefs
from services.routing.context import Ctx
from services.routing.domain.letter import Status

router = APIRouter(prefix="/v1/letters", tags=["routing"])


LetterDay = Annotated[date | None, Query(ge=FIRST_DAY, le=LAST_DAY)]


class ForwardIn(BaseModel):
    """Further places for a letter."""

    model_config = ConfigDict(extra="forbid")

    addressees: list[PartyIn] = Field(default_factory=list, max_length=100)
    copies: list[PartyIn] = Field(default_factory=list, max_length=100)
    distribution_lists: list[EntityId] = Field(default_factory=list, max_length=10)
    note: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)] | None = None
    as_position: EntityId | None = None


class BranchesView(BaseModel):
    """The branches that were opened; ``warnings`` name who is not there, and who is instead."""

    items: list[BranchView]
    warnings: list[str]


class LinkIn(BaseModel):
    """Another letter, and what this one is to it."""

    model_config = ConfigDict(extra="forbid")

    other_id: EntityId
    relation: LinkRelation
    as_position: EntityId | None = None


class LinkRef(BaseModel):
    """A link; ``inverse``: the other letter is the one that answers or follows."""

    other_id: str
    relation: LinkRelation
    inverse: bool


async def _filters(
    unit_id: Annotated[EntityId | None, Query(description="Letters on a way to this unit.")] = None,
    registered_from: LetterDay = None,
    registered_to: LetterDay = None,
    kind: Annotated[str | None, Query(max_length=100)] = None,
    category: Annotated[Category | None, Query()] = None,
    urgency: Annotated[Urgency | None, Query()] = None,
    confidentiality: Annotated[Confidentiality | None, Query()] = None,
    status: Annotated[Status | None, Query()] = None,
    followed_up: Annotated[bool | None, Query()] = None,
    overdue: Annotated[bool | None, Query()] = None,
    due_to: LetterDay = None,
    sender_id: Annotated[EntityId | None, Query(description="The unit or position that sent it.")] = None,
    training: Annotated[bool | None, Query(description="Only letters entered to practise, or none of them.")] = None,
) -> Filters:
    return Filters(
        unit_id,
        registered_from,
        registered_to,
        kind,
        category,
        urgency,
        confidentiality,
        status,
        followed_up,
        overdue,
        due_to,
        sender_id,
        training,
    )


@router.get(
    "", operation_id="list_letters", summary="The control list: every letter I may read", responses=problems(401, 422)
)
async def get_letters(
    context: Ctx,
    caller: Caller,
    filters: Annotated[Filters, Depends(_filters)],
    sort: Annotated[Sort, Query(description="Newest first, or open letters by deadline, soonest first.")] = "newest",
    cursor: Annotated[str | None, Query(max_length=80, description="`next` of the page before.")] = None,
    limit: Limit = 50,
) -> Page[ControlView]:
    """A page may hold fewer than asked for and still have a ``next``: there is more to look at."""
    place = known_id(cursor) if cursor and sort == "newest" else cursor
    rows, following = await list_letters(context, caller, filters, Paging(sort, place, limit))
    return Page(items=[control_view(row) for row in rows], next=following)


@router.post(
    "/{letter_id}/forward",
    operation_id="forward_letter",
    summary="Bring a letter to further places",
    status_code=201,
    responses=problems(401, 403, 404, 409, 422),
)
async def post_forward(context: Ctx, caller: Caller, letter_id: EntityId, body: ForwardIn) -> BranchesView:
    """By its sender, or by those it came to. A place it is on its way to already gets no second way."""
    wanted = Forwarding(
        letter_id,
        [one.party for one in body.addressees],
        [one.party for one in body.copies],
        body.distribution_lists,
        body.note,
        body.as_position,
    )
    opened = await forward_letter(context, caller, wanted)
    return BranchesView(items=[branch_view(one) for one in opened], warnings=await absent_chiefs(context, opened))


@router.post(
    "/{letter_id}/links",
    operation_id="link_letters",
    summary="Say that a letter answers, follows or belongs to another",
    status_code=201,
    responses=problems(401, 403, 404, 409, 422),
)
async def post_link(context: Ctx, caller: Caller, letter_id: EntityId, body: LinkIn) -> LinkRef:
    """Both letters show it, each to those who may read the other."""
    link = await link_letters(context, caller, Linking(letter_id, body.other_id, body.relation, body.as_position))
    return LinkRef(**link.model_dump())
