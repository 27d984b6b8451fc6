"""What runs on this machine on behalf of a folder. Owns: reading /proc."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from time import monotonic


def of_folder(folder: Path) -> dict[int, str]:
    """The processes that were told of ``folder`` in their environment or command line, zombies left out."""
    found: dict[int, str] = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            told = (entry / "environ").read_bytes() + (entry / "cmdline").read_bytes()
            state = (entry / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
            name = (entry / "comm").read_text(encoding="utf-8").strip()
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
        if str(folder).encode() in told and state != "Z":
            found[int(entry.name)] = name
    return found


async def until(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    """Wait for what must come about."""
    deadline = monotonic() + seconds
    while not condition():
        assert monotonic() < deadline, "it did not come about in time"
        await asyncio.sleep(0.05)
