"""A leader's presence was asked for, granted or refused."""

from services.chassis.bus.consumer import Received
from services.chassis.uow import Transaction
from services.contracts.schedule import RequestApproved, RequestDeclined, RequestSubmitted
from services.notify.commands.tell import letter_of, may_show, tell
from services.notify.context import Context
from services.notify.domain import schedules


async def submitted(context: Context, event: RequestSubmitted, received: Received, tx: Transaction) -> None:
    """Tell those who keep the calendar, and confirm to the requester."""
    letter = await letter_of(context, event.letter_id, tx)
    await tell(context, received.id, schedules.submitted(event, context.zone, shown=may_show(letter)), tx, letter)


async def approved(context: Context, event: RequestApproved, received: Received, tx: Transaction) -> None:
    """Tell those who keep the calendar, and the requester."""
    letter = await letter_of(context, event.letter_id, tx)
    await tell(context, received.id, schedules.approved(event, context.zone, shown=may_show(letter)), tx, letter)


async def declined(context: Context, event: RequestDeclined, received: Received, tx: Transaction) -> None:
    """Tell those who keep the calendar, and the requester."""
    letter = await letter_of(context, event.letter_id, tx)
    await tell(context, received.id, schedules.declined(event, shown=may_show(letter)), tx, letter)
