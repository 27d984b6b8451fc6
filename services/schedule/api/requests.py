"""Requests for a leader's presence: submit, list, look at."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from services.chassis.auth import Caller, Principal, require
from services.chassis.idempotency import IdempotencyKey
from services.chassis.ids import EntityId
from services.chassis.openapi import problems
from services.chassis.pagination import Cursor, Limit, Page
from services.schedule.commands import show_requests as show
from services.schedule.commands.submit_request import submit_request
from services.schedule.context import Ctx
from services.schedule.domain.order import NewRequest
from services.schedule.domain.request import RequestState, ScheduleRequest

router = APIRouter(prefix="/v1/schedule/requests", tags=["schedule"])
Requester = Annotated[Principal, Depends(require("schedule:request"))]


@router.post(
    "",
    status_code=201,
    summary="Ask for a leader's presence",
    operation_id="submit_schedule_request",
    responses=problems(401, 403, 404, 409, 422),
)
async def submit(order: NewRequest, caller: Requester, context: Ctx, key: IdempotencyKey = None) -> ScheduleRequest:
    """A letter may be named where the caller may read it."""
    return ScheduleRequest.model_validate(await submit_request(context, caller, order, key))


@router.get(
    "",
    summary="My requests, and for a leader's office those of the leader, newest first",
    operation_id="list_schedule_requests",
    responses=problems(401, 422),
)
async def several(
    caller: Caller,
    context: Ctx,
    leader: Annotated[EntityId | None, Query(description="Only for this leader's position.")] = None,
    state: Annotated[RequestState | None, Query(description="Only in this state.")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[ScheduleRequest]:
    """What comes from a confidential letter has no title for those who may not read it."""
    items, following = await show.show_requests(context, caller, leader, state, cursor, limit)
    return Page(items=items, next=following)


@router.get(
    "/{request_id}",
    summary="A request with its history",
    operation_id="get_schedule_request",
    responses=problems(401, 404, 422),
)
async def one(request_id: EntityId, caller: Caller, context: Ctx) -> ScheduleRequest:
    """For whoever asked, and for the leader's office."""
    return await show.show_request(context, caller, request_id)
