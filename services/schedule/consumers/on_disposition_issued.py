"""A disposition was issued. Where it says to schedule, a request is opened; no other concerns schedule."""

from services.chassis.bus.consumer import Received
from services.chassis.uow import Transaction
from services.contracts.disposition import DispositionIssued
from services.schedule.commands.open_request_of_disposition import open_request_of_disposition
from services.schedule.context import Context


async def on_disposition_issued(
    context: Context, event: DispositionIssued, _: Received, transaction: Transaction
) -> None:
    """Open the request that any of its instructions asks for."""
    effects = {instruction.effect for one in event.recipients for instruction in one.instructions}
    if "schedule_request" in effects:
        await open_request_of_disposition(context, event, transaction)
