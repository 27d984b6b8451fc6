"""Have the letters of a batch cut. Invariant: each has its id before anything is put, so a retry puts the same."""

from services.chassis.auth import HeldPosition, Principal
from services.chassis.clock import now
from services.chassis.errors import unprocessable
from services.chassis.ids import new_id
from services.chassis.preconditions import check_version
from services.intake.commands.acting import acting_position
from services.intake.commands.batches.find_batch import find_batch
from services.intake.context import Context
from services.intake.domain.batches.batch import Batch, wrong_state


async def confirm_batch(context: Context, caller: Principal, batch_id: str, seen: int | None) -> Batch:
    """The batch, whose letters the worker is cutting now; again changes nothing."""
    while True:
        batch = await find_batch(context, caller, batch_id)
        check_version(batch.version, seen)
        if batch.state == "cutting" or (batch.state == "confirmed" and not batch.open.uncut):
            return batch
        made = _confirmed(batch, caller, _acting(caller, batch))
        if await context.batching.batches.replace(made, now()):
            return made


def _acting(caller: Principal, batch: Batch) -> HeldPosition:
    """As a position in the batch's unit where one is held: that unit's are the scans."""
    return next(iter(caller.in_unit(batch.unit_id)), None) or acting_position(caller, None)


def _confirmed(batch: Batch, caller: Principal, acting: HeldPosition) -> Batch:
    if batch.state != "ready":
        raise wrong_state(batch)
    if not batch.open.uncut:
        raise unprocessable("batch_empty", "Tidak ada surat yang tersisa dalam tumpukan ini.")
    letters = [
        letter if letter.is_cut else letter.model_copy(update={"scan_id": new_id()}) for letter in batch.open.letters
    ]
    return batch.model_copy(
        update={
            "arrangement": batch.open.model_copy(update={"letters": tuple(letters)}),
            "confirmed_by": caller.acting_as(acting),
            "state": "cutting",
            "cuts": {},
            "failure": None,
            "attempts": 0,
            "version": batch.version + 1,
        }
    )
