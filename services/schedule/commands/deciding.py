"""What approving and declining have in common. Invariant: only the leader and their office decide."""

from services.chassis.auth import Principal
from services.chassis.errors import conflict, not_found
from services.chassis.uow import Transaction
from services.contracts.vocabulary import Actor
from services.schedule.commands.acting import acting
from services.schedule.commands.viewing import viewer_of
from services.schedule.context import Context
from services.schedule.domain.office import TOLD_ROLES, decides, told_of
from services.schedule.domain.request import ScheduleRequest

_NOT_YOURS = "Hanya pimpinan, sekretaris pribadi, atau staf agenda yang dapat memutuskan permohonan ini."


async def to_decide(
    context: Context, caller: Principal, request_id: str, as_position: str | None
) -> tuple[ScheduleRequest, Actor]:
    """The request and as whom the caller decides it; 404 for whom it is no business of, 403 for who may only look."""
    request = await context.requests.get(request_id)
    if request is None or not (await viewer_of(context, caller, [])).concerned(request):
        raise not_found("Permohonan jadwal")
    actor = acting(
        caller,
        as_position,
        lambda post: decides(post, request.leader_position_id, request.leader_unit_id),
        _NOT_YOURS,
    )
    return request, actor


async def still_open(context: Context, request_id: str, transaction: Transaction) -> ScheduleRequest:
    """The request as it now is; 409 with its state where it has been decided."""
    request = await context.requests.get(request_id, transaction.session)
    if request is None:
        raise not_found("Permohonan jadwal")
    request.must_be_open()
    return request


async def keep_decision(context: Context, decided: ScheduleRequest, transaction: Transaction) -> tuple[str, ...]:
    """Store the decision; gives the positions that must hear of it."""
    if not await context.requests.decide(decided, transaction.session):
        raise conflict("state_changed", "Permohonan ini baru saja diputuskan. Silakan muat ulang.")
    office = await context.organisation.in_unit(decided.leader_unit_id, TOLD_ROLES, transaction.session)
    return told_of(decided.leader_position_id, office)
