"""Say of each part what is due to be said by now. Invariant: what was said is kept with the disposition, in the
transaction that tells it, so neither a crash nor a second watcher says it twice.
"""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from services.chassis.clock import now
from services.chassis.uow import Transaction
from services.contracts.event import Event
from services.disposition.commands.change import STUCK, Change, keep
from services.disposition.commands.deadlines import house_for
from services.disposition.commands.sayings import said
from services.disposition.context import Context
from services.disposition.domain.disposition import Disposition
from services.disposition.domain.recipient import DispositionRecipient
from services.disposition.domain.reminding import due_of

log = logging.getLogger(__name__)
BATCH = 100
SET_ASIDE = timedelta(hours=1)
"""How long a disposition is left alone that cannot be watched."""
REPORTS = frozenset({"reply", "progress"})
LATE = datetime.max.replace(tzinfo=UTC)
Clock = Callable[[], datetime]


async def watch_dispositions(context: Context, clock: Clock = now) -> int:
    """Say what is due by now of the next dispositions; how many were looked after."""
    due = await context.watch_list.due(clock(), BATCH)
    for disposition_id in due:
        try:
            await _watch(context, disposition_id, clock)
        except STUCK as reason:
            # One that is broken holds no other's deadline up.
            log.error("disposition %s cannot be watched: %s", disposition_id, reason)
            await context.watch_list.later(disposition_id, clock() + SET_ASIDE)
    return len(due)


async def _watch(context: Context, disposition_id: str, clock: Clock) -> None:
    async def work(tx: Transaction) -> None:
        before = await context.dispositions.get(disposition_id, tx.session)
        if before is not None:
            await keep(context, tx, before, await _looked_after(context, before, clock()))

    async with context.locks.hold(disposition_id):
        await context.uow.run(work)


async def _looked_after(context: Context, before: Disposition, at: datetime) -> Change:
    """What becomes of it; also where nothing is said it is kept with the instant it is to be looked at next."""
    house = await house_for(context, before.letter.urgency if before.letter else "normal")
    heard = await _heard(context, before, at)
    events: list[Event] = []
    parts: list[DispositionRecipient] = []
    for part in before.recipients:
        sayings, reminders = due_of(house, part, heard.get(part.recipient_id, part.issued_at), at)
        events += [said(before, part, saying, at) for saying in sayings]
        parts.append(part.with_facts(at, reminders=reminders))
    return Change(before.having(parts), events)


async def _heard(context: Context, disposition: Disposition, at: datetime) -> dict[str, datetime]:
    """When each part that may owe a report gave its last one, or was opened again."""
    parts = [one for one in disposition.recipients if one.is_open and (one.reminders.next_report_at or LATE) <= at]
    found = {one.recipient_id: one.reopened_at or one.issued_at for one in parts}
    for act in await context.thread.of(disposition.id) if found else ():
        if act.recipient_id in found and act.kind in REPORTS:
            found[act.recipient_id] = max(found[act.recipient_id], act.at)
    return found
