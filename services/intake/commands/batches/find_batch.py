"""Find batches. Invariant: who scanned one and who handles all letters in its unit see it, and nobody else."""

from collections.abc import Collection

from services.chassis.auth import Principal
from services.chassis.errors import not_found
from services.intake.context import Context
from services.intake.domain.batches.batch import Batch, BatchState
from services.projections.reading import handles_letters

OPEN: frozenset[BatchState] = frozenset({"splitting", "failed", "ready", "cutting", "confirmed"})


async def find_batch(context: Context, caller: Principal, batch_id: str) -> Batch:
    """The batch; 404 equally for one that is not there and for one that is not the caller's to see."""
    batch = await context.batching.batches.get(batch_id)
    if batch is None or not _may_see(caller, batch):
        raise not_found("Tumpukan pindaian")
    return batch


async def list_batches(
    context: Context, caller: Principal, states: Collection[BatchState], cursor: str | None, limit: int
) -> tuple[list[Batch], str | None]:
    """A page of the batches the caller may see, newest first; without ``states`` those that are not closed."""
    units = [f"unit/{held.unit_id}" for held in caller.positions if handles_letters(held.role, "top_secret")]
    keys = [f"person/{caller.person_id}", *dict.fromkeys(units)]
    return await context.batching.batches.page(keys, frozenset(states) or OPEN, cursor, limit)


def _may_see(caller: Principal, batch: Batch) -> bool:
    """How confidential its letters are, nobody has said yet."""
    if caller.person_id == batch.scanned_by.person_id:
        return True
    return any(handles_letters(held.role, "top_secret") for held in caller.in_unit(batch.unit_id))
