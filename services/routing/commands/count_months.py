"""Count the months whose rows have changed. Invariant: a month is counted from all of its rows, in one transaction with
taking its mark off, so what was counted never lacks what was written before.

Counting costs as much as a month has rows, however little has changed. So after it has taken some time, it rests for
ten times as long: in a small regency figures follow within a moment, in a large one within some seconds.
"""

import time
from collections.abc import Awaitable, Callable

from services.chassis.uow import Transaction
from services.routing.domain.figure_backlog import backlog_of
from services.routing.domain.figure_counts import tally
from services.routing.figure_room import FigureRoom
from services.routing.store.figure_months import CountedMonth, DueMonth

SWEEP_SECONDS = 2.0
REST = 10
LONGEST_REST_SECONDS = 60.0


async def count_months(room: FigureRoom) -> int:
    """Count what is due, for a while; how many months were counted."""
    started = time.monotonic()
    done = 0
    for due in await room.activity.due():
        await _count(room, due)
        done += 1
        if time.monotonic() - started > SWEEP_SECONDS:
            break
    return done


def counting_at_ease(room: FigureRoom) -> Callable[[], Awaitable[int]]:
    """The sweep of a duty: counts, and after it has worked for a while finds nothing to do for ten times as long."""
    rested_at = 0.0

    async def sweep() -> int:
        nonlocal rested_at
        started = time.monotonic()
        if started < rested_at:
            return 0
        await count_months(room)
        took = time.monotonic() - started
        rested_at = started + took + min(took * REST, LONGEST_REST_SECONDS)
        return 0

    return sweep


async def _count(room: FigureRoom, due: DueMonth) -> None:
    async def work(tx: Transaction) -> None:
        if not await room.activity.settle(due, tx.session):
            return  # it has changed again, and is counted with the new mark
        rows = await room.rows.in_month(due.unit_id, due.month, tx.session)
        counted = CountedMonth(due.unit_id, due.month, tally(rows), tx.now)
        await room.months.put(counted, backlog_of(rows), tx.session)

    await room.uow.run(work)
