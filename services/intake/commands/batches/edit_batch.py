"""Mend the split of a batch, and start over. Invariant: all of what is asked for at once is done, or nothing."""

from collections.abc import Callable, Sequence

from services.chassis.auth import Principal
from services.chassis.clock import now
from services.chassis.errors import conflict
from services.chassis.ids import new_id
from services.chassis.preconditions import check_version
from services.intake.commands.batches.find_batch import find_batch
from services.intake.context import Context
from services.intake.domain.batches.arrangement import Arrangement
from services.intake.domain.batches.batch import Batch
from services.intake.domain.batches.edits import Edit, edited
from services.intake.domain.batches.splitting import arrange

Change = Callable[[Batch], Arrangement]


async def edit_batch(
    context: Context, caller: Principal, batch_id: str, edits: Sequence[Edit], seen: int | None
) -> Batch:
    """The batch with these edits made, in order."""
    return await _changed(context, caller, batch_id, seen, lambda batch: edited(batch.open, edits, new_id))


async def reset_batch(context: Context, caller: Principal, batch_id: str, seen: int | None) -> Batch:
    """The batch as it was split in the beginning; 409 once letters were cut from it."""

    def change(batch: Batch) -> Arrangement:
        _ = batch.open
        if batch.has_cut:
            raise conflict("batch_letter_cut", "Sebagian surat sudah dipotong dari tumpukan ini.", state=batch.state)
        return arrange(batch.findings, batch.unit_id, new_id)

    return await _changed(context, caller, batch_id, seen, change)


async def _changed(context: Context, caller: Principal, batch_id: str, seen: int | None, change: Change) -> Batch:
    """Again where somebody else's change came between, unless the caller asked for the state they saw."""
    while True:
        batch = await find_batch(context, caller, batch_id)
        check_version(batch.version, seen)
        arrangement = change(batch)
        if arrangement == batch.arrangement:
            return batch
        finished = batch.has_cut and not arrangement.uncut
        update = {"arrangement": arrangement, "version": batch.version + 1, "failure": None}
        made = batch.model_copy(update=update | {"state": "confirmed" if finished else "ready"})
        if await context.batching.batches.replace(made, now() if finished else None):
            return made
