"""Boxes: what the caller's positions gave and were given, by how far it is, with their counts; and search in them."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from services.chassis.auth import Caller
from services.chassis.ids import EntityId
from services.chassis.openapi import problems
from services.chassis.pagination import FIRST_DAY, LAST_DAY, Limit, Page
from services.disposition.commands.list_boxes import BoxQuery, count_boxes, list_box
from services.disposition.context import Ctx
from services.disposition.domain.boxes import LABELS, Box
from services.disposition.domain.disposition import Disposition
from services.disposition.domain.finding import BoxItem, StateFilter, Wanted

router = APIRouter(prefix="/v1/dispositions", tags=["disposition"])
OwnPosition = Annotated[EntityId | None, Query(description="Only what lies with this position of mine.")]
Day = Annotated[date | None, Query(ge=FIRST_DAY, lt=LAST_DAY, description="A local day, included.")]
Words = Annotated[str | None, Query(min_length=1, max_length=200)]


class BoxItemView(Disposition):
    """A disposition as it stands in a box: with which position of mine, and with which part where it was given."""

    position_id: str
    recipient_id: str | None


class BoxView(BaseModel):
    """A box; ``label`` is for people."""

    box: Box
    label: str
    count: int


class BoxesView(BaseModel):
    """Every box, in the order they are shown."""

    items: list[BoxView]


@router.get(
    "",
    summary="What stands in a box of mine, newest first; search in it",
    operation_id="list_dispositions",
    responses=problems(401, 403, 422),
)
async def in_box(
    caller: Caller,
    context: Ctx,
    box: Annotated[Box, Query(description="What was given, or received, or a part of either.")] = "received",
    state: Annotated[
        StateFilter | None,
        Query(description="Received: the state of one's own part, or `open`. Given: of the whole, or any recipient's."),
    ] = None,
    q: Annotated[Words, Query(description="Words of the subject, the notes, the sender or the answers.")] = None,
    instruction: Annotated[str | None, Query(min_length=1, max_length=40, description="The code of one.")] = None,
    person: Annotated[Words, Query(description="A person or position: its id, or what it is called.")] = None,
    since: Annotated[Day, Query(alias="from")] = None,
    until: Annotated[Day, Query(alias="to")] = None,
    as_position: OwnPosition = None,
    cursor: Annotated[str | None, Query(max_length=80, description="`next` of the page before.")] = None,
    limit: Limit = 50,
) -> Page[BoxItemView]:
    """Where a search takes long, a page may hold less than was asked for, even nothing, and yet have a ``next``."""
    wanted = Wanted(state=state, instruction=instruction, text=q, person=person)
    query = BoxQuery(box, as_position, wanted, since, until, cursor, limit)
    items, following = await list_box(context, caller, query)
    return Page(items=[_view(one) for one in items], next=following)


@router.get(
    "/counts",
    summary="My boxes and how much each holds",
    operation_id="count_dispositions",
    responses=problems(401, 403, 422),
)
async def get_counts(caller: Caller, context: Ctx, as_position: OwnPosition = None) -> BoxesView:
    """A count is the length of the box's list, always."""
    counts = await count_boxes(context, caller, as_position)
    return BoxesView(items=[BoxView(box=box, label=LABELS[box], count=count) for box, count in counts.items()])


def _view(item: BoxItem) -> BoxItemView:
    part = item.part.recipient_id if item.part else None
    return BoxItemView(**dict(item.disposition), position_id=item.position_id, recipient_id=part)
