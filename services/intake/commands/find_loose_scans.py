"""Find the scans a registration names. Invariant: each is there, whole, the caller's to use, and no letter's yet."""

from collections.abc import Sequence

from services.chassis.auth import Principal
from services.chassis.clock import now
from services.chassis.errors import ServiceError, not_found, unprocessable
from services.intake.commands.scan_rights import in_batch, may_use, taken
from services.intake.commands.uploads.admit import admit_soon
from services.intake.context import Context
from services.intake.domain.loose_scan import LooseScan


async def find_loose_scans(context: Context, caller: Principal, scan_ids: Sequence[str]) -> list[LooseScan]:
    """The scans, in the order in which they are named; 404 for one not the caller's, 409 for one taken or not whole."""
    if not scan_ids:
        return []
    if len(set(scan_ids)) < len(scan_ids):
        raise unprocessable("scan_twice", "Satu pindaian disebut lebih dari sekali.", field="scans")
    if len(scan_ids) > context.settings.max_files:
        raise unprocessable("too_many_files", f"Paling banyak {context.settings.max_files} berkas untuk satu surat.")
    found = {scan.scan_id: scan for scan in await context.scans.of_many(scan_ids)}
    for one in scan_ids:
        if one not in found and (scan := await _just_arrived(context, caller, one)):
            found[one] = scan
    return [_usable(found.get(one), caller) for one in scan_ids]


async def _just_arrived(context: Context, caller: Principal, scan_id: str) -> LooseScan | None:
    """The scan of an upload that was not judged yet, judged now; refused with why where it is none (yet)."""
    upload = await context.uploads.get(scan_id)
    if upload is None or upload.person_id != caller.person_id or upload.over(now()):
        return None
    if upload.state == "checking":
        await admit_soon(context, scan_id)
        upload = await context.uploads.get(scan_id) or upload
    if upload.state == "refused" and upload.reason:
        raise ServiceError(upload.reason.status, upload.reason.code, upload.reason.detail, extra={"scan": scan_id})
    if upload.state in ("arriving", "checking"):
        detail = "Pindaian belum selesai diunggah dan diperiksa. Silakan coba lagi sebentar."
        raise ServiceError(
            409, "scan_not_ready", detail, headers={"Retry-After": "5"}, extra={"scan": scan_id, "state": upload.state}
        )
    return await context.scans.get(scan_id)


def _usable(scan: LooseScan | None, caller: Principal) -> LooseScan:
    if scan is None or not may_use(caller, scan):
        raise not_found("Pindaian")
    if scan.taken_by is not None:
        raise taken()
    if scan.batch_id is not None:
        raise in_batch()
    return scan
