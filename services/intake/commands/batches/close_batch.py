"""Close a batch. Invariant: its original is given back or kept for a while, never removed by closing.

Where nothing was cut from it the original is a loose scan again, as if there had been no batch. Where letters were cut
it holds what they were cut from, and is kept `batch_keep_days` more. What was cut lies among the loose scans from then
on like any other.
"""

from datetime import datetime, timedelta

from services.chassis.auth import Principal
from services.chassis.preconditions import check_version
from services.chassis.uow import Transaction
from services.intake.commands.batches.find_batch import find_batch
from services.intake.context import Context
from services.intake.domain.batches.batch import Batch, wrong_state

SETTLED = timedelta(minutes=10)
"""By then whoever was still putting previews has ended."""


async def close_batch(context: Context, caller: Principal, batch_id: str, seen: int | None) -> Batch:
    """The batch, closed; again changes nothing. 409 while its letters are being cut."""
    while True:
        batch = await find_batch(context, caller, batch_id)
        check_version(batch.version, seen)
        if batch.state == "closed":
            return batch
        if batch.state == "cutting":
            raise wrong_state(batch)
        closed = await close(context, batch)
        if closed:
            return closed


async def close(context: Context, batch: Batch) -> Batch | None:
    """The batch, closed; None where it changed meanwhile."""

    async def work(transaction: Transaction) -> Batch | None:
        at, session = transaction.now, transaction.session
        update = {"state": "closed", "closed_at": at, "version": batch.version + 1, "attempts": 0}
        closed = batch.model_copy(update=update)
        if not await context.batching.batches.replace(closed, _emptied_at(context, closed, at), session):
            return None
        if batch.has_cut:
            await context.scans.let_go(batch.cut_scans, at, session)
        else:
            await context.scans.let_go([batch.scan.file_id], at, session)
            await context.copies.want(batch.scan, batch.unit_id, None, session)
        return closed

    return await context.uow.run(work)


def _emptied_at(context: Context, batch: Batch, at: datetime) -> datetime:
    keep = timedelta(days=context.settings.batch_keep_days) if batch.has_cut else timedelta()
    return at + max(keep, SETTLED)
