"""What the worker does for batches. Invariant: one worker at a time, and what it does again changes nothing.

Splitting and cutting note how far they got; whatever is put off, a store that is away or a machine without time, is
begun again later and not held against the batch.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from datetime import timedelta

from services.chassis.clock import now
from services.chassis.lease import Lease
from services.chassis.mongo import PyMongoError
from services.chassis.storage import StorageUnavailable
from services.chassis.uow import Transaction
from services.intake.commands.batches.close_batch import close
from services.intake.commands.batches.cut_batch import cut_batch
from services.intake.commands.batches.split_batch import Starved, preview_folder, split_batch
from services.intake.context import Context
from services.intake.domain.batches.batch import Batch

log = logging.getLogger(__name__)

AT_ONCE = 10
LEASE_SECONDS = 20
"""A worker that was killed keeps the others waiting no longer; what it was at is begun anew after the pause of any
other failure (``batch_retry_seconds``)."""
NEXT_LOOK = timedelta(days=1)


async def work_batches(context: Context, lease: Lease) -> int:
    """Do what is due now, as long as the lease is held; gives how many batches were begun."""
    begun = 0
    for batch in await context.batching.batches.due(now(), AT_ONCE):
        async with held(lease) as still:
            if not still:
                break
            try:
                await _work(context, batch)
            except (Starved, StorageUnavailable, OSError) as error:
                log.warning("batch %s is put off: %s: %s", batch.id, type(error).__name__, error)
                pause = timedelta(seconds=context.settings.batch_retry_seconds)
                await context.batching.batches.put_off(batch, now() + pause)
                continue
        begun += 1
    return begun


async def _work(context: Context, batch: Batch) -> None:
    if batch.state == "splitting":
        await split_batch(context, batch)
    elif batch.state == "cutting":
        await cut_batch(context, batch)
    elif batch.state == "confirmed":
        await _close_settled(context, batch)
    elif batch.state == "closed":
        await _empty(context, batch)


async def _close_settled(context: Context, batch: Batch) -> None:
    """Close a batch nobody closed, when all that was cut from it is registered; until then, look again each day."""
    loose = [scan for scan in await context.scans.of_many(batch.cut_scans) if scan.taken_by is None]
    if loose or (batch.arrangement and batch.arrangement.uncut):
        await context.batching.batches.put_off(batch, now() + NEXT_LOOK)
    else:
        await close(context, batch)


async def _empty(context: Context, batch: Batch) -> None:
    """Remove what was kept of a closed batch: its previews and, where letters were cut from it, the original."""
    for key in [one.key async for one in context.storage.keys(preview_folder(batch.id))]:
        await context.storage.remove(key)
    if batch.has_cut:
        await context.storage.remove(batch.scan.object_key)

    async def work(transaction: Transaction) -> None:
        if batch.has_cut:
            await context.scans.forget_held(batch.scan.file_id, batch.id, transaction.session)
        emptied = batch.model_copy(update={"emptied_at": transaction.now, "version": batch.version + 1})
        await context.batching.batches.replace(emptied, session=transaction.session)

    await context.uow.run(work)


@contextlib.asynccontextmanager
async def held(lease: Lease) -> AsyncIterator[bool]:
    """Whether the lease is held; where it is, it is renewed until the block ends."""

    async def renew() -> None:
        while True:
            await asyncio.sleep(lease.seconds / 6)  # it is written when half has passed; twice more if that fails
            with contextlib.suppress(PyMongoError):
                await lease.hold()

    if not await lease.hold():
        yield False
        return
    renewing = asyncio.create_task(renew())
    try:
        yield True
    finally:
        renewing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await renewing
