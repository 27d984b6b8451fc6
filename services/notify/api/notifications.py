"""My notifications: listing and reading them. Invariant: only those of positions the caller holds now."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from services.chassis.auth import Caller
from services.chassis.clock import now
from services.chassis.ids import EntityId
from services.chassis.openapi import problems
from services.chassis.pagination import Cursor, Limit, Page, page_of
from services.notify.commands.mark_read import mark_read
from services.notify.context import Ctx
from services.notify.domain.notification import Notification
from services.notify.store.notifications import view

router = APIRouter(prefix="/v1/notifications", tags=["notify"])
Unread = Annotated[bool, Query(description="Only what nobody has read yet.")]


class NotificationPage(Page[Notification]):
    """One page, with how many are unread over all pages."""

    unread: int


@router.get(
    "",
    operation_id="list_notifications",
    summary="My notifications over all positions I hold, newest first",
    response_model=NotificationPage,
    responses=problems(401, 422),
)
async def listing(
    caller: Caller, context: Ctx, cursor: Cursor = None, limit: Limit = 50, unread: Unread = False
) -> NotificationPage:
    """One page and the count of unread ones."""
    positions = caller.position_ids
    found = await context.notifications.page(positions, cursor=cursor, limit=limit, unread=unread, at=now())
    rows, following = page_of(found, limit)
    count = await context.notifications.unread(positions)
    return NotificationPage(items=[view(row) for row in rows], next=following, unread=count)


@router.post(
    "/{notification_id}/read",
    operation_id="read_notification",
    summary="Mark a notification as read",
    response_model=Notification,
    responses=problems(401, 404, 422),
)
async def read(notification_id: Annotated[EntityId, Path()], caller: Caller, context: Ctx) -> Notification:
    """The first reading is kept, with the person, the position and the capacity."""
    return await mark_read(context, caller, notification_id)
