"""Make the copies of one scan. Invariant: all are in the store before one transaction says that they are there.

An attempt is counted before it is made, so that a scan which takes the process with it is given up like any other. A
store or a machine without time and a service that is told to stop are nobody's failed attempt. Nothing a scan says is
in any log.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta

from services.chassis.apart import ApartFailed
from services.chassis.clock import now
from services.chassis.mongo import PyMongoError
from services.chassis.storage import StorageUnavailable
from services.chassis.uow import Transaction
from services.intake.commands.copies.keep_objects import keep_objects, remove_objects
from services.intake.commands.copies.run_program import own_folder, run_program
from services.intake.commands.copies.tell_copies import tell_copies, text_in
from services.intake.commands.fetch_original import NotTheOriginal, fetch_original
from services.intake.context import Context
from services.intake.domain.copies.copies import CopiesOf
from services.intake.domain.copies.program.make import TEXT

log = logging.getLogger(__name__)

LEASE_SECONDS = 90
LOST = "the worker ended while at it"
MOST_STARVED = 8
"""So often, each time after twice the pause, a machine is believed to have no time; what just waits would wait on."""


async def make_copies(context: Context, copies: CopiesOf, due_at: datetime) -> bool:
    """Make them, or leave them for another attempt; False where another process was faster."""
    settings = context.settings
    if not await context.copies.begin(copies, due_at, _lease_end()):
        return False
    begun = copies.model_copy(update={"attempts": copies.attempts + 1})
    if begun.attempts > settings.copies_attempts:
        await park(context, begun, copies.reason or LOST)
        return True
    again_at = timedelta(seconds=settings.copies_retry_seconds) * 2 ** (begun.attempts - 1)
    try:
        async with _held(context, begun):
            await _attempt(context, begun)
    except (ApartFailed, NotTheOriginal) as failure:
        if isinstance(failure, ApartFailed) and failure.starved and begun.starved < MOST_STARVED:
            log.warning("the copies of scan %s are put off: the machine is busy", begun.file_id)
            await context.copies.take_back(begun, now() + again_at * 2**begun.starved, starved=True)
        else:
            await _failed(context, begun, str(failure), now() + again_at)
    except (StorageUnavailable, OSError):
        await context.copies.take_back(begun, now() + again_at)
        raise
    except asyncio.CancelledError:
        with suppress(PyMongoError):  # then it counts, and is begun again when the lease has run out
            await context.copies.take_back(begun, now())
        raise
    return True


async def park(context: Context, begun: CopiesOf, reason: str) -> None:
    """Give them up."""

    async def work(transaction: Transaction) -> None:
        parked = await context.copies.park(begun, reason, transaction.now, transaction.session)
        if parked:
            await tell_copies(context, parked, "", transaction)

    await context.uow.run(work)
    log.warning("the copies of scan %s are given up: %s", begun.file_id, reason)
    with suppress(StorageUnavailable):
        await remove_objects(context, begun.file_id)


async def _attempt(context: Context, begun: CopiesOf) -> None:
    with own_folder() as folder:
        with (folder / "original").open("wb") as spool:
            await fetch_original(context, begun.file, spool)
        made = await run_program(context.settings, begun.file, folder)
        if all(page.failed for page in made.pages) and not made.normalised:
            raise ApartFailed("none of its pages could be copied")
        if begun.attempts > 1:
            await remove_objects(context, begun.file_id, but=begun.attempts)
        kept = await keep_objects(context, begun, made, folder)
        text = await asyncio.to_thread(text_in, folder / TEXT, context.settings.text_characters)
    if not await _settle(context, begun, kept, text):
        log.warning("the copies of scan %s were made by another process, or are wanted no more", begun.file_id)
        await remove_objects(context, begun.file_id, of=begun.attempts)


async def _settle(context: Context, begun: CopiesOf, kept: CopiesOf, text: str) -> bool:
    async def work(transaction: Transaction) -> bool:
        done = await context.copies.made(begun, kept, transaction.now, transaction.session)
        if done:
            await tell_copies(context, done, text, transaction)
        return done is not None

    return await context.uow.run(work)


async def _failed(context: Context, begun: CopiesOf, reason: str, again_at: datetime) -> None:
    log.warning("the copies of scan %s failed, attempt %d: %s", begun.file_id, begun.attempts, reason)
    if begun.attempts >= context.settings.copies_attempts:
        await park(context, begun, reason)
    else:
        await context.copies.put_off(begun, again_at, reason)


@asynccontextmanager
async def _held(context: Context, begun: CopiesOf) -> AsyncIterator[None]:
    """While at it the attempt is held, so that no other process takes it for one whose worker died."""

    async def hold() -> None:
        while True:
            await asyncio.sleep(LEASE_SECONDS / 3)
            with suppress(PyMongoError):  # a database that is away for a moment: the next time
                await context.copies.hold(begun, _lease_end())

    holding = asyncio.create_task(hold())
    try:
        yield
    finally:
        holding.cancel()
        with suppress(asyncio.CancelledError):
            await holding


def _lease_end() -> datetime:
    return now() + timedelta(seconds=LEASE_SECONDS)
