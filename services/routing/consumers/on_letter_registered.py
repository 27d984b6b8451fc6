"""A letter was registered: deliver it."""

from services.chassis.bus.consumer import Received
from services.chassis.uow import Transaction
from services.contracts.intake import LetterRegistered
from services.routing.commands.deliver_letter import deliver_letter
from services.routing.commands.dossiers import Heard
from services.routing.context import Context


async def on_letter_registered(context: Context, event: LetterRegistered, got: Received, tx: Transaction) -> None:
    """Open its branches."""
    await deliver_letter(context, tx, event, Heard(got.id, got.seq, event))
