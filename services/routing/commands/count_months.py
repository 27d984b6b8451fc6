"""Count the months whose rows have changed. Invariant: a month is counted from all of its rows, in one transaction with
taking its mark off, so what was counted never lacks what was written before.

Counting costs as much as a month has rows, however little has changed. So after it has taken some time, it rests for
ten times as long: in a small regency figures follow within a moment, in a large one within some seconds.
"""

import time
from collections.abc import Awaitable, Callable, Sequence

from services.chassis.uow import Transaction
from services.routing.domain.figure_backlog import backlog_of
from services.routing.domain.figure_counts import tally
from services.routing.figure_room import FigureRoom
from services.routing.store.figure_months import CountedMonth, DueMonth

AT_ONCE = 20
SWEEP_SECONDS = 2.0
REST = 10
LONGEST_REST_SECONDS = 60.0


async def count_months(room: FigureRoom) -> int:
    """Count what is due, for a while; how many months were counted."""
    started = time.monotonic()
    due = await room.activity.due()
    for start in range(0, len(due), AT_ONCE):
        await _count(room, due[start : start + AT_ONCE])
        if time.monotonic() - started > SWEEP_SECONDS:
            return start + AT_ONCE
    return len(due)


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


async def _count(room: FigureRoom, due: Sequence[DueMonth]) -> None:
    async def work(tx: Transaction) -> None:
        counted: list[CountedMonth] = []
        for one in due:
            # One that has changed again since it was read is counted with its new mark.
            if await room.activity.settle(one, tx.session):
                rows = await room.rows.in_month(one.unit_id, one.month, tx.session)
                counted.append(CountedMonth(one.unit_id, one.month, tally(rows), tx.now, backlog_of(rows)))
        await room.months.put(counted, tx.session)

    await room.uow.run(work)
