"""Have the scans looked at. Invariant: either every scan is acceptable or the registration is refused."""

import asyncio
from collections.abc import Sequence

from services.chassis.errors import ServiceError
from services.chassis.files.inspection import ScanFinding
from services.chassis.files.refusal import Unacceptable
from services.intake.context import Context
from services.intake.domain.scans.scan import Scan


async def inspect_scans(context: Context, scans: Sequence[Scan]) -> list[ScanFinding]:
    """What each scan is; a problem that names the first unacceptable one otherwise.

    503 where it cannot be judged or scanned for malware now: nothing is taken unseen.
    """
    if len(scans) == 1:
        return [await _inspected(context, 0, scans[0])]
    looks = [_inspected(context, index, scan) for index, scan in enumerate(scans)]
    # All are waited for, so that none is still being looked at when the request that holds them is over.
    seen = await asyncio.gather(*looks, return_exceptions=True)
    findings = []
    for one in seen:
        if isinstance(one, BaseException):
            raise one
        findings.append(one)
    return findings


async def _inspected(context: Context, index: int, scan: Scan) -> ScanFinding:
    try:
        return await context.checks.scan(scan)
    except Unacceptable as refusal:
        unknown = refusal.fault == "unsupported_type"
        raise ServiceError(
            415 if unknown else 422,
            refusal.fault if unknown else f"scan_{refusal.fault}",
            f"Berkas “{scan.name}” {refusal.sentence}",
            extra={"file": scan.name, "index": index},
        ) from None
