"""Say of each branch once that its deadline nears, and once that it has passed. Invariant: told with the branch's own
state, in one transaction, so neither a crash nor a second watcher tells it twice.
"""

import logging
from collections.abc import Sequence
from datetime import timedelta

from services.chassis.bus.outcome import RetryLater
from services.chassis.clock import now
from services.chassis.errors import ServiceError
from services.chassis.uow import Transaction
from services.contracts.event import Event
from services.contracts.routing import DeadlineNeared, DeadlinePassed
from services.routing.commands.dossiers import happen, take
from services.routing.context import Context
from services.routing.domain.branch import Branch
from services.routing.domain.dossier import Dossier
from services.routing.domain.track import who_must_act

log = logging.getLogger(__name__)
BATCH = 100
SET_ASIDE = timedelta(hours=1)
"""How long a branch is left alone that cannot be watched."""


async def watch_deadlines(context: Context) -> int:
    """Tell what is due to be told by now; how many it was told of."""
    due = await context.branches.to_watch(now(), BATCH)
    told = 0
    for branch in due:
        try:
            told += await _watch(context, branch)
        except (RetryLater, ServiceError) as reason:
            # Its letter is not known, or not whole: that is for `lontar letters check`, and holds no other deadline up.
            log.error("the deadline of branch %s cannot be watched: %s", branch.id, reason)
            await context.branches.watch_later(branch.id, now() + SET_ASIDE)
    return told


async def _watch(context: Context, seen: Branch) -> int:
    """1 where something was told, else 0: then the branch is kept with what it should be watched for."""

    async def work(tx: Transaction) -> int:
        before = await take(context, tx, seen.letter_id)
        branch = before.branch(seen.id)
        if branch.watch_at is not None and branch.watch_at <= tx.now:
            await happen(context, tx, before, [_told(tx, before, branch)])
            return 1
        await context.branches.change(branch, tx.session)
        return 0

    return await context.uow.run(work)


def _told(tx: Transaction, dossier: Dossier, branch: Branch) -> Event:
    assert branch.due_at is not None  # noqa: S101 - nothing is watched without a deadline
    acting = [post.position_id for post in who_must_act(branch, dossier.letter, dossier.branches)]
    passed = branch.due_at <= tx.now
    told: Sequence[str] = [*acting, *branch.holders] if passed else acting
    kind = DeadlinePassed if passed else DeadlineNeared
    return kind(
        letter_id=branch.letter_id,
        subject=dossier.letter.summary.subject,
        branch_id=branch.id,
        unit_name=branch.unit_name,
        due_at=branch.due_at,
        told=tuple(dict.fromkeys(told)),
        at=tx.now,
    )
