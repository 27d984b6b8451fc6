"""The register says something new of a letter. The projection of letters hears of it before this does."""

from services.chassis.bus.consumer import Received
from services.chassis.uow import Transaction
from services.contracts.intake import LetterCorrected, LetterVoided
from services.schedule.commands.follow_register import follow_correction, follow_void
from services.schedule.context import Context


async def on_letter_corrected(context: Context, event: LetterCorrected, _: Received, transaction: Transaction) -> None:
    """Have its requests follow."""
    await follow_correction(context, event, transaction)


async def on_letter_voided(context: Context, event: LetterVoided, _: Received, transaction: Transaction) -> None:
    """Have nobody decide what is void."""
    await follow_void(context, event, transaction)
