"""Who may use a scan that came before its letter, and when nobody may. Invariant: said here alone."""

from services.chassis.auth import Principal
from services.chassis.errors import ServiceError
from services.intake.domain.loose_scan import LooseScan
from services.projections.reading import handles_letters


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
