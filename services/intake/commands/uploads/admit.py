"""Judge what is whole, and keep it as a scan. Invariant: a scan is what was read back from the store, and was judged.

Each step may be cut off and is done again by whoever looks next: joining is asked about before it is repeated, judging
changes nothing, and the scan, its wanted copies and the upload's end are written together.
"""

import asyncio
import logging
from datetime import timedelta
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast

from services.chassis.clock import now
from services.chassis.errors import ServiceError
from services.chassis.files.received import Spool, SpoolLimits
from services.chassis.mongo import PyMongoError
from services.chassis.storage import ObjectMissing, StorageUnavailable
from services.chassis.uow import Transaction
from services.contracts.intake import StoredFile
from services.intake.commands.inspect_scans import inspect_scans
from services.intake.commands.uploads.arrival import read_pieces
from services.intake.commands.uploads.end_upload import remove_folder
from services.intake.commands.uploads.holds import Hold
from services.intake.commands.uploads.removing import remove_now
from services.intake.context import Context
from services.intake.domain.loose_scan import LooseScan
from services.intake.domain.scans.scan import FontSigns, Scan
from services.intake.domain.uploads.upload import MEDIA_TYPE, Part, Reason, Upload

log = logging.getLogger(__name__)
WAIT_SECONDS = 3.0
MOST_ATTEMPTS = 8
LONGEST_PAUSE_SECONDS = 600
_underway: set["asyncio.Task[bool]"] = set()


async def admit_soon(context: Context, upload_id: str) -> None:
    """Judge it now, and wait a little for the judgement: most scans are ready when their sender is answered."""
    task = asyncio.create_task(_quietly(context, upload_id))
    _underway.add(task)
    task.add_done_callback(_underway.discard)
    await asyncio.wait({task}, timeout=WAIT_SECONDS)


async def admit_due(context: Context, limit: int = 20) -> int:
    """Judge what whoever received it did not get to judge; how many, without those that somebody is at."""
    due = await context.uploads.to_check(now(), limit)
    return sum([await _quietly(context, upload_id) for upload_id in due])


async def _quietly(context: Context, upload_id: str) -> bool:
    try:
        return await admit(context, upload_id)
    except (PyMongoError, StorageUnavailable) as error:
        log.warning("upload %s is judged later: %s", upload_id, error)
    except Exception:
        log.exception("upload %s could not be judged", upload_id)
    return False


async def admit(context: Context, upload_id: str) -> bool:
    """Make a scan of an upload that is whole, or refuse it; False where somebody is at it, and nothing is done."""
    try:
        async with context.holds.judging, context.holds.hold(upload_id, patience=0) as hold:
            await _admit(context, hold)
    except ServiceError as error:
        if error.code != "upload_locked":
            raise
        return False
    return True


async def _admit(context: Context, hold: Hold) -> None:
    upload = await context.uploads.get(hold.upload_id)
    if upload is None or upload.state != "checking":
        return
    pause = timedelta(seconds=min(LONGEST_PAUSE_SECONDS, 15 * 2**upload.attempts))
    if not await context.uploads.attempt(upload, hold.holder, now() + pause):
        return
    try:
        upload = await _joined(context, hold, upload)
        scan = await _judged(context, upload)
    except ServiceError as refusal:
        await _refuse_or_wait(context, hold, upload, refusal)
    except (PyMongoError, StorageUnavailable):
        raise
    except Exception:
        if upload.attempts + 1 < MOST_ATTEMPTS:
            raise
        log.exception("upload %s is given up", upload.id)
        await _refuse(context, upload, ServiceError(422, "scan_unreadable", "Berkas tidak dapat diperiksa."))
    else:
        await _keep(context, upload, scan)


async def _joined(context: Context, hold: Hold, upload: Upload) -> Upload:
    """The upload with its object in place."""
    if upload.joined:
        return upload
    try:
        if upload.begun is None:
            await _put_whole(context, upload)
        else:
            upload = await _with_last_part(context, hold, upload)
            await _join(context, upload)
    except ObjectMissing:
        if not await _is_there(context, upload):
            log.error("upload %s: some of what was counted is not in the store", upload.id)
            detail = "Sebagian berkas hilang dari penyimpanan. Silakan unggah ulang."
            raise ServiceError(422, "upload_lost", detail) from None
    return await _advanced(context, hold, upload, upload.model_copy(update={"joined": True}))


async def _put_whole(context: Context, upload: Upload) -> None:
    """What never grew to a part is one object at once."""
    async with context.holds.sending:
        content = await read_pieces(context.storage, upload.pieces)
        with SpooledTemporaryFile(max_size=len(content) + 1) as spool:
            spool.write(content)
            spool.seek(0)
            await context.storage.put(upload.key, cast(BinaryIO, spool), len(content), MEDIA_TYPE)


async def _with_last_part(context: Context, hold: Hold, upload: Upload) -> Upload:
    if not upload.pieces or upload.begun is None:
        return upload
    if not await context.uploads.take_number(upload, hold.holder):
        raise StorageUnavailable("somebody else judges it")
    number = upload.numbers + 1
    async with context.holds.sending:
        content = await read_pieces(context.storage, upload.pieces)
        tag = await context.storage.put_part(upload.key, upload.begun, number, content)
    after = upload.with_part(Part(number=number, tag=tag, size=len(content)), upload.begun)
    return (await _advanced(context, hold, upload, after)).model_copy(update={"numbers": number})


async def _join(context: Context, upload: Upload) -> None:
    assert upload.begun is not None  # noqa: S101 - its caller has looked
    await context.storage.join_parts(upload.key, upload.begun, [(part.number, part.tag) for part in upload.parts])
    await context.storage.abandon_parts(upload.key)


async def _is_there(context: Context, upload: Upload) -> bool:
    """Whether it was joined before, by somebody who could not say so any more."""
    try:
        return (await context.storage.stat(upload.key)).size == upload.length
    except ObjectMissing:
        return False


async def _advanced(context: Context, hold: Hold, before: Upload, after: Upload) -> Upload:
    if not await context.uploads.advance(before, after, hold.holder, None):
        raise StorageUnavailable("somebody else judges it")
    return after


async def _judged(context: Context, upload: Upload) -> LooseScan:
    spool = Spool(upload.name, SpoolLimits(upload.length, context.settings.spool_bytes))
    try:
        signs = await _read_back(context, upload, spool)
        scan = Scan(upload.name, spool.content, spool.size, spool.sha256, written=signs.found)
        (finding,) = await inspect_scans(context, [scan])
        file = StoredFile(
            file_id=upload.id,
            name=upload.name,
            object_key=upload.key,
            sha256=scan.sha256,
            size=scan.size,
            media_type=finding.media_type,
            pages=finding.pages,
        )
    finally:
        spool.close()
    return LooseScan(
        file=file,
        origin="upload",
        person_id=upload.person_id,
        unit_id=upload.unit_id,
        position_id=upload.position_id,
        written=scan.written,
        created_at=now(),
    )


async def _read_back(context: Context, upload: Upload, spool: Spool) -> FontSigns:
    signs = FontSigns()

    def take(piece: bytes) -> None:
        spool.write(memoryview(piece))
        signs.look(piece)

    async for piece in context.storage.read(upload.key):
        if spool.on_disk:
            await asyncio.to_thread(take, piece)
        else:
            take(piece)
    if spool.size != upload.length:
        raise ServiceError(422, "upload_lost", "Sebagian berkas hilang dari penyimpanan. Silakan unggah ulang.")
    return signs


async def _keep(context: Context, upload: Upload, scan: LooseScan) -> None:
    async def work(transaction: Transaction) -> None:
        session = transaction.session
        if await context.uploads.close(upload.id, "ready", session=session):
            await context.scans.add(scan, session)
            await context.copies.want(scan.file, scan.unit_id, None, session)

    await context.uow.run(work)
    await remove_folder(context.storage, upload.id)


async def _refuse_or_wait(context: Context, hold: Hold, upload: Upload, error: ServiceError) -> None:
    """Refused for what it is; or, where it cannot be judged at present, not judged: it never passes for good."""
    if error.status < 500:
        await _refuse(context, upload, error)
        return
    log.warning("upload %s cannot be judged at present: %s", upload.id, error.code)
    await context.uploads.note(upload.id, hold.holder, _reason(error))


async def _refuse(context: Context, upload: Upload, error: ServiceError) -> None:
    async def work(transaction: Transaction) -> bool:
        closed = await context.uploads.close(upload.id, "refused", _reason(error), transaction.session)
        if closed:
            await context.removals.add(upload.key, transaction.session)
        return closed

    if await context.uow.run(work):
        await remove_now(context, upload.key)
        await remove_folder(context.storage, upload.id)


def _reason(error: ServiceError) -> Reason:
    return Reason(status=error.status, code=error.code, detail=error.detail)
