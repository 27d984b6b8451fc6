"""intake.confidential.opened: somebody entitled opened a confidential letter. Noted for the auditors."""

from services.chassis.bus.consumer import Received
from services.chassis.uow import Transaction
from services.contracts.intake import ConfidentialOpened
from services.routing.commands.audit import note_heard
from services.routing.context import Context


async def on_confidential_opened(context: Context, event: ConfidentialOpened, got: Received, tx: Transaction) -> None:  # noqa: ARG001
    """Note it."""
    await note_heard(context, event)
