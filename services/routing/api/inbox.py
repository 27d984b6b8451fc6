"""The inbox: what lies with the caller's units and positions. It is one of the boxes, under a name of its own."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.chassis.auth import Caller
from services.chassis.ids import EntityId
from services.chassis.openapi import problems
from services.chassis.pagination import Cursor, Limit, Page
from services.routing.api.letter_models import BoxItemView, box_item_view
from services.routing.commands.list_box import BoxQuery, list_box
from services.routing.context import Ctx
from services.routing.domain.branch import OPEN, State

router = APIRouter(prefix="/v1/inbox", tags=["routing"])


@router.get(
    "", operation_id="list_inbox", summary="What lies with my units and positions", responses=problems(401, 422)
)
async def get_inbox(
    context: Ctx,
    caller: Caller,
    state: Annotated[State | None, Query(description="Only these; done ones are shown only when asked for.")] = None,
    unit_id: Annotated[EntityId | None, Query(description="Only what lies with this unit of mine.")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[BoxItemView]:
    """Newest first; every item says why it is there."""
    box = BoxQuery("done" if state == "done" else "inbox", None, unit_id, cursor, limit)
    if state in OPEN:
        box = BoxQuery("inbox", state, unit_id, cursor, limit)
    elif state not in (None, "done"):
        return Page(items=[], next=None)
    items, following = await list_box(context, caller, box)
    return Page(items=[box_item_view(item) for item in items], next=following)
