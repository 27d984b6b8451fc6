"""Further positions were instructed by a disposition. What is asked of them opens a request as well."""

from services.chassis.bus.consumer import Received
from services.chassis.uow import Transaction
from services.contracts.disposition import RecipientAdded
from services.schedule.commands.open_request_of_disposition import Instructed, open_request_of_disposition
from services.schedule.context import Context


async def on_recipient_added(context: Context, event: RecipientAdded, _: Received, transaction: Transaction) -> None:
    """Open the request, where the disposition has not opened one."""
    given = Instructed(event.disposition_id, event.letter_id, event.actor, event.recipients)
    await open_request_of_disposition(context, given, transaction)
