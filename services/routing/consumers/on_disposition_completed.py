"""A recipient completed its disposition; the branch is done when nothing given on it is left to do."""

from services.chassis.bus.consumer import Received
from services.chassis.uow import Transaction
from services.contracts.disposition import DispositionCompleted
from services.routing.commands.follow_letter import follow_letter
from services.routing.context import Context


async def on_disposition_completed(
    context: Context, event: DispositionCompleted, got: Received, tx: Transaction
) -> None:
    """A recipient is done."""
    await follow_letter(context, tx, event.letter_id, event, got)
