"""The request was approved."""

from services.chassis.bus.consumer import Received
from services.chassis.uow import Transaction
from services.contracts.schedule import RequestApproved
from services.routing.commands.note_step import note_step
from services.routing.context import Context
from services.routing.domain import steps


async def on_request_approved(context: Context, event: RequestApproved, got: Received, tx: Transaction) -> None:
    """Note it on the track of the letter, where the request came from one."""
    if event.letter_id is not None:
        await note_step(context, tx, steps.schedule_step(got.id, event.letter_id, event))
