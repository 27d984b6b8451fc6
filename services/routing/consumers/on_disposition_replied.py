"""A recipient answered its disposition."""

from services.chassis.bus.consumer import Received
from services.chassis.uow import Transaction
from services.contracts.disposition import DispositionReplied
from services.routing.commands.follow_disposition import follow_disposition
from services.routing.context import Context
from services.routing.domain import steps


async def on_disposition_replied(context: Context, event: DispositionReplied, got: Received, tx: Transaction) -> None:
    """Follow it."""
    step = steps.recipient_step(got.id, event)
    recipient = event.recipient_id
    await follow_disposition(context, tx, step, event.disposition_id, lambda known: known.after_reply(recipient))
