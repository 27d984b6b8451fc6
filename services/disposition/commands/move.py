"""Move a part, or the giving side, to another position. Invariant: what was given on with a part goes along with it,
and whoever takes over sees what is below as the former position did.
"""

from dataclasses import dataclass

from services.chassis.ids import new_id
from services.chassis.uow import Transaction
from services.contracts.vocabulary import Actor
from services.disposition.commands.change import Change, keep
from services.disposition.commands.deadlines import handed_reminders
from services.disposition.commands.telling_changes import handed_over
from services.disposition.context import Context
from services.disposition.domain.disposition import Act, Disposition
from services.disposition.domain.hand_over import awaits, is_party, with_above, with_owner_at, with_part_at
from services.disposition.domain.recipient import DispositionRecipient, Seat


@dataclass(frozen=True)
class Move:
    """Where work goes and why, within one transaction; without an actor it is the house that moves it."""

    tx: Transaction
    to: Seat
    reason: str
    actor: Actor | None = None

    def act(self, one: Disposition, recipient_id: str | None = None) -> Act:
        """What stands in the thread."""
        return Act(
            id=new_id(),
            disposition_id=one.id,
            recipient_id=recipient_id,
            kind="hand_over",
            text=self.reason,
            seat=self.to,
            actor=self.actor,
            at=self.tx.now,
        )


async def part_moved(context: Context, move: Move, one: Disposition, part: DispositionRecipient) -> Change:
    """The change in which the part lies there. What was given on with it is moved and kept already."""
    for child in await context.dispositions.on_desk(part.recipient_id, move.tx.session):
        if child.owner.position_id == part.position_id and not is_party(child, move.to.position_id):
            await move_giving(context, move, child)
    urgency = one.letter.urgency if one.letter else "normal"
    after = with_part_at(one, part, move.to)
    if part.state == "sent":
        reminders = await handed_reminders(context, part, move.tx.now, urgency)
        after = after.with_part(part.recipient_id, move.tx.now, reminders=reminders)
    act = move.act(one, part.recipient_id)
    told = (move.to.position_id, part.position_id, one.owner.position_id)
    return Change(after, (handed_over(after, act, part.seat(), told),), (act,))


async def move_giving(context: Context, move: Move, one: Disposition) -> None:
    """Have another position wait for the answers of this one, and keep it. Of what is done nobody is told."""
    act = move.act(one)
    after = with_owner_at(one, move.to)
    told = (move.to.position_id, one.owner.position_id) if awaits(one, one.owner.position_id) else ()
    await keep(context, move.tx, one, Change(after, (handed_over(after, act, one.owner, told),), (act,)))
    await _lift(context, move, after)


async def _lift(context: Context, move: Move, one: Disposition) -> None:
    """Name those who stand above everything below ``one``, as it is now."""
    for part in one.recipients:
        below = await context.dispositions.on_desk(part.recipient_id, move.tx.session) if part.passed_on_at else []
        for child in below:
            after = with_above(child, one)
            if after != child:
                await keep(context, move.tx, child, Change(after))
                await _lift(context, move, after)
