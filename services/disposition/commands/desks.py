"""Keep one recipient responsible on each desk. Invariant: whoever gives work from a desk, and whoever leaves it while
responsible, writes the desk, so that no two of them can miss each other.
"""

from services.chassis.errors import conflict
from services.chassis.uow import Transaction
from services.contracts.event import Event
from services.disposition.commands import telling
from services.disposition.commands.change import Change, keep
from services.disposition.context import Context
from services.disposition.domain.desk import Desk, Holder, successor
from services.disposition.domain.disposition import Disposition


async def claim(context: Context, tx: Transaction, desk: Desk, holder: Holder | None) -> None:
    """Write the desk, with ``holder`` responsible or, for None, whoever was before.

    Where somebody of an earlier disposition was, it coordinates from now on. 409 where the desk has moved on.
    """
    before = desk.holder
    if holder and before and holder != before:
        await _step_back(context, tx, before)
    await _save(context, tx, desk, holder or before)


async def leave(
    context: Context, tx: Transaction, after: Disposition, gone: set[str]
) -> tuple[Disposition, list[Event]]:
    """``after``, of which the parts ``gone`` were just given back or taken, with somebody else responsible if need be.

    The event tells of a new one of the same disposition; one of another is told on its own stream.
    """
    desk = await context.desks.get(after.desk, tx.session)
    if desk.holder is None or desk.holder.disposition_id != after.id or desk.holder.recipient_id not in gone:
        return after, []
    given = [after if one.id == after.id else one for one in await context.dispositions.on_desk(after.desk, tx.session)]
    following = successor(given, desk.holder)
    await _save(context, tx, desk, following)
    if following is None:
        return after, []
    if following.disposition_id == after.id:
        return _promoted(after, following, tx)
    other = next(one for one in given if one.id == following.disposition_id)
    promoted, events = _promoted(other, following, tx)
    await keep(context, tx, other, Change(promoted, events))
    return after, []


async def rejoin(context: Context, tx: Transaction, after: Disposition, recipient_id: str) -> Disposition:
    """``after``, in which this part is work again: responsible as before, unless somebody else is by now."""
    part = after.part(recipient_id)
    desk = await context.desks.get(after.desk, tx.session)
    me = Holder(disposition_id=after.id, recipient_id=recipient_id)
    free = desk.holder is None or desk.holder == me
    role = part.role if part.role == "informed" else "responsible" if free else "coordinating"
    await _save(context, tx, desk, me if role == "responsible" else desk.holder)
    return after.with_part(recipient_id, tx.now, role=role)


async def settle_in(
    context: Context, tx: Transaction, after: Disposition, desk: Desk, added: set[str]
) -> tuple[Disposition, list[Event]]:
    """``after``, to which the parts ``added`` were just added, with one responsible on the desk: a new one if one is
    among them, else whoever was. The event tells both of them, where the other was of the same disposition.
    """
    new = next((one for one in after.recipients if one.recipient_id in added and one.responsible), None)
    before = desk.holder
    if new is None:
        await claim(context, tx, desk, None)
        return after, []
    me = Holder(disposition_id=after.id, recipient_id=new.recipient_id)
    if before is None or before.disposition_id != after.id:
        await claim(context, tx, desk, me)
        return after, []
    await _save(context, tx, desk, me)
    told = (new.position_id, after.part(before.recipient_id).position_id)
    return after, [telling.responsible_changed(after, new.recipient_id, told, tx.now)]


def _promoted(one: Disposition, holder: Holder, tx: Transaction) -> tuple[Disposition, list[Event]]:
    after = one.with_part(holder.recipient_id, tx.now, role="responsible")
    told = (after.part(holder.recipient_id).position_id, after.owner.position_id)
    return after, [telling.responsible_changed(after, holder.recipient_id, told, tx.now)]


async def _step_back(context: Context, tx: Transaction, holder: Holder) -> None:
    before = await context.dispositions.get(holder.disposition_id, tx.session)
    if before is None:
        raise LookupError(f"disposition {holder.disposition_id}, which a desk names")
    after = before.with_part(holder.recipient_id, tx.now, role="coordinating")
    told = [after.part(holder.recipient_id).position_id]
    await keep(context, tx, before, Change(after, [telling.responsible_changed(after, None, told, tx.now)]))


async def _save(context: Context, tx: Transaction, desk: Desk, holder: Holder | None) -> None:
    kept = desk.model_copy(update={"holder": holder, "version": desk.version + 1, "changed_at": tx.now})
    if not await context.desks.save(kept, tx.session):
        raise conflict("state_changed", "Disposisi lain baru saja diberikan. Silakan muat ulang.", state=desk.version)
