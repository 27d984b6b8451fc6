"""Discard a loose scan. Invariant: only one that no letter has; its object goes after its row, never before."""

from datetime import datetime, timedelta

from services.chassis.errors import ServiceError, conflict
from services.chassis.uow import Transaction
from services.intake.commands.scan_rights import taken
from services.intake.commands.uploads.keepers import kept_of
from services.intake.commands.uploads.removing import remove_now
from services.intake.context import Context
from services.intake.domain.loose_scan import LooseScan


async def discard_scan(context: Context, scan: LooseScan) -> None:
    """Discard it; 409 where a letter has it, or something that is not finished names it."""
    if scan.taken_by is not None:
        raise taken()
    if await kept_of(context, [scan.scan_id]):
        raise _in_use()
    await _discard(context, scan)


async def discard_forgotten(context: Context, at: datetime, limit: int = 100) -> int:
    """Discard what has lain unused for too long; how many were looked at."""
    until = at - timedelta(days=context.settings.scan_keep_days)
    lying = await context.scans.loose_before(until, limit)
    kept = await kept_of(context, [scan.scan_id for scan in lying]) if lying else set()
    for scan in lying:
        if scan.scan_id in kept:
            await context.scans.keep_on(scan.scan_id, at)
        elif scan.taken_by is None:
            await _discard(context, scan)
    return len(lying)


async def _discard(context: Context, scan: LooseScan) -> None:
    async def work(transaction: Transaction) -> None:
        session = transaction.session
        if not await context.scans.forget(scan.scan_id, session):
            raise _in_use()
        await context.copies.drop(scan.scan_id, session)
        await context.removals.add(scan.file.object_key, session)

    await context.uow.run(work)
    await remove_now(context, scan.file.object_key)


def _in_use() -> ServiceError:
    return conflict("scan_in_use", "Pindaian ini masih dipakai oleh surat, konsep surat, atau berkas gabungan.")
