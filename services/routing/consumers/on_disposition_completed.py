"""A recipient completed its disposition; the branch is done when nothing given on it is left to do."""

from services.chassis.bus.consumer import Received
from services.chassis.uow import Transaction
from services.contracts.disposition import DispositionCompleted
from services.routing.commands.follow_disposition import follow_disposition
from services.routing.context import Context
from services.routing.domain import steps


async def on_disposition_completed(
    context: Context, event: DispositionCompleted, got: Received, tx: Transaction
) -> None:
    """Follow it."""
    step = steps.recipient_step(got.id, event)
    await follow_disposition(context, tx, step, event.disposition_id, lambda known: known.after_completion(event))
