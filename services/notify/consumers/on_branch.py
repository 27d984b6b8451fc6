"""A letter went further, elsewhere or back."""

from services.chassis.bus.consumer import Received
from services.chassis.uow import Transaction
from services.contracts.routing import BranchRecalled, BranchRedirected, BranchReturned, LetterForwarded
from services.notify.commands.tell import tell
from services.notify.context import Context
from services.notify.domain import branches


async def forwarded(context: Context, event: LetterForwarded, received: Received, tx: Transaction) -> None:
    """Tell the holders of the new branches."""
    letter = await context.letters.known(event.letter_id, tx.session)
    await tell(context, received.id, branches.forwarded(event, letter), tx, letter)


async def returned(context: Context, event: BranchReturned, received: Received, tx: Transaction) -> None:
    """Tell those who sent it."""
    letter = await context.letters.known(event.letter_id, tx.session)
    await tell(context, received.id, branches.returned(event, letter), tx, letter)


async def redirected(context: Context, event: BranchRedirected, received: Received, tx: Transaction) -> None:
    """Tell the holders of the new branch, and those who must hear of it."""
    letter = await context.letters.known(event.letter_id, tx.session)
    await tell(context, received.id, branches.redirected(event, letter), tx, letter)


async def recalled(context: Context, event: BranchRecalled, received: Received, tx: Transaction) -> None:
    """Tell those who had been told of its arrival; whoever has not will not be."""
    letter = await context.letters.recall(event.letter_id, event.branch_id)
    await tell(context, received.id, branches.recalled(event, letter), tx, letter)
