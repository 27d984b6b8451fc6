"""Cut the letters of a confirmed batch out of it. Invariant: all become loose scans in one transaction, or none.

Before that each is put under the id it was given at the confirmation, and noted. The same pages give the same bytes, so
whoever goes on after a crash puts what was put before. Where one cannot be cut the batch goes back to whoever reviews
it, and what was put is removed first.
"""

import hashlib
import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory, TemporaryFile
from typing import BinaryIO

from services.chassis.apart import ApartFailed, ApartLimits, run_apart
from services.chassis.clock import now
from services.chassis.errors import ServiceError
from services.chassis.storage import StorageUnavailable
from services.chassis.uow import Transaction
from services.contracts.intake import StoredFile
from services.intake.commands.batches.split_batch import ENVIRONMENT, PATIENCE, START_SECONDS, Starved
from services.intake.commands.fetch_original import NotTheOriginal, fetch_original
from services.intake.commands.inspect_scans import inspect_scans
from services.intake.commands.uploads.places import scan_key
from services.intake.context import Context
from services.intake.domain.batches import cut_pages
from services.intake.domain.batches.arrangement import BatchLetter
from services.intake.domain.batches.batch import Batch
from services.intake.domain.loose_scan import LooseScan
from services.intake.domain.scans.scan import Scan

log = logging.getLogger(__name__)

PROGRAM = Path(cut_pages.__file__).resolve()
MEBIBYTE = 1024 * 1024
LEAST_BYTES = 256 * MEBIBYTE
PIECE = 1024 * 1024


class Uncuttable(Exception):
    """A letter cannot be cut out: which, and why for the operator."""


async def cut_batch(context: Context, batch: Batch) -> None:
    """Cut it, or go as far as it goes; raises Starved, StorageUnavailable and OSError, which are no fault of it."""
    with TemporaryFile() as spool:
        try:
            await fetch_original(context, batch.scan, spool)
            present: Batch | None = batch
            while present and present.state == "cutting":
                present = await _further(context, present, spool)
        except (NotTheOriginal, Uncuttable) as error:
            log.error("batch %s cannot be cut: %s", batch.id, error)
            await _back(context, batch.id)


async def _further(context: Context, batch: Batch, spool: BinaryIO) -> Batch | None:
    """The batch with its next letter cut; None where it is finished, or somebody else has it now."""
    settings = context.settings
    following = next(((at, one) for at, one in _numbered(batch) if one.id not in batch.cuts), None)
    if following is None:
        await _finish(context, batch)
        return None
    number, letter = following
    if batch.attempts >= settings.batch_attempts:
        raise Uncuttable("it was begun again and again")
    pause = timedelta(seconds=settings.batch_retry_seconds)
    if not await context.batching.batches.begin(batch, now() + pause):
        return None
    try:
        file = await _cut(context, batch, letter, number, spool)
    except (Starved, StorageUnavailable, OSError):
        await context.batching.batches.put_off(batch, now() + pause)
        raise
    update = {"cuts": batch.cuts | {letter.id: file}, "attempts": 0, "version": batch.version + 1}
    further = batch.model_copy(update=update)
    return further if await context.batching.batches.replace(further, now()) else None


def _numbered(batch: Batch) -> Iterator[tuple[int, BatchLetter]]:
    """The letters to be cut, with their place among all, from 1."""
    letters = batch.arrangement.letters if batch.arrangement else ()
    return ((at, one) for at, one in enumerate(letters, start=1) if not one.is_cut)


async def _cut(context: Context, batch: Batch, letter: BatchLetter, number: int, spool: BinaryIO) -> StoredFile:
    """The pages of a letter as a PDF in the store."""
    pages = ",".join(f"{one.page}:{one.turn}" for one in letter.pages)
    limits = ApartLimits(
        START_SECONDS + context.settings.batch_page_seconds * len(letter.pages),
        context.settings.batch_memory_bytes,
        max(LEAST_BYTES, 8 * batch.scan.size),
        patience=PATIENCE,
    )
    with TemporaryDirectory() as name:
        folder = Path(name)
        try:
            said = await run_apart(
                PROGRAM,
                (batch.scan.media_type, pages),
                limits,
                stdin=spool,
                folder=folder,
                environment=ENVIRONMENT,
                most_output=16,
            )
        except ApartFailed as error:
            if error.starved:
                raise Starved(error.reason) from None
            raise Uncuttable(f"letter {number}: {error}") from None
        if said != str(len(letter.pages)).encode():
            raise Uncuttable(f"letter {number}: not all pages came out")
        with (folder / cut_pages.RESULT).open("rb") as content:
            return await _put(context, batch, letter, number, content)


async def _put(context: Context, batch: Batch, letter: BatchLetter, number: int, content: BinaryIO) -> StoredFile:
    scan_id = letter.scan_id or letter.id
    digest, size = hashlib.sha256(), 0
    while piece := content.read(PIECE):
        digest.update(piece)
        size += len(piece)
    content.seek(0)
    stem = PurePath(batch.scan.name).stem
    file = StoredFile(
        file_id=scan_id,
        name=f"{stem} - {number:02}.pdf",
        object_key=scan_key(scan_id),
        sha256=digest.hexdigest(),
        size=size,
        media_type="application/pdf",
        pages=len(letter.pages),
    )
    try:
        await inspect_scans(context, [Scan(file.name, content, size, file.sha256)])
    except ServiceError as error:
        if error.status >= 500:
            raise StorageUnavailable(f"what was cut cannot be judged now: {error.code}") from None
        raise Uncuttable(f"letter {number}: {error.code}") from None
    content.seek(0)
    await context.storage.put(file.object_key, content, size, file.media_type)
    return file


async def _finish(context: Context, batch: Batch) -> None:
    """What was cut are loose scans from now on, whose copies are wanted; they stay until the batch is closed."""
    original = await context.scans.get(batch.scan.file_id)
    by = batch.confirmed_by or batch.scanned_by
    written = original.written if original else True
    letters = [
        one.model_copy(update={"file": batch.cuts[one.id]}) if one.id in batch.cuts else one
        for one in (batch.arrangement.letters if batch.arrangement else ())
    ]

    async def work(transaction: Transaction) -> None:
        at, session = transaction.now, transaction.session
        update = {"state": "confirmed", "confirmed_at": at, "cuts": {}, "attempts": 0, "version": batch.version + 1}
        arrangement = batch.arrangement.model_copy(update={"letters": tuple(letters)}) if batch.arrangement else None
        done = batch.model_copy(update=update | {"arrangement": arrangement})
        look_again = at + timedelta(days=context.settings.batch_keep_days)
        if not await context.batching.batches.replace(done, look_again, session):
            return
        for file in batch.cuts.values():
            scan = LooseScan(
                file=file,
                origin="batch",
                person_id=by.person_id,
                unit_id=batch.unit_id,
                position_id=by.position_id,
                written=written,
                created_at=at,
            )
            await context.scans.add(scan, session, lasting=True)
            await context.copies.want(file, batch.unit_id, None, session)

    await context.uow.run(work)


async def _back(context: Context, batch_id: str) -> None:
    """Have it reviewed again, with nothing left of what was put."""
    batch = await context.batching.batches.get(batch_id)
    if batch is None or batch.state != "cutting" or batch.arrangement is None:
        return
    for letter in batch.arrangement.uncut:
        await context.storage.remove(scan_key(letter.scan_id or letter.id))
    letters = [one if one.is_cut else one.model_copy(update={"scan_id": None}) for one in batch.arrangement.letters]
    update = {
        "state": "ready",
        "arrangement": batch.arrangement.model_copy(update={"letters": tuple(letters)}),
        "cuts": {},
        "attempts": 0,
        "version": batch.version + 1,
        "failure": "Salah satu surat tidak dapat dipotong dari tumpukan. Periksa halamannya, lalu konfirmasi lagi.",
    }
    await context.batching.batches.replace(batch.model_copy(update=update))
