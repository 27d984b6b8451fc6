"""Find the scans a registration names. Invariant: each is there, whole, the caller's to use, and no letter's yet."""

from collections.abc import Sequence

from services.chassis.auth import Principal
from services.chassis.errors import ServiceError, not_found, unprocessable
from services.intake.context import Context
from services.intake.domain.loose_scan import LooseScan
from services.projections.reading import handles_letters


async def find_loose_scans(context: Context, caller: Principal, scan_ids: Sequence[str]) -> list[LooseScan]:
    """The scans, in the order in which they are named; 404 for one that is not the caller's, 409 for one taken."""
    if not scan_ids:
        return []
    if len(set(scan_ids)) < len(scan_ids):
        raise unprocessable("scan_twice", "Satu pindaian disebut lebih dari sekali.", field="scans")
    if len(scan_ids) > context.settings.max_files:
        raise unprocessable("too_many_files", f"Paling banyak {context.settings.max_files} berkas untuk satu surat.")
    found = {scan.scan_id: scan for scan in await context.scans.of_many(scan_ids)}
    return [_usable(found.get(one), caller) for one in scan_ids]


def _usable(scan: LooseScan | None, caller: Principal) -> LooseScan:
    if scan is None or not may_use(caller, scan):
        raise not_found("Pindaian")
    if scan.taken_by is not None:
        raise taken()
    if scan.batch_id is not None:
        raise in_batch()
    return scan


def may_use(caller: Principal, scan: LooseScan) -> bool:
    """Whether the caller may see and register it: who brought it, and who handles all letters in the same unit.

    How confidential it is, nobody has said yet.
    """
    if caller.person_id == scan.person_id:
        return True
    return any(handles_letters(held.role, "top_secret") for held in caller.in_unit(scan.unit_id))


def in_batch() -> ServiceError:
    """The refusal of a scan that is being split into letters."""
    return ServiceError(409, "scan_in_batch", "Pindaian ini sedang dipilah sebagai tumpukan surat.")


def taken() -> ServiceError:
    """The refusal of a scan that is a letter's already."""
    return ServiceError(409, "scan_taken", "Pindaian ini sudah menjadi bagian dari surat yang tercatat.")
