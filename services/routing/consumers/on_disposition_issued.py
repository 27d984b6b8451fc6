"""A disposition was given: the branch is in progress, and its recipients may read the letter."""

from services.chassis.bus.consumer import Received
from services.chassis.uow import Transaction
from services.contracts.disposition import DispositionIssued
from services.routing.commands.follow_disposition import follow_disposition
from services.routing.context import Context
from services.routing.domain import steps


async def on_disposition_issued(context: Context, event: DispositionIssued, got: Received, tx: Transaction) -> None:
    """Follow it."""
    readers = [recipient.position_id for recipient in event.recipients]
    step = steps.issued(got.id, event)
    await follow_disposition(context, tx, step, event.disposition_id, lambda known: known.after_issue(event), readers)
