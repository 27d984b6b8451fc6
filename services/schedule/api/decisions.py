"""Deciding on requests: approve, decline."""

from typing import Annotated

from fastapi import APIRouter, Depends

from services.chassis.auth import Principal, require
from services.chassis.idempotency import IdempotencyKey
from services.chassis.ids import EntityId
from services.chassis.openapi import problems
from services.schedule.api.models import Booking
from services.schedule.commands.approve_request import approve_request
from services.schedule.commands.decline_request import decline_request
from services.schedule.context import Ctx
from services.schedule.domain.order import Approval, Refusal
from services.schedule.domain.request import ScheduleRequest

router = APIRouter(prefix="/v1/schedule/requests/{request_id}", tags=["schedule"])
Decider = Annotated[Principal, Depends(require("schedule:decide"))]


@router.post(
    "/approve",
    status_code=201,
    summary="Approve a request into an event",
    operation_id="approve_schedule_request",
    responses=problems(401, 403, 404, 409, 422),
)
async def approve(
    request_id: EntityId,
    caller: Decider,
    context: Ctx,
    order: Approval | None = None,
    key: IdempotencyKey = None,
) -> Booking:
    """409 `schedule_clash` with what is in the way, unless `override` says why to book over it."""
    answer = await approve_request(context, caller, request_id, order or Approval(), key)
    return Booking.model_validate(answer)


@router.post(
    "/decline",
    summary="Decline a request",
    operation_id="decline_schedule_request",
    responses=problems(401, 403, 404, 409, 422),
)
async def decline(
    request_id: EntityId, order: Refusal, caller: Decider, context: Ctx, key: IdempotencyKey = None
) -> ScheduleRequest:
    """The reason is told to whoever asked."""
    return await decline_request(context, caller, request_id, order, key)
