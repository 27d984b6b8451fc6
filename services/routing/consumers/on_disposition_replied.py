"""A recipient answered its disposition."""

from services.chassis.bus.consumer import Received
from services.chassis.uow import Transaction
from services.contracts.disposition import DispositionReplied
from services.routing.commands.follow_letter import follow_letter
from services.routing.context import Context


async def on_disposition_replied(context: Context, event: DispositionReplied, got: Received, tx: Transaction) -> None:
    """A recipient answered."""
    await follow_letter(context, tx, event.letter_id, event, got)
