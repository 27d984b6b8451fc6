"""How hard pressed this machine is. Invariant: where the kernel does not tell, nothing is said to be pressed.

Source: the kernel's pressure stall information (Documentation/accounting/psi.rst), which counts the microseconds in
which something that was ready to run waited for a processor. It holds for the whole machine, whoever runs on it.
"""

import asyncio
import re
from contextlib import suppress
from pathlib import Path

PROCESSOR = Path("/proc/pressure/cpu")
LOOKED_AT_SECONDS = 0.3
_WAITED = re.compile(r"^some .*total=(\d+)", re.MULTILINE)


async def processor_pressure(source: Path = PROCESSOR) -> float:
    """The share of the next moment (0 to 1) in which something waits for a processor."""
    clock = asyncio.get_running_loop().time
    before, began = _waited(source), clock()
    if before is None:
        return 0.0
    await asyncio.sleep(LOOKED_AT_SECONDS)
    after, ended = _waited(source), clock()
    return 0.0 if after is None else min(1.0, max(0.0, (after - before) / 1e6 / (ended - began)))


def _waited(source: Path) -> int | None:
    with suppress(OSError):
        found = _WAITED.search(source.read_text(encoding="ascii", errors="replace"))
        return int(found[1]) if found else None
    return None
