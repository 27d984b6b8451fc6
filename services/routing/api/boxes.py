"""Boxes: what the caller's units and positions have to do, have done, have sent and got back, with their counts."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from services.chassis.auth import Caller
from services.chassis.errors import not_found
from services.chassis.ids import EntityId
from services.chassis.openapi import problems
from services.chassis.pagination import Cursor, Limit, Page
from services.routing.api.control_models import ControlView, control_view
from services.routing.api.letter_models import BoxItemView, box_item_view
from services.routing.commands.list_box import BoxQuery, count_boxes, list_box, list_outbox
from services.routing.context import Ctx
from services.routing.domain.boxes import LABELS, Box

router = APIRouter(prefix="/v1/boxes", tags=["routing"])
OwnUnit = Annotated[EntityId | None, Query(description="Only what lies with this unit of mine.")]


class BoxView(BaseModel):
    """A box; ``label`` is for people."""

    box: Box
    label: str
    count: int


class BoxesView(BaseModel):
    """Every box, in the order they are shown."""

    items: list[BoxView]


@router.get("", operation_id="count_boxes", summary="My boxes and how much each holds", responses=problems(401, 422))
async def get_boxes(context: Ctx, caller: Caller, unit_id: OwnUnit = None) -> BoxesView:
    """A count is the length of the box's list, always."""
    counts = await count_boxes(context, caller, unit_id)
    return BoxesView(items=[BoxView(box=box, label=LABELS[box], count=count) for box, count in counts.items()])


@router.get("/outbox", operation_id="list_outbox", summary="What my units have sent", responses=problems(401, 422))
async def get_outbox(
    context: Ctx, caller: Caller, unit_id: OwnUnit = None, cursor: Cursor = None, limit: Limit = 50
) -> Page[ControlView]:
    """Letters, newest first, each with where it is."""
    rows, following = await list_outbox(context, caller, unit_id, cursor, limit)
    return Page(items=[control_view(row) for row in rows], next=following)


@router.get("/{box}", operation_id="list_box", summary="What stands in my box", responses=problems(401, 404, 422))
async def get_box(
    context: Ctx, caller: Caller, box: Box, unit_id: OwnUnit = None, cursor: Cursor = None, limit: Limit = 50
) -> Page[BoxItemView]:
    """Newest first; every item says why it is there."""
    if box == "outbox":
        raise not_found("Kotak")
    items, following = await list_box(context, caller, BoxQuery(box, None, unit_id, cursor, limit))
    return Page(items=[box_item_view(item) for item in items], next=following)
