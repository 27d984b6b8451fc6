"""Work a service does by itself, again and again. Invariant: one process at a time does it, by a lease.

A sweep does a little and says how much it did; while it did something it is called again at once. A sweep may be cut
off anywhere and be done twice where a lease ran out, so it must stand both.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from functools import partial

from services.chassis.lease import Lease
from services.chassis.mongo import PyMongoError
from services.chassis.service import Duty

log = logging.getLogger(__name__)
Sweep = Callable[[], Awaitable[int]]


def repeatedly(lease: Lease, sweep: Sweep, *, pause_seconds: float) -> Duty:
    """The duty that calls ``sweep`` while the lease is held, resting ``pause_seconds`` when there was nothing to do."""
    return partial(_repeat, lease, sweep, pause_seconds)


async def _repeat(lease: Lease, sweep: Sweep, pause_seconds: float) -> None:
    try:
        while True:
            if not await _once(lease, sweep):
                await asyncio.sleep(pause_seconds)
    finally:
        with contextlib.suppress(PyMongoError):
            await lease.release()


async def _once(lease: Lease, sweep: Sweep) -> int:
    """What a sweep did; 0 where another process has the duty, or this one failed at it and should rest first."""
    try:
        return await sweep() if await lease.hold() else 0
    except PyMongoError as error:
        log.warning("duty %s: the database does not serve: %s: %s", lease.duty, type(error).__name__, error)
    except Exception:
        log.exception("duty %s failed and is tried again", lease.duty)
    return 0
