"""A disposition was given: the branch is in progress, and its recipients may read the letter."""

from services.chassis.bus.consumer import Received
from services.chassis.uow import Transaction
from services.contracts.disposition import DispositionIssued
from services.routing.commands.follow_letter import follow_letter
from services.routing.context import Context


async def on_disposition_issued(context: Context, event: DispositionIssued, got: Received, tx: Transaction) -> None:
    """Instructions went down."""
    await follow_letter(context, tx, event.letter_id, event, got)
