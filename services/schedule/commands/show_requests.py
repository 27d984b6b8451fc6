"""Requests somebody may see: what they asked for, and for a leader's office what is asked of the leader."""

from services.chassis.auth import Principal
from services.chassis.errors import not_found
from services.schedule.commands.viewing import viewer_of
from services.schedule.context import Context
from services.schedule.domain.office import OFFICE_ROLES
from services.schedule.domain.request import RequestState, ScheduleRequest


async def show_request(context: Context, caller: Principal, request_id: str) -> ScheduleRequest:
    """One request; 404 for whom it is no business of."""
    request = await context.requests.get(request_id)
    if request is None:
        raise not_found("Permohonan jadwal")
    viewer = await viewer_of(context, caller, [request])
    if not viewer.concerned(request):
        raise not_found("Permohonan jadwal")
    return viewer.request(request)


async def show_requests(
    context: Context,
    caller: Principal,
    leader_position_id: str | None,
    state: RequestState | None,
    cursor: str | None,
    limit: int,
) -> tuple[list[ScheduleRequest], str | None]:
    """A page, newest first."""
    if not caller.positions:
        return [], None
    offices = list({held.unit_id for held in caller.positions if held.role in OFFICE_ROLES})
    found, following = await context.requests.concerning(
        caller.position_ids, offices, leader_position_id, state, cursor, limit
    )
    viewer = await viewer_of(context, caller, found)
    return [viewer.request(one) for one in found], following
