"""A letter was corrected or declared void; a scan of it is bad, or could not be copied; a batch was split.

What is told of a letter waits for its delivery: before it nobody was told of it, and what is known of it would be lost.
"""

from services.chassis.bus.consumer import Received
from services.chassis.bus.outcome import RetryLater
from services.chassis.uow import Transaction
from services.contracts.intake import BatchReady, LetterCorrected, LetterVoided, ScanDerived, ScanParked
from services.notify.commands.tell import tell
from services.notify.context import Context
from services.notify.domain import register
from services.notify.domain.known_letter import KnownLetter


async def corrected(context: Context, event: LetterCorrected, received: Received, tx: Transaction) -> None:
    """Remember what is true now; tell everybody who was told of the letter.

    Where it may not be said any more what the letter is about, that is taken out of what was said of it before: first,
    so that cut off in between it is done again.
    """
    before = await _delivered(context, event.letter_id, tx)
    if received.seq >= before.corrected:
        after = before.as_corrected(event, received.seq)
        if not after.shown and (before.shown or before.corrected == received.seq):
            await context.notifications.hide(event.letter_id)
        await context.letters.correct(event.letter_id, after)
    letter = await context.letters.known(event.letter_id, tx.session)
    told = await _told(context, event.letter_id, letter)
    await tell(context, received.id, register.corrected(event, received.seq, letter, told), tx, letter)


async def voided(context: Context, event: LetterVoided, received: Received, tx: Transaction) -> None:
    """Remember it; tell everybody who was told of the letter."""
    await _delivered(context, event.letter_id, tx)
    letter = await context.letters.void(event.letter_id)
    told = await _told(context, event.letter_id, letter)
    await tell(context, received.id, register.voided(event, letter, told), tx, letter)


async def scan_parked(context: Context, event: ScanParked, received: Received, tx: Transaction) -> None:
    """Tell who entered the letter."""
    letter = await _delivered(context, event.letter_id, tx)
    await tell(context, received.id, register.scan_parked(event, letter), tx, letter)


async def scan_derived(context: Context, event: ScanDerived, received: Received, tx: Transaction) -> None:
    """Tell who entered the letter of pages that may have to be scanned again."""
    if event.warnings or event.failed_pages:
        letter = await _delivered(context, event.letter_id, tx)
        await tell(context, received.id, register.scan_flawed(event, letter), tx, letter)


async def batch_ready(context: Context, event: BatchReady, received: Received, tx: Transaction) -> None:
    """Tell who scanned it."""
    await tell(context, received.id, register.batch_ready(event), tx)


async def _delivered(context: Context, letter_id: str, tx: Transaction) -> KnownLetter:
    letter = await context.letters.known(letter_id, tx.session)
    if not letter.is_delivered:
        raise RetryLater(f"letter {letter_id} has not been delivered yet")
    return letter


async def _told(context: Context, letter_id: str, letter: KnownLetter) -> list[str]:
    """Who holds the letter, as far as anybody was told; and who entered it."""
    holding = await context.notifications.holding(letter_id)
    return [*holding, *([letter.registrar] if letter.registrar else [])]
