"""See to it that every scan gets its copies. Invariant: several workers may do this at once, each with other scans.

New letters are queued first, so that nothing waits behind a thick scan to be seen at all. What the queue holds is then
done one at a time: a worker gives one core to it, and more workers more. While the machine is pressed the scans of
letters wait, though not for ever, since registering must not wait for copies. Only while there is nothing to do are
letters queued that were there before copies were made, where an operator has asked for it.
"""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from services.chassis.clock import now
from services.chassis.mongo import BulkWriteError, PyMongoError
from services.chassis.pressure import processor_pressure
from services.chassis.storage import StorageUnavailable
from services.chassis.uow import Transaction
from services.intake.commands.copies.keep_objects import remove_objects
from services.intake.commands.copies.make_copies import LEASE_SECONDS, make_copies
from services.intake.commands.copies.run_program import clear_leftovers, missing_tools
from services.intake.commands.copies.tell_copies import tell_copies, text_kept
from services.intake.context import Context
from services.intake.domain.copies.copies import CopiesOf
from services.intake.store.copied_letters import NewLetter

log = logging.getLogger(__name__)

BATCH = 20
REST_SECONDS = 5
PRESSED = 0.2
"""From this share of the time on in which something waits for a processor, the machine has none to spare."""
TOOLS_SECONDS = 300


async def keep_copied(context: Context) -> None:
    """Queue and make copies, again and again; a neighbour that is away only delays it."""
    await asyncio.to_thread(clear_leftovers)
    while True:
        try:
            if not await sweep_copies(context):
                await asyncio.sleep(context.settings.copies_pause_seconds)
            continue
        except (PyMongoError, StorageUnavailable, OSError) as error:
            log.warning("copies are put off: %s: %s", type(error).__name__, error)
        except Exception:
            log.exception("making copies failed and is tried again")
        await asyncio.sleep(REST_SECONDS)


async def sweep_copies(context: Context) -> int:
    """Queue the new letters' scans, then do one thing that is due; gives how much was done."""
    queued = await queue_letters(context)
    if await _tools_missing(context):
        return queued
    due = await context.copies.due(now(), BATCH)
    wait = any(_can_wait(context, copies) for copies, _ in due) and await processor_pressure() > PRESSED
    for copies, due_at in due:
        if not (wait and _can_wait(context, copies)) and await _do(context, copies, due_at):
            return queued + 1
    return queued if queued or wait else await queue_older(context)


def _can_wait(context: Context, copies: CopiesOf) -> bool:
    """Whether it may wait for a machine with time: nobody sits before it, and it has not waited for long."""
    waited = now() - copies.wanted_at
    patience = timedelta(seconds=context.settings.copies_patience_seconds)
    return copies.state == "due" and copies.letter_id is not None and waited < patience


async def queue_letters(context: Context) -> int:
    """Give each scan of the new letters a row among the copies; gives how many letters."""
    letters = await context.copied_letters.due(now(), BATCH)
    if letters and not await _queue_together(context, letters):
        for letter in letters:
            await _queue(context, letter)
    return len(letters)


async def queue_older(context: Context) -> int:
    """The same of one letter from before, so that a new one waits for no more than that; 0 where none is left."""
    older = await context.older_letters.next()
    if older is None:
        return 0
    letters = await context.letters.numbered(older.book, older.number, older.number)

    async def work(transaction: Transaction) -> None:
        if await context.older_letters.done(older, transaction.session):
            for letter in letters:
                await _want(context, NewLetter(letter.letter_id, letter.unit_id, letter.files), transaction)

    await context.uow.run(work)
    return 1


class _Apart(Exception):
    """These letters cannot be queued together."""


async def _queue_together(context: Context, letters: Sequence[NewLetter]) -> bool:
    """All at once, as is usual; False, and nothing done, where another process is at one, or a scan has a row."""

    async def work(transaction: Transaction) -> None:
        if not await context.copied_letters.all_done(letters, transaction.session):
            raise _Apart
        if not await context.copies.want_anew(letters, transaction.session):
            raise _Apart

    try:
        await context.uow.run(work)
    except (_Apart, BulkWriteError):
        return False
    return True


async def _queue(context: Context, letter: NewLetter) -> None:
    async def work(transaction: Transaction) -> None:
        if await context.copied_letters.done(letter.letter_id, transaction.session):
            await _want(context, letter, transaction)

    await context.uow.run(work)


async def _want(context: Context, letter: NewLetter, transaction: Transaction) -> None:
    for file in letter.files:
        await context.copies.want(file, letter.unit_id, letter.letter_id, transaction.session)
        # One that was uploaded before its letter has a row already, and may have its copies.
        await context.copies.given_to(file.file_id, letter.letter_id, transaction.session)


async def _do(context: Context, copies: CopiesOf, due_at: datetime) -> bool:
    if copies.state == "due":
        return await make_copies(context, copies, due_at)
    until = now() + timedelta(seconds=LEASE_SECONDS)
    if not await context.copies.begin(copies, due_at, until, attempt=0):
        return False
    if copies.state == "dropped":
        await remove_objects(context, copies.file_id)
        await context.copies.forget(copies.file_id)
    else:
        await _tell_late(context, copies.file_id)
    return True


async def _tell_late(context: Context, file_id: str) -> None:
    """Tell of copies that were there before their letter."""
    kept = await context.copies.of(file_id)
    text = await text_kept(context, kept) if kept else ""

    async def work(transaction: Transaction) -> None:
        copies = await context.copies.of(file_id, transaction.session)
        if copies:
            await tell_copies(context, copies, text, transaction)

    await context.uow.run(work)


_told_missing: dict[str, float] = {}


async def _tools_missing(context: Context) -> bool:
    """Whether scans cannot be read on this machine at all; said once in a while, and no scan's fault."""
    loop = asyncio.get_running_loop()
    languages = context.settings.copies_languages
    known = _told_missing.get(languages)
    if known is not None and (known == 0 or loop.time() - known < TOOLS_SECONDS):
        return known > 0
    missing = await asyncio.to_thread(missing_tools, languages)
    _told_missing[languages] = loop.time() if missing else 0
    if missing:
        log.error("scans get no copies here: %s", missing)
    return missing is not None
