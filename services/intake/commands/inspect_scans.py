"""Have the scans looked at on threads. Invariant: either every scan is acceptable or the registration is refused."""

import asyncio
from collections.abc import Sequence

from services.chassis.errors import ServiceError
from services.intake.domain.scans.inspection import inspect
from services.intake.domain.scans.scan import Finding, Scan, Unacceptable

_STATUS = {"unsupported_type": 415}


async def inspect_scans(scans: Sequence[Scan]) -> list[Finding]:
    """What each scan is; a problem that names the first unacceptable one otherwise."""
    return await asyncio.to_thread(lambda: [_inspected(index, scan) for index, scan in enumerate(scans)])


def _inspected(index: int, scan: Scan) -> Finding:
    try:
        return inspect(scan)
    except Unacceptable as refusal:
        raise ServiceError(
            _STATUS.get(refusal.code, 422),
            refusal.code,
            f"Berkas “{scan.name}” {refusal.sentence}",
            extra={"file": scan.name, "index": index},
        ) from None
