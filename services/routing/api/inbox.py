"""The inbox: what lies with the caller's units and positions."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.chassis.auth import Caller
from services.chassis.ids import EntityId
from services.chassis.openapi import problems
from services.chassis.pagination import Cursor, Limit, Page
from services.routing.api.letter_models import InboxItemView, branch_view, letter_view
from services.routing.commands.list_inbox import InboxItem, InboxQuery, list_inbox
from services.routing.context import Ctx
from services.routing.domain.branch import State
from services.routing.domain.reason import why

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
) -> Page[InboxItemView]:
    """Newest first; every item says why it is there."""
    items, following = await list_inbox(context, caller, InboxQuery(state, unit_id, cursor, limit))
    return Page(items=[_view(item) for item in items], next=following)


def _view(item: InboxItem) -> InboxItemView:
    branch, held = item.branch, item.held
    return InboxItemView(
        branch_id=branch.id,
        letter_id=branch.letter_id,
        branch=branch_view(branch),
        letter=letter_view(branch.letter_id, branch.letter),
        urgency=branch.letter.urgency,
        sender=branch.letter.sender,
        since=branch.since,
        why=why(branch, held.position_id, held.title, held.capacity),
    )
