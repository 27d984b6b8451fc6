"""A letter was delivered, or is done."""

from services.chassis.bus.consumer import Received
from services.chassis.uow import Transaction
from services.contracts.routing import LetterCompleted, LetterDelivered
from services.notify.commands.tell import may_show, tell
from services.notify.context import Context
from services.notify.domain import letters


async def delivered(context: Context, event: LetterDelivered, received: Received, tx: Transaction) -> None:
    """Remember how confidential it is; tell the holders of every branch."""
    await context.letters.put(event.letter_id, event.access.confidentiality, tx.session)
    await tell(context, received.id, letters.delivered(event), tx)


async def completed(context: Context, event: LetterCompleted, received: Received, tx: Transaction) -> None:
    """Tell everybody it came to."""
    shown = await may_show(context, event.letter_id, tx)
    await tell(context, received.id, letters.completed(event, shown=shown), tx)
