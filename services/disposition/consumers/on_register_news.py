"""The register says something new of a letter. The projection of letters hears of it before this does."""

from services.chassis.bus.consumer import Received
from services.chassis.uow import Transaction
from services.contracts.intake import LetterCorrected, LetterVoided
from services.disposition.commands.follow_register import follow_correction, follow_void
from services.disposition.context import Context


async def on_letter_corrected(context: Context, event: LetterCorrected, _: Received, tx: Transaction) -> None:
    """Have its dispositions follow."""
    await follow_correction(context, event, tx)


async def on_letter_voided(context: Context, event: LetterVoided, _: Received, tx: Transaction) -> None:
    """Have nobody work on what is void."""
    await follow_void(context, event, tx)
