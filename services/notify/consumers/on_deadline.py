"""A deadline comes near, or has passed."""

from services.chassis.bus.consumer import Received
from services.chassis.uow import Transaction
from services.contracts.routing import DeadlineNeared, DeadlinePassed
from services.notify.commands.tell import tell
from services.notify.context import Context
from services.notify.domain import deadlines


async def neared(context: Context, event: DeadlineNeared, received: Received, tx: Transaction) -> None:
    """Tell those the branch waits for."""
    letter = await context.letters.known(event.letter_id, tx.session)
    await tell(context, received.id, deadlines.neared(event, letter, context.zone), tx, letter)


async def passed(context: Context, event: DeadlinePassed, received: Received, tx: Transaction) -> None:
    """Tell those the branch waits for, and its unit's holders."""
    letter = await context.letters.known(event.letter_id, tx.session)
    await tell(context, received.id, deadlines.passed(event, letter, context.zone), tx, letter)
