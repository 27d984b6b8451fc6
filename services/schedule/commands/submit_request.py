"""Submit a request. Invariant: it is stored and its event written in one transaction, and nobody in ``told`` is left
out: the leader, the personal secretary, the aide.
"""

from services.chassis.auth import Principal
from services.chassis.errors import conflict, not_found, unprocessable
from services.chassis.idempotency import fingerprint
from services.chassis.ids import new_id
from services.chassis.mongo import Document
from services.chassis.uow import Transaction
from services.contracts.routing import LetterDelivered, PositionChanged
from services.schedule.commands import telling
from services.schedule.commands.acting import acting
from services.schedule.context import Context
from services.schedule.domain.history import Entry
from services.schedule.domain.office import TOLD_ROLES, is_leader, told_of
from services.schedule.domain.order import NewRequest
from services.schedule.domain.request import ScheduleRequest
from services.schedule.domain.slot import slot_of


async def submit_request(context: Context, caller: Principal, order: NewRequest, key: str | None) -> Document:
    """Ask for a leader's presence; gives the request, or for a repeated key the first one."""

    async def work(transaction: Transaction) -> Document:
        request = await _request(context, caller, order, transaction)
        await keep(context, request, transaction)
        return request.model_dump(mode="json")

    fingerprinted = fingerprint("submit", order.model_dump(mode="json", exclude_unset=True))
    answer, _ = await context.idempotent.run(caller.person_id, key, fingerprinted, work)
    return answer


async def keep(context: Context, request: ScheduleRequest, transaction: Transaction) -> None:
    """Store a fresh request and have it told."""
    office = await context.organisation.in_unit(request.leader_unit_id, TOLD_ROLES, transaction.session)
    await context.requests.add(request, transaction.session)
    told = told_of(request.leader_position_id, office)
    transaction.publish(telling.submitted(request, told), seq=request.version)


async def leader_at(context: Context, position_id: str) -> PositionChanged:
    """The leader's position; 404 where it is unknown, 422 where it has no calendar."""
    position = await context.organisation.position(position_id)
    if position is None:
        raise not_found("Jabatan pimpinan")
    if not is_leader(position):
        raise unprocessable("not_a_leader", "Jabatan ini tidak memiliki jadwal pimpinan.")
    return position


async def _usable(context: Context, letter: LetterDelivered, transaction: Transaction) -> None:
    """422 for a letter that was only entered to practise, 409 for one that is void."""
    if letter.training:
        raise unprocessable("training_letter", "Surat latihan tidak dapat dipakai untuk memohon jadwal pimpinan.")
    if await context.letters.voided(letter.letter_id, transaction.session):
        raise conflict("letter_voided", "Pendaftaran surat ini sudah dibatalkan.", state={"status": "void"})
    await context.letters.claim(letter.letter_id, transaction.session)


async def _request(context: Context, caller: Principal, order: NewRequest, transaction: Transaction) -> ScheduleRequest:
    slot = slot_of(order.starts_at, order.ends_at)
    actor = acting(caller, order.as_position, lambda _: True, "Anda tidak memegang jabatan tersebut.")
    leader = await leader_at(context, order.leader_position_id)
    letter = await context.letters.readable(order.letter_id, caller) if order.letter_id else None
    if letter is not None:
        await _usable(context, letter, transaction)
    return ScheduleRequest(
        id=new_id(),
        leader_position_id=leader.position_id,
        leader_title=leader.title,
        leader_unit_id=leader.unit_id,
        type=order.type,
        title=order.title,
        place=order.place,
        starts_at=slot.start,
        ends_at=slot.end,
        letter_id=order.letter_id,
        confidential=letter is not None and letter.access.confidentiality != "ordinary",
        requester=actor,
        submitted_at=transaction.now,
        history=(Entry(what="submitted", actor=actor, at=transaction.now),),
    )
