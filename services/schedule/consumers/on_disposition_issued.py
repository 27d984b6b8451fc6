"""A disposition was issued. Where it says to schedule, to attend or to stand in, a request is opened."""

from services.chassis.bus.consumer import Received
from services.chassis.uow import Transaction
from services.contracts.disposition import DispositionIssued
from services.schedule.commands.open_request_of_disposition import Instructed, open_request_of_disposition
from services.schedule.context import Context


async def on_disposition_issued(
    context: Context, event: DispositionIssued, _: Received, transaction: Transaction
) -> None:
    """Open the request that any of its instructions asks for."""
    given = Instructed(event.disposition_id, event.letter_id, event.issuer, event.recipients)
    await open_request_of_disposition(context, given, transaction)
