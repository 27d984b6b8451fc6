"""Read the text that scans carry, and tell it. Invariant: once for each scan, whatever is cut off where.

An attempt is counted before it is made, so that a scan which brings the process down with it is given up like any
other; telling and settling are one transaction. A scan that fails waits for its next attempt behind the others. The
text goes into the event and nowhere else: what a letter says is in no log and in no error.
"""

import logging
from datetime import timedelta
from tempfile import TemporaryFile

from services.chassis.clock import now
from services.chassis.lease import Lease
from services.chassis.storage import StorageUnavailable
from services.chassis.uow import Transaction
from services.contracts.intake import ScanProcessed, StoredFile
from services.intake.commands.extract_text import Limits, Text, Unreadable, extract_text
from services.intake.commands.fetch_original import NotTheOriginal, fetch_original
from services.intake.context import Context
from services.intake.store.texts import Outcome, UnreadScan

log = logging.getLogger(__name__)

BATCH = 50
"""Letters looked up at a time: the server looks at all that are due each time, so it is not asked for each."""
FIRST_VERSION = 1


async def read_texts(context: Context, lease: Lease) -> int:
    """Read what is due now, as long as the lease is held; gives how many scans were begun."""
    begun = 0
    for scan in await context.texts.due(now(), BATCH):
        if not await lease.hold():
            break
        try:
            begun += await read_text(context, scan)
        except (StorageUnavailable, OSError) as error:
            log.warning("reading scans is put off: %s: %s", type(error).__name__, error)
            return 0
    return begun


async def read_text(context: Context, scan: UnreadScan) -> bool:
    """Read one scan and settle it, or leave it for another attempt; False where it was not there to be begun."""
    settings = context.settings
    if scan.attempts >= settings.text_attempts:
        await _give_up(context, scan)
        return True
    pause = timedelta(seconds=settings.text_retry_seconds)
    begun = await context.texts.begin(scan, now() + pause * 2**scan.attempts)
    if begun is None:
        return False
    try:
        text = await _text(context, scan.file)
    except Unreadable as error:
        log.warning("the text of %s cannot be read, attempt %d: %s", _name(scan), begun.attempts, error)
        if begun.attempts >= settings.text_attempts:
            await _give_up(context, begun)
        return True
    except (StorageUnavailable, OSError):
        await context.texts.take_back(begun, now() + pause)
        raise
    await _settle(context, begun, "embedded" if text.content else "none", text)
    return True


async def _give_up(context: Context, scan: UnreadScan) -> None:
    await _settle(context, scan, "unreadable", None)
    log.warning("the text of %s is given up", _name(scan))


async def _text(context: Context, file: StoredFile) -> Text:
    # On the disk and without a name: the reader is given the open file, and nothing is left of it whatever happens.
    with TemporaryFile() as spool:
        try:
            await fetch_original(context, file, spool)
        except NotTheOriginal as error:
            raise Unreadable(str(error)) from None
        settings = context.settings
        limits = Limits(settings.text_characters, settings.text_seconds, settings.text_memory_bytes)
        return await extract_text(spool, limits)


async def _settle(context: Context, scan: UnreadScan, outcome: Outcome, text: Text | None) -> None:
    """Note what came of it and, where there is text, tell it. A scan without text is left to be recognised."""

    async def work(transaction: Transaction) -> None:
        settled = await context.texts.settle(scan, outcome, transaction.session)
        if settled and text and text.content:
            event = ScanProcessed(
                letter_id=scan.letter_id,
                file_id=scan.file.file_id,
                sha256=scan.file.sha256,
                text=text.content,
                truncated=text.truncated,
                source="embedded",
                at=transaction.now,
            )
            transaction.publish(event, seq=FIRST_VERSION)

    await context.uow.run(work)


def _name(scan: UnreadScan) -> str:
    return f"scan {scan.file.file_id} of letter {scan.letter_id}"
