"""Have the scans looked at on threads. Invariant: either every scan is acceptable or the registration is refused."""

import asyncio
from collections.abc import Sequence

from services.chassis.errors import ServiceError
from services.chassis.files.inspection import ScanFinding, inspect_scan
from services.chassis.files.refusal import Unacceptable
from services.intake.context import Context
from services.intake.domain.scans.scan import Scan


async def inspect_scans(context: Context, scans: Sequence[Scan]) -> list[ScanFinding]:
    """What each scan is; a problem that names the first unacceptable one otherwise."""
    del context
    return await asyncio.to_thread(lambda: [_inspected(index, scan) for index, scan in enumerate(scans)])


def _inspected(index: int, scan: Scan) -> ScanFinding:
    try:
        return inspect_scan(scan)
    except Unacceptable as refusal:
        unknown = refusal.fault == "unsupported_type"
        raise ServiceError(
            415 if unknown else 422,
            refusal.fault if unknown else f"scan_{refusal.fault}",
            f"Berkas “{scan.name}” {refusal.sentence}",
            extra={"file": scan.name, "index": index},
        ) from None
