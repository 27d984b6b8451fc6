"""Move one recipient on. Invariant: every change has its act and its events, all in the caller's transaction.

Two at once clash in the database, which runs one of them again on what the other left, so nothing is lost.
"""

from services.chassis.errors import conflict
from services.chassis.uow import Transaction
from services.contracts.event import Event
from services.disposition.commands import telling
from services.disposition.context import Context
from services.disposition.domain.disposition import Act, Disposition, Step


async def advance(
    context: Context, disposition: Disposition, act: Act, transaction: Transaction
) -> tuple[Disposition, Act | None]:
    """The disposition after the act, and the act as it was kept: none for a second reading."""
    step = disposition.after(act)
    if act.kind == "read" and not step.newly_read:
        return disposition, None
    events = _events(step, act)
    changed = step.disposition.model_copy(update={"version": disposition.version + len(events)})
    if not await context.dispositions.save(changed, disposition.version, transaction.session):
        raise conflict("state_changed", "Disposisi sudah berubah. Silakan muat ulang.", state=disposition.state)
    await context.thread.add(act, transaction.session)
    for number, event in enumerate(events, start=1):
        transaction.publish(event, seq=disposition.version + number)
    return changed, act


def _events(step: Step, act: Act) -> list[Event]:
    """What is told. Whoever replies, passes on or completes has read it, so that is told first where it is new.

    Completion is told for a deliberate one, and for any act that leaves nobody to act: the branch then is done.
    """
    events: list[Event] = []
    if step.newly_read:
        events.append(telling.read(step.disposition, act))
    if act.kind == "reply":
        events.append(telling.replied(step.disposition, act))
    if (act.kind == "complete" and step.newly_done) or step.all_done:
        events.append(telling.completed(step.disposition, act))
    return events
