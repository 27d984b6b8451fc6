"""Find a scan that came before its letter, in whatever state. Invariant: what is not the caller's is not there."""

from dataclasses import dataclass

from services.chassis.auth import Principal
from services.chassis.clock import now
from services.chassis.errors import not_found
from services.contracts.intake import StoredFile
from services.intake.commands.read_letter import find_scan as find_scan_of_letter
from services.intake.commands.scan_rights import may_use
from services.intake.commands.uploads.discard_scan import discard_scan
from services.intake.commands.uploads.end_upload import end_upload
from services.intake.context import Context
from services.intake.domain.loose_scan import LooseScan
from services.intake.domain.uploads.upload import Upload


@dataclass(frozen=True)
class Found:
    """One of the two: the scan where it is ready, the upload before that."""

    scan: LooseScan | None
    upload: Upload | None


async def find_scan(context: Context, caller: Principal, scan_id: str) -> Found:
    """The scan, or the upload it is to become; 404 for what is not the caller's or is over.

    The upload is looked at first: the other way about, one that becomes a scan in between would seem to be neither.
    """
    upload = await context.uploads.get(scan_id)
    scan = await context.scans.get(scan_id)
    if scan is not None and may_use(caller, scan):
        return Found(scan, None)
    upload = upload if scan is None else None
    if upload is None or upload.person_id != caller.person_id or upload.over(now()) or upload.state == "ready":
        raise not_found("Pindaian")
    return Found(None, upload)


async def find_original(context: Context, caller: Principal, scan_id: str) -> StoredFile:
    """The original; of a scan that a letter has, only for who may read the letter, and recorded as that."""
    scan = (await find_scan(context, caller, scan_id)).scan
    if scan is None:
        raise not_found("Pindaian")
    if scan.taken_by is not None:
        return await find_scan_of_letter(context, caller, scan.taken_by, scan.scan_id)
    return scan.file


async def drop_scan(context: Context, caller: Principal, scan_id: str) -> None:
    """Discard the scan, or give up the upload it was to become."""
    found = await find_scan(context, caller, scan_id)
    if found.scan is not None:
        await discard_scan(context, found.scan)
    else:
        await end_upload(context, caller, scan_id)
