"""Have a loose scan split into letters. Invariant: from then on it is this batch's alone, and no letter's."""

from services.chassis.auth import Principal
from services.chassis.errors import unprocessable
from services.chassis.idempotency import fingerprint
from services.chassis.ids import new_id
from services.chassis.mongo import Document
from services.chassis.uow import Transaction
from services.intake.commands.acting import acting_position
from services.intake.commands.find_loose_scans import find_loose_scans
from services.intake.commands.scan_rights import taken
from services.intake.context import Context
from services.intake.domain.batches.batch import Batch

KINDS = frozenset({"application/pdf", "image/tiff"})
"""What a sheet-fed scanner makes of a pile of paper."""


async def begin_batch(
    context: Context, caller: Principal, scan_id: str, as_position: str | None, key: str | None
) -> Document:
    """The new batch, or the first answer to this key; it is split by the worker."""
    acting = acting_position(caller, as_position)
    request = fingerprint("batch", scan_id, *([as_position] if as_position else []))
    first = await context.acts.find(caller.person_id, key, request)
    if first is not None:
        return first
    (scan,) = await find_loose_scans(context, caller, [scan_id])
    if scan.file.media_type not in KINDS:
        raise unprocessable("batch_kind", "Tumpukan surat dipindai menjadi satu berkas PDF atau TIFF.", field="scan")

    async def act(transaction: Transaction) -> Document:
        batch = Batch(id=new_id(), scan=scan.file, scanned_by=caller.acting_as(acting), created_at=transaction.now)
        if not await context.scans.hold(scan_id, batch.id, transaction.session):
            raise taken()
        await context.batching.batches.add(batch, transaction.now, transaction.session)
        # Copies are made of the letters that are cut from it; nobody will ask for those of the pile.
        await context.copies.drop(scan_id, transaction.session)
        return {"id": batch.id}

    answer, _ = await context.acts.run(caller.person_id, key, request, act)
    return answer
