"""The text of a scan is known: keep it, and have the search read it."""

from services.chassis.bus.consumer import Received
from services.chassis.uow import Transaction
from services.contracts.intake import ScanProcessed
from services.routing.context import Context


async def on_scan_processed(context: Context, event: ScanProcessed, got: Received, tx: Transaction) -> None:
    """The text first: whoever then finds the letter due finds the text. One not delivered yet is due when it is.

    Guarded: the newest reading of a file wins, and marking twice indexes twice what has not changed.
    """
    del got, tx
    await context.searching.texts.put(event)
    await context.searching.letters.mark(event.letter_id)
