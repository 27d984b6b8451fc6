"""Follow what other services tell of a letter. Invariant: in whatever order it comes, the branches end up the same."""

from services.chassis.bus.consumer import Received
from services.chassis.uow import Transaction
from services.contracts.event import Event
from services.routing.commands.dossiers import Heard, happen, take
from services.routing.context import Context


async def follow_letter(context: Context, tx: Transaction, letter_id: str, event: Event, got: Received) -> None:
    """Apply it to the letter and let happen what follows; RetryLater while the letter is not known yet."""
    before = await take(context, tx, letter_id)
    await happen(context, tx, before, heard=Heard(got.id, got.seq, event))
