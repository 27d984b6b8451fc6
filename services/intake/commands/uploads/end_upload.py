"""End an upload. Invariant: nothing of it is left in the store but the scan that came of it, if one did.

It is marked first, so that nobody goes on with it, then its bytes go, then it is forgotten; who dies in between leaves
it to the sweep, which finds it over.
"""

from datetime import datetime, timedelta

from services.chassis.auth import Principal
from services.chassis.clock import now
from services.chassis.errors import ServiceError
from services.chassis.storage import ObjectStorage
from services.intake.commands.uploads.discard_scan import discard_scan
from services.intake.commands.uploads.find_upload import find_upload
from services.intake.commands.uploads.places import pieces_folder
from services.intake.context import Context
from services.intake.domain.uploads.upload import Upload


async def end_upload(context: Context, caller: Principal, upload_id: str) -> None:
    """The caller gives the upload up, or the scan it became; 409 where a letter has that already."""
    await find_upload(context, caller, upload_id)
    async with context.holds.hold(upload_id):
        upload = await context.uploads.get(upload_id)
        if upload is not None:
            await _end(context, upload)


async def end_expired(context: Context, at: datetime, limit: int = 100) -> int:
    """End every upload whose time is over; how many. One that somebody is at is left alone."""
    expired = await context.uploads.expired(at, limit)
    for upload in expired:
        if upload.state == "checking":
            await context.uploads.postpone(upload.id, at + timedelta(days=1))
            continue
        try:
            async with context.holds.hold(upload.id, patience=0):
                now_known = await context.uploads.get(upload.id)
                if now_known and now_known.expires_at < at:
                    await _clear(context, now_known)
        except ServiceError:
            await context.uploads.postpone(upload.id, now() + timedelta(hours=1))
    return len(expired)


async def _end(context: Context, upload: Upload) -> None:
    scan = await context.scans.get(upload.id)
    if scan is not None:
        await discard_scan(context, scan)
    await _clear(context, upload)


async def _clear(context: Context, upload: Upload) -> None:
    """What was ready once is a scan's, or a letter's, and never removed from here."""
    await context.uploads.close(upload.id, "ended")
    if upload.state != "ready" and await context.scans.get(upload.id) is None:
        await context.storage.abandon_parts(upload.key)
        await context.storage.remove(upload.key)
    await remove_folder(context.storage, upload.id)
    await context.uploads.forget(upload.id)


async def remove_folder(storage: ObjectStorage, upload_id: str) -> None:
    """Remove whatever pieces there are of an upload."""
    for key in [stored.key async for stored in storage.keys(pieces_folder(upload_id))]:
        await storage.remove(key)
