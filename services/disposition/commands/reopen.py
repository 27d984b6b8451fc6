"""Make work again of what was done or given back. Invariant: what it ends with now is something still to be done."""

from collections.abc import Mapping
from typing import Any

from services.chassis.errors import conflict
from services.chassis.mongo import Document
from services.disposition.commands import telling, telling_changes
from services.disposition.commands.act_on_part import Asked, PartTurn, act_on_owned
from services.disposition.commands.amend import facts_of, new_deadline
from services.disposition.commands.change import Change
from services.disposition.commands.deadlines import first_reminders
from services.disposition.commands.desks import rejoin
from services.disposition.commands.given_on import part_above
from services.disposition.commands.holding import standing_with
from services.disposition.context import Context
from services.disposition.domain import acts
from services.disposition.domain.deadline import Deadline
from services.disposition.domain.disposition import Disposition
from services.disposition.domain.order import Ground
from services.disposition.domain.standing import usable

FORGOTTEN = ("replied_at", "completed_at", "declined_at", "outgoing_letter_id")
"""What would end it at once, or made it end."""


async def reopen_part(
    context: Context, asked: Asked, recipient_id: str, reason: str, changes: Mapping[str, Any]
) -> Document:
    """Open a part again, with the deadline in ``changes`` or else the present one, unless that has passed."""

    async def work(turn: PartTurn) -> Change | None:
        acts.may_reopen(turn.disposition, turn.part)
        await _check_place(context, turn)
        deadline = await new_deadline(context, turn, changes)
        if not changes and deadline.due_at and deadline.due_at <= turn.at:
            deadline = Deadline()
        after = await _opened(context, turn, deadline)
        act = turn.act("reopen", recipient_id, text=reason)
        events = [telling_changes.reopened(after, act), *_responsible(turn, after)]
        return Change(after, events, (act,))

    return await act_on_owned(context, asked, recipient_id, ["reopen", reason, dict(changes)], work)


async def _check_place(context: Context, turn: PartTurn) -> None:
    """409 where there is nobody or nothing to give the work back to, or the letter is not here to work on any more."""
    await part_above(context, turn.tx, turn.disposition)
    standing, ways = await standing_with(context, turn.disposition, turn.actor)
    usable([standing], Ground(), ways)
    one, part = turn.disposition, turn.part
    state = {"recipient_id": part.recipient_id, "state": part.state, "version": one.version}
    other = one.recipient_at(part.position_id)
    if part.position_id == one.owner.position_id or (other and other.recipient_id != part.recipient_id):
        detail = f"{part.position_title} sudah menjadi pihak lain dalam disposisi ini."
        raise conflict("already_party", detail, state=state)
    if not await context.organisation.positions([part.position_id], turn.tx.session):
        detail = f"Jabatan {part.position_title} sudah tidak ada. Tambahkan penerima lain."
        raise conflict("position_inactive", detail, state=state)


async def _opened(context: Context, turn: PartTurn, deadline: Deadline) -> Disposition:
    part, letter = turn.part, turn.disposition.letter
    facts = {
        **dict.fromkeys(FORGOTTEN),
        **facts_of(deadline),
        # Beside whoever is responsible by now; where nobody is, it will be.
        "role": part.role if part.role == "informed" else "coordinating",
        "closes_on": "reply" if part.closes_on == "read" and part.read_at else part.closes_on,
        "reopened_at": turn.at,
        "reminders": await first_reminders(context, part.instructions, turn.at, letter.urgency if letter else "normal"),
    }
    after = turn.disposition.with_part(part.recipient_id, turn.at, **facts)
    return await rejoin(context, turn.tx, after, part.recipient_id)


def _responsible(turn: PartTurn, after: Disposition) -> list[Any]:
    """That its role is another now, where it is. One that had left may have been told of as another already."""
    now_it_is = after.part(turn.part.recipient_id).role
    if now_it_is == turn.part.role and (turn.part.is_live or now_it_is != "responsible"):
        return []
    holder = after.responsible
    return [telling.responsible_changed(after, holder.recipient_id if holder else None, (), turn.at)]
