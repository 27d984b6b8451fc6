"""Leaders' calendars: what lies in them, and what would be in the way."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AwareDatetime

from services.chassis.auth import Caller
from services.chassis.ids import EntityId
from services.chassis.openapi import problems
from services.schedule.api.models import CalendarView, Conflicts
from services.schedule.commands.show_calendar import show_calendar, show_event
from services.schedule.context import Ctx
from services.schedule.domain.seen import CalendarEntry
from services.schedule.domain.slot import range_of, slot_of

router = APIRouter(prefix="/v1/schedule", tags=["schedule"])
Leader = Annotated[EntityId, Query(description="The leader's position.")]
Start = Annotated[AwareDatetime, Query(description="From this instant.")]
End = Annotated[AwareDatetime, Query(description="Until just before this instant.")]


@router.get(
    "/events",
    summary="A leader's calendar within a range of up to 92 days",
    operation_id="list_schedule_events",
    responses=problems(401, 403, 404, 422),
)
async def events(leader: Leader, start: Start, end: End, caller: Caller, context: Ctx) -> CalendarView:
    """Outside the leader's office, and of confidential matters, only the times are shown."""
    return CalendarView(items=await show_calendar(context, caller, leader, range_of(start, end)))


@router.get(
    "/conflicts",
    summary="What would be in the way of a booking",
    operation_id="list_schedule_conflicts",
    responses=problems(401, 403, 404, 422),
)
async def conflicts(leader: Leader, start: Start, end: End, caller: Caller, context: Ctx) -> Conflicts:
    """To be asked before approving; approving asks again by itself."""
    items = await show_calendar(context, caller, leader, slot_of(start, end))
    return Conflicts(free=not items, items=items)


@router.get(
    "/events/{event_id}",
    summary="An event with its history",
    operation_id="get_schedule_event",
    responses=problems(401, 404, 422),
)
async def event(event_id: EntityId, caller: Caller, context: Ctx) -> CalendarEntry:
    """For those who may know what it is about."""
    return await show_event(context, caller, event_id)
