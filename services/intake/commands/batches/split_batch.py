"""Look at the pages of a batch and split it at its sheets. Invariant: how far it got is noted every few pages.

A worker that takes over goes on from there: previews are put before their pages are noted, and pages are noted together
with how many attempts it took. The last pages, the split and the event that tells of it are one transaction. A page
that brings the program down is looked at alone; where it does so again it stands in its letter without a preview.
"""

import logging
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import BinaryIO

from pydantic import ValidationError

from services.chassis.apart import ApartFailed, ApartLimits, run_apart
from services.chassis.clock import now
from services.chassis.ids import instant_of, new_id
from services.chassis.storage import CHUNK, StorageUnavailable
from services.chassis.uow import Transaction
from services.contracts.intake import BatchReady
from services.intake.commands.fetch_original import NotTheOriginal, fetch_original
from services.intake.commands.store_scans import ROOT
from services.intake.context import Context
from services.intake.domain.batches import look_at_pages
from services.intake.domain.batches.batch import Batch
from services.intake.domain.batches.splitting import SeenPage, arrange, finding_of

log = logging.getLogger(__name__)

PROGRAM = Path(look_at_pages.__file__).resolve()
SIZES = ("small", "large")
START_SECONDS = 5
PATIENCE = 6
"""Somebody waits for it, though behind the service's own work."""
PREVIEW_BYTES = 8 * 1024 * 1024
ANSWER_BYTES = 8 * 1024
ENVIRONMENT = {"OMP_THREAD_LIMIT": "1", "OPENBLAS_NUM_THREADS": "1"}
READY = 1
"""The version of the batch's stream: that it is ready is told once."""


class Starved(Exception):
    """The machine had no time for it."""


def preview_folder(batch_id: str) -> str:
    """What the keys of a batch's previews begin with."""
    return f"{ROOT}batches/{instant_of(batch_id):%Y/%m}/{batch_id}/"


def preview_key(batch_id: str, page: int, size: str) -> str:
    """Where the preview of a page lies."""
    return f"{preview_folder(batch_id)}{page}-{size}.webp"


async def split_batch(context: Context, batch: Batch) -> None:
    """Split it, or go as far as it goes; raises Starved, StorageUnavailable and OSError, which are no fault of it."""
    with TemporaryFile() as spool:
        try:
            await fetch_original(context, batch.scan, spool)
        except NotTheOriginal as error:
            log.error("batch %s cannot be split: %s", batch.id, error)
            await _fail(context, batch, "Berkas asli tumpukan ini tidak dapat dibaca dengan utuh.")
            return
        key = await context.batching.keys.key()
        present: Batch | None = batch
        while present and present.state == "splitting":
            present = await _further(context, present, spool, key)


async def _further(context: Context, batch: Batch, spool: BinaryIO, key: bytes) -> Batch | None:
    """The batch with the next few pages looked at; None where somebody else has it now."""
    settings = context.settings
    if batch.attempts >= settings.batch_attempts:
        await _fail(context, batch, "Pemilahan gagal berulang kali.")
        return None
    if not await context.batching.batches.begin(batch, now() + timedelta(seconds=settings.batch_retry_seconds)):
        return None
    first = len(batch.findings) + 1
    count = min(settings.batch_pages, batch.scan.pages - len(batch.findings))
    try:
        seen = await _seen(context, batch, spool, range(first, first + count))
    except (Starved, StorageUnavailable, OSError):
        await context.batching.batches.put_off(batch, now() + timedelta(seconds=settings.batch_retry_seconds))
        raise
    findings = (*batch.findings, *(finding_of(one, key) for one in seen))
    further = batch.model_copy(update={"findings": findings, "attempts": 0, "version": batch.version + 1})
    if len(findings) < batch.scan.pages:
        return further if await context.batching.batches.replace(further, now()) else None
    if all(one.failed for one in findings):
        await _fail(context, further, "Tidak satu pun halaman pindaian ini dapat ditampilkan.")
        return None
    await _ready(context, further)
    return None


async def _seen(context: Context, batch: Batch, spool: BinaryIO, pages: Sequence[int]) -> list[SeenPage]:
    """What stands on these pages; their previews are in the store."""
    try:
        return await _look(context, batch, spool, pages)
    except ApartFailed as error:
        if error.starved:
            raise Starved(error.reason) from None
        log.warning("pages %d to %d of batch %s: %s", pages[0], pages[-1], batch.id, error)
        if len(pages) == 1:
            return [SeenPage(page=pages[0], failed=True)]
    return [seen for page in pages for seen in await _seen(context, batch, spool, [page])]


async def _look(context: Context, batch: Batch, spool: BinaryIO, pages: Sequence[int]) -> list[SeenPage]:
    settings = context.settings
    seconds = START_SECONDS + settings.batch_page_seconds * len(pages)
    limits = ApartLimits(seconds, settings.batch_memory_bytes, PREVIEW_BYTES, patience=PATIENCE)
    with TemporaryDirectory() as name:
        said = await run_apart(
            PROGRAM,
            (batch.scan.media_type, str(pages[0]), str(len(pages))),
            limits,
            stdin=spool,
            folder=Path(name),
            environment=ENVIRONMENT,
            most_output=ANSWER_BYTES * len(pages),
        )
        seen = _understood(said, pages)
        for one in seen:
            await _keep_previews(context, batch, one, Path(name))
    return seen


def _understood(said: bytes, pages: Sequence[int]) -> list[SeenPage]:
    try:
        seen = [SeenPage.model_validate_json(line) for line in said.splitlines()]
    except ValidationError:
        raise ApartFailed("it said something else than was asked for") from None
    if [one.page for one in seen] != list(pages):
        raise ApartFailed("it said something of other pages")
    return seen


async def _keep_previews(context: Context, batch: Batch, seen: SeenPage, folder: Path) -> None:
    for size in SIZES if not seen.failed else ():
        path = folder / f"{seen.page}-{size}.webp"
        with path.open("rb", buffering=CHUNK) as content:
            await context.storage.put(
                preview_key(batch.id, seen.page, size), content, path.stat().st_size, "image/webp"
            )


async def _ready(context: Context, batch: Batch) -> None:
    arrangement = arrange(batch.findings, batch.unit_id, new_id)

    async def work(transaction: Transaction) -> None:
        at = transaction.now
        ready = batch.model_copy(update={"state": "ready", "arrangement": arrangement, "ready_at": at})
        if not await context.batching.batches.replace(ready, session=transaction.session):
            return
        event = BatchReady(
            batch_id=batch.id,
            unit_id=batch.unit_id,
            scanned_by=batch.scanned_by,
            pages=batch.scan.pages,
            letters=len(arrangement.letters),
            at=at,
        )
        transaction.publish(event, seq=READY)

    await context.uow.run(work)


async def _fail(context: Context, batch: Batch, why: str) -> None:
    """It cannot be split. The original is whole: somebody closes the batch, and has it as a loose scan again."""
    present = await context.batching.batches.get(batch.id)
    if present is None or present.state != "splitting":
        return
    update = {"state": "failed", "failure": why, "version": present.version + 1, "findings": batch.findings}
    await context.batching.batches.replace(present.model_copy(update=update))
