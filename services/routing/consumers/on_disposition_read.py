"""A recipient read its disposition."""

from services.chassis.bus.consumer import Received
from services.chassis.uow import Transaction
from services.contracts.disposition import DispositionRead
from services.routing.commands.follow_letter import follow_letter
from services.routing.context import Context


async def on_disposition_read(context: Context, event: DispositionRead, got: Received, tx: Transaction) -> None:
    """A recipient opened a disposition."""
    await follow_letter(context, tx, event.letter_id, event, got)
