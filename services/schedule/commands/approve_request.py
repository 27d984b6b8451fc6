"""Approve a request into an event. Invariant: of any number of bookings of one slot, at once or not, one wins.

The leader's calendar is written first in the transaction, so that concurrent bookings clash there in the database and
run again, one after the other, each seeing what the ones before it booked.
"""

from services.chassis.auth import Principal
from services.chassis.errors import ServiceError, conflict, unprocessable
from services.chassis.idempotency import fingerprint
from services.chassis.ids import new_id
from services.chassis.mongo import Document
from services.chassis.uow import Transaction
from services.contracts.vocabulary import Actor
from services.schedule.commands import telling
from services.schedule.commands.deciding import keep_decision, still_open, to_decide
from services.schedule.commands.viewing import viewer_of
from services.schedule.context import Context
from services.schedule.domain.event import Clash, ScheduleEvent, booked
from services.schedule.domain.history import Entry
from services.schedule.domain.order import Approval
from services.schedule.domain.request import ScheduleRequest
from services.schedule.domain.slot import Slot, slot_of


async def approve_request(
    context: Context, caller: Principal, request_id: str, order: Approval, key: str | None
) -> Document:
    """Gives the request and its event; 409 with what is in the way, where nobody says to book over it."""
    request, actor = await to_decide(context, caller, request_id, order.as_position)
    leader = request.leader_position_id

    async def work(transaction: Transaction) -> Document:
        await context.calendars.claim(leader, transaction.session)
        return await _book(context, request_id, actor, order, transaction)

    fingerprinted = fingerprint("approve", request_id, order.model_dump(mode="json", exclude_unset=True))
    await context.calendars.open(leader)
    try:
        # Neighbours in this process queue here; those in others clash in the database and are run again.
        async with context.locks.hold(leader):
            answer, _ = await context.idempotent.run(caller.person_id, key, fingerprinted, work)
    except Clash as clash:
        raise await _refused(context, caller, clash) from None
    return await _shown(context, caller, answer)


async def _book(context: Context, request_id: str, actor: Actor, order: Approval, transaction: Transaction) -> Document:
    request = await still_open(context, request_id, transaction)
    slot = _slot(request, order)
    calendar = await context.events.around(request.leader_position_id, slot, transaction.session)
    reason = order.override.reason if order.override else None
    entry = Entry(what="booked", actor=actor, at=transaction.now, reason=reason)
    event = booked(calendar, request, slot, order.place, new_id(), entry)
    decided = request.approved(event.id, entry.model_copy(update={"what": "approved"}))
    await context.events.add(event, transaction.session)
    told = await keep_decision(context, decided, transaction)
    transaction.publish(telling.approved(decided, event, entry, told), seq=decided.version)
    return {"request": decided.model_dump(mode="json"), "event": event.model_dump(mode="json")}


def _slot(request: ScheduleRequest, order: Approval) -> Slot:
    start, end = order.starts_at or request.starts_at, order.ends_at or request.ends_at
    if start is None or end is None:
        raise unprocessable("time_required", "Permohonan ini belum menyebut waktu. Isi waktu mulai dan selesai.")
    return slot_of(start, end)


async def _shown(context: Context, caller: Principal, answer: Document) -> Document:
    """The answer as the caller may see it: the office books confidential matters without knowing what they are."""
    request = ScheduleRequest.model_validate(answer["request"])
    event = ScheduleEvent.model_validate(answer["event"])
    viewer = await viewer_of(context, caller, [event])
    return {
        "request": viewer.request(request).model_dump(mode="json"),
        "event": viewer.entry(event).model_dump(mode="json"),
    }


async def _refused(context: Context, caller: Principal, clash: Clash) -> ServiceError:
    viewer = await viewer_of(context, caller, clash.events)
    clashes = [viewer.entry(one).model_dump(mode="json") for one in clash.events]
    return conflict("schedule_clash", "Pimpinan sudah mempunyai acara pada waktu itu.", clashes=clashes)
