"""Remove scans that were put but never registered. Invariant: an object a letter was made of is never removed.

A registration puts its originals first and commits within seconds, so an object a day old whose letter does not exist
never will have one: its process died, or its outcome was unknown when the database went away. The sweep reads the
store by months from where the last one ended; done twice it changes nothing.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta

from services.chassis.clock import now
from services.chassis.lease import Lease
from services.chassis.mongo import PyMongoError
from services.chassis.storage import StorageUnavailable, Stored
from services.intake.commands.store_scans import ROOT, letter_of
from services.intake.context import Context

log = logging.getLogger(__name__)

BATCH = 500
MARGIN = timedelta(days=1)
"""A scan is put under the month its letter's id was made, which may have ended while it was on its way."""


async def keep_swept(context: Context, lease: Lease) -> None:
    """Sweep again and again while this process holds the lease; a neighbour that is away only delays it."""
    while True:
        try:
            if await lease.hold():
                await sweep_orphans(context, now())
        except (PyMongoError, StorageUnavailable) as error:
            log.warning("the sweep is put off: %s", error)
        await asyncio.sleep(context.settings.sweep_seconds)


async def sweep_orphans(context: Context, at: datetime) -> int:
    """Remove every orphan put long enough before ``at``; gives how many there were."""
    until = at - timedelta(hours=context.settings.orphan_age_hours)
    since = await context.sweeps.swept_until()
    removed = 0
    for prefix in _prefixes(since, at):
        async for batch in _batches(context.storage.keys(prefix)):
            removed += await _remove_orphans(context, [one for one in batch if one.put_at < until])
    await context.sweeps.mark(until)
    return removed


async def _remove_orphans(context: Context, objects: Sequence[Stored]) -> int:
    owners = {one.key: letter for one in objects if (letter := letter_of(one.key)) is not None}
    known = await context.letters.known(sorted(set(owners.values()))) if owners else set()
    orphans = [key for key, letter in owners.items() if letter not in known]
    for key in orphans:
        log.info("removing %s: put, never registered", key)
        await context.storage.remove(key)
    return len(orphans)


async def _batches(objects: AsyncIterator[Stored]) -> AsyncIterator[list[Stored]]:
    batch: list[Stored] = []
    async for one in objects:
        batch.append(one)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _prefixes(since: datetime | None, at: datetime) -> list[str]:
    """The months to look at; everything where nothing was looked at before."""
    if since is None:
        return [ROOT]
    month = (since - MARGIN).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    prefixes = []
    while month <= at:
        prefixes.append(f"{ROOT}{month:%Y/%m}/")
        month = (month + timedelta(days=32)).replace(day=1)
    return prefixes
