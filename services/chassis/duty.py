"""Work a service does by itself, again and again. Invariant: one process at a time does it, by a lease, unless it is
each process's own (``attending``).

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


def attending(name: str, sweep: Sweep, *, pause_seconds: float) -> Duty:
    """The attendant that calls ``sweep`` in its own process, whatever others do, resting as above."""
    return partial(_attend, name, sweep, pause_seconds)


async def _attend(name: str, sweep: Sweep, pause_seconds: float) -> None:
    while True:
        if not await _swept(name, sweep):
            await asyncio.sleep(pause_seconds)


async def _repeat(lease: Lease, sweep: Sweep, pause_seconds: float) -> None:
    try:
        while True:
            if not await _once(lease, sweep):
                await asyncio.sleep(pause_seconds)
    finally:
        with contextlib.suppress(PyMongoError):
            await lease.release()


async def _once(lease: Lease, sweep: Sweep) -> int:
    """What a sweep did; 0 where another process has the duty."""

    async def held() -> int:
        return await sweep() if await lease.hold() else 0

    return await _swept(lease.duty, held)


async def _swept(name: str, sweep: Sweep) -> int:
    """What a sweep did; 0 where it failed and should rest first."""
    try:
        return await sweep()
    except PyMongoError as error:
        log.warning("duty %s: the database does not serve: %s: %s", name, type(error).__name__, error)
    except Exception:
        log.exception("duty %s failed and is tried again", name)
    return 0
