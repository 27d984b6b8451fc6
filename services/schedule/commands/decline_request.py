"""Decline a request. Invariant: with a reason, and only what has not been decided."""

from services.chassis.auth import Principal
from services.chassis.idempotency import fingerprint
from services.chassis.mongo import Document
from services.chassis.uow import Transaction
from services.schedule.commands import telling
from services.schedule.commands.deciding import keep_decision, still_open, to_decide
from services.schedule.commands.viewing import viewer_of
from services.schedule.context import Context
from services.schedule.domain.history import Entry
from services.schedule.domain.order import Refusal
from services.schedule.domain.request import ScheduleRequest


async def decline_request(
    context: Context, caller: Principal, request_id: str, order: Refusal, key: str | None
) -> ScheduleRequest:
    """Gives the declined request."""
    _, actor = await to_decide(context, caller, request_id, order.as_position)

    async def work(transaction: Transaction) -> Document:
        request = await still_open(context, request_id, transaction)
        entry = Entry(what="declined", actor=actor, at=transaction.now, reason=order.reason)
        decided = request.declined(entry)
        told = await keep_decision(context, decided, transaction)
        transaction.publish(telling.declined(decided, entry, told), seq=decided.version)
        return decided.model_dump(mode="json")

    fingerprinted = fingerprint("decline", request_id, order.model_dump(mode="json", exclude_unset=True))
    answer, _ = await context.idempotent.run(caller.person_id, key, fingerprinted, work)
    decided = ScheduleRequest.model_validate(answer)
    return (await viewer_of(context, caller, [decided])).request(decided)
