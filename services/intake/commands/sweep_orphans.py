"""Remove scans that were put but never registered. Invariant: only what this database began to register is removed.

A registration is written down, puts its originals and commits within seconds. So one that is a day old and no letter
never will be one: its process died, or its outcome was unknown when the database went away. The sweep asks the database
what was begun and never lists the bucket for what no letter names: beside a database restored from yesterday, or a copy
of one, that would be every letter since, while what the restored database never heard of is not its own to remove.
What remains are registrations that were underway in the very instant of the backup: begun in it, letters only after.
"""

import asyncio
import logging
from datetime import datetime, timedelta

from services.chassis.clock import now
from services.chassis.lease import Lease
from services.chassis.mongo import PyMongoError
from services.chassis.storage import StorageUnavailable
from services.intake.commands.store_scans import folder_of
from services.intake.context import Context

log = logging.getLogger(__name__)

BATCH = 500


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
    """Remove the originals of every registration that began long enough before ``at`` in vain; gives how many."""
    until = at - timedelta(hours=context.settings.orphan_age_hours)
    removed = 0
    while begun := await context.underway.begun_before(until, BATCH):
        letters = await context.letters.known(begun)
        for letter_id in begun:
            if letter_id not in letters:
                removed += await _remove(context, letter_id)
        await context.underway.end(begun)
    return removed


async def _remove(context: Context, letter_id: str) -> int:
    keys = [one.key async for one in context.storage.keys(folder_of(letter_id))]
    for key in keys:
        log.warning("removing %s: put, never registered", key)
        await context.storage.remove(key)
    return len(keys)
