"""The request was approved."""

from services.chassis.bus.consumer import Received
from services.chassis.uow import Transaction
from services.contracts.schedule import RequestApproved
from services.routing.commands.follow_letter import follow_letter
from services.routing.context import Context


async def on_request_approved(context: Context, event: RequestApproved, got: Received, tx: Transaction) -> None:
    """A leader's presence was granted."""
    if event.letter_id is not None:
        await follow_letter(context, tx, event.letter_id, event, got)
