"""Keep what an act made of a disposition. Invariant: its state, its thread and its events are written together, and
whatever was given it from above knows whether it is still open.

Two at once clash in the database, which runs one of them again on what the other left, so nothing is lost.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from services.chassis.errors import ServiceError, conflict
from services.chassis.outbox import StreamVersionTaken
from services.chassis.uow import Transaction
from services.contracts.event import Event
from services.disposition.commands import telling
from services.disposition.context import Context
from services.disposition.domain.disposition import Act, Disposition

STUCK = (ServiceError, LookupError, ValueError, StreamVersionTaken)
"""With what one disposition may refuse to be moved on by the house: it was sooner, is not whole, or cannot be read. It
holds no other up.
"""


@dataclass(frozen=True)
class Change:
    """A disposition after an act, what is told of it, and what stands in the thread. Versions are left to ``keep``."""

    after: Disposition
    events: Sequence[Event] = ()
    acts: Sequence[Act] = ()


async def keep(context: Context, tx: Transaction, before: Disposition, change: Change) -> Disposition:
    """The disposition as it was kept; 409 where it has moved on since it was read."""
    after = await _save(context, tx, before, change)
    if before.is_open != after.is_open:
        await carry_up(context, tx, after, change.acts[-1] if change.acts else None)
    return after


async def _save(context: Context, tx: Transaction, before: Disposition, change: Change) -> Disposition:
    memory = change.after.memory.having((act.text for act in change.acts), (act.actor for act in change.acts))
    after = change.after.model_copy(update={"version": before.version + len(change.events), "memory": memory})
    if not await context.dispositions.save(after, before.version, tx.session):
        raise conflict("state_changed", "Disposisi sudah berubah. Silakan muat ulang.", state=before.state)
    await context.box_counts.move(before, after, tx.session)
    await context.thread.add(change.acts, tx.session)
    for number, event in enumerate(change.events, start=1):
        tx.publish(event, seq=before.version + number)
    return after


async def carry_up(context: Context, tx: Transaction, child: Disposition, act: Act | None = None) -> None:
    """Tell the part it was given on with that ``child`` was opened or settled; that may settle or open the whole.

    Where ``act`` left nobody to act in the whole either, that is told: whoever gave it waits for just this.
    """
    if child.parent is None:
        return
    parent = await context.dispositions.get(child.parent.disposition_id, tx.session)
    if parent is None:
        raise LookupError(f"disposition {child.parent.disposition_id}, which {child.id} was given on with")
    recipient_id = child.parent.recipient_id
    below = parent.part(recipient_id).below + (1 if child.is_open else -1)
    after = parent.with_part(recipient_id, tx.now, below=below)
    settled = parent.is_open and after.state == "done"
    # The cause stands in the thread below, where it was done; here it only gives the event its words.
    cause = act.model_copy(update=_as_part(parent, recipient_id)) if act and act.actor and settled else None
    events = [telling.completed(after, cause)] if cause else []
    kept = await _save(context, tx, parent, Change(after, events))
    if parent.is_open != kept.is_open:
        await carry_up(context, tx, kept, cause)


def _as_part(one: Disposition, recipient_id: str) -> dict[str, str]:
    return {"disposition_id": one.id, "recipient_id": recipient_id, "kind": "pass_on"}
