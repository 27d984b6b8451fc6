"""A recipient completed its disposition; with the letter that answers this one, where it was asked for one."""

from services.chassis.bus.consumer import Received
from services.chassis.uow import Transaction
from services.contracts.disposition import DispositionCompleted
from services.routing.commands.follow_completion import follow_completion
from services.routing.context import Context


async def on_disposition_completed(
    context: Context, event: DispositionCompleted, got: Received, tx: Transaction
) -> None:
    """A recipient is done."""
    await follow_completion(context, tx, event, got)
