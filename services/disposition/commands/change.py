"""Keep what an act made of a disposition. Invariant: its state, its thread and its events are written together, and
whatever was given it from above knows whether it is still open.

Two at once clash in the database, which runs one of them again on what the other left, so nothing is lost.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from services.chassis.errors import conflict
from services.chassis.uow import Transaction
from services.contracts.event import Event
from services.disposition.context import Context
from services.disposition.domain.disposition import Act, Disposition


@dataclass(frozen=True)
class Change:
    """A disposition after an act, what is told of it, and what stands in the thread. Versions are left to ``keep``."""

    after: Disposition
    events: Sequence[Event] = ()
    acts: Sequence[Act] = ()


async def keep(context: Context, tx: Transaction, before: Disposition, change: Change) -> Disposition:
    """The disposition as it was kept; 409 where it has moved on since it was read."""
    after = change.after.model_copy(update={"version": before.version + len(change.events)})
    if not await context.dispositions.save(after, before.version, tx.session):
        raise conflict("state_changed", "Disposisi sudah berubah. Silakan muat ulang.", state=before.state)
    await context.thread.add(change.acts, tx.session)
    for number, event in enumerate(change.events, start=1):
        tx.publish(event, seq=before.version + number)
    if before.is_open != after.is_open:
        await carry_up(context, tx, after)
    return after


async def carry_up(context: Context, tx: Transaction, child: Disposition) -> None:
    """Tell the part it was given on with that ``child`` was opened or settled; that may settle or open the whole."""
    if child.parent is None:
        return
    parent = await context.dispositions.get(child.parent.disposition_id, tx.session)
    if parent is None:
        raise LookupError(f"disposition {child.parent.disposition_id}, which {child.id} was given on with")
    below = parent.part(child.parent.recipient_id).below + (1 if child.is_open else -1)
    await keep(context, tx, parent, Change(parent.with_part(child.parent.recipient_id, tx.now, below=below)))
