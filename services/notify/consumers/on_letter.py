"""A letter was delivered, or is done."""

from services.chassis.bus.consumer import Received
from services.chassis.uow import Transaction
from services.contracts.routing import LetterCompleted, LetterDelivered
from services.notify.commands.tell import tell
from services.notify.context import Context
from services.notify.domain import letters
from services.notify.domain.known_letter import learned


async def delivered(context: Context, event: LetterDelivered, received: Received, tx: Transaction) -> None:
    """Remember the letter; tell the holders of every branch."""
    letter = await context.letters.learn(event.letter_id, learned(event))
    await tell(context, received.id, letters.delivered(event, letter), tx, letter)


async def completed(context: Context, event: LetterCompleted, received: Received, tx: Transaction) -> None:
    """Tell everybody it came to."""
    letter = await context.letters.known(event.letter_id, tx.session)
    await tell(context, received.id, letters.completed(event, letter), tx, letter)
