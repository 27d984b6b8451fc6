"""intake.reading.refused: somebody asked for a letter that is not theirs. Noted for the auditors."""

from services.chassis.bus.consumer import Received
from services.chassis.uow import Transaction
from services.contracts.intake import ReadingRefused
from services.routing.commands.audit import note_heard
from services.routing.context import Context


async def on_reading_refused(context: Context, event: ReadingRefused, got: Received, tx: Transaction) -> None:  # noqa: ARG001
    """Note it."""
    await note_heard(context, event)
