"""A leader's presence was asked for, granted or refused."""

from services.chassis.bus.consumer import Received
from services.chassis.uow import Transaction
from services.contracts.schedule import RequestApproved, RequestDeclined, RequestSubmitted
from services.notify.commands.tell import may_show, tell
from services.notify.context import Context
from services.notify.domain import schedules


async def submitted(context: Context, event: RequestSubmitted, received: Received, tx: Transaction) -> None:
    """Tell those who keep the calendar, and confirm to the requester."""
    shown = await may_show(context, event.letter_id, tx)
    await tell(context, received.id, schedules.submitted(event, context.zone, shown=shown), tx)


async def approved(context: Context, event: RequestApproved, received: Received, tx: Transaction) -> None:
    """Tell those who keep the calendar, and the requester."""
    shown = await may_show(context, event.letter_id, tx)
    await tell(context, received.id, schedules.approved(event, context.zone, shown=shown), tx)


async def declined(context: Context, event: RequestDeclined, received: Received, tx: Transaction) -> None:
    """Tell those who keep the calendar, and the requester."""
    shown = await may_show(context, event.letter_id, tx)
    await tell(context, received.id, schedules.declined(event, shown=shown), tx)
