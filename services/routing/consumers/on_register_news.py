"""The register says something new of a letter: corrected, void, or one of its scans cannot be copied."""

from services.chassis.bus.consumer import Received
from services.chassis.uow import Transaction
from services.contracts.intake import LetterCorrected, LetterVoided, ScanParked
from services.routing.commands.follow_letter import follow_letter
from services.routing.context import Context

RegisterNews = LetterCorrected | LetterVoided | ScanParked


async def on_register_news(context: Context, event: RegisterNews, got: Received, tx: Transaction) -> None:
    """Follow it, whatever it is; it waits for a letter that is not delivered yet."""
    await follow_letter(context, tx, event.letter_id, event, got)
