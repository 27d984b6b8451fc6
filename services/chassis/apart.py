"""Programs run apart: a Python program of our own on bytes from outside. Invariant: time, memory and disk are bounded.

It is given what it needs and nothing else: no environment but what is named, no open file but its standard input, no
folder but the one it works in. The kernel sees to it that it reads nothing but what is installed, and reaches neither a
network nor another process. It stands back behind the service's own work, can be killed at any moment with all it
started, and is when the service stops. Nothing it says is believed beyond the length that was asked for.
"""

import asyncio
import math
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from services.chassis import apart_start

_START = Path(apart_start.__file__).resolve()
_CHUNK = 64 * 1024


@dataclass(frozen=True)
class ApartLimits:
    """What a program and each it starts may take: seconds of the processor, bytes of memory, bytes of one file.

    By the clock it may take ``patience`` times the seconds, for it stands back behind everything else: as far as
    ``niceness`` says (0 to 19).
    """

    seconds: float
    memory_bytes: int
    file_bytes: int = 0
    patience: float = 3
    niceness: int = 10

    @property
    def clock_seconds(self) -> float:
        """How long it is waited for."""
        return self.seconds * self.patience


class ApartFailed(Exception):
    """The program did not end well: why, in words for the operator, without a word of what it read.

    ``starved`` where the time ran out although it had not got half of its processor time: no fault of what it read.
    """

    def __init__(self, reason: str, *, starved: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.starved = starved


async def run_apart(
    program: Path,
    arguments: Sequence[str],
    limits: ApartLimits,
    *,
    stdin: BinaryIO | None = None,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    most_output: int,
) -> bytes:
    """What ``program`` wrote to its standard output, at most ``most_output`` bytes; raises ApartFailed.

    It is a Python program, run by its path, isolated, as ``__main__``. It may write into ``folder``, where it runs.
    """
    if stdin:
        stdin.seek(0)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-X", "utf8", str(_START)),
        *(str(math.ceil(limits.seconds)), str(limits.memory_bytes), str(limits.file_bytes), str(limits.niceness)),
        str(os.getpid()),
        *(str(program), *arguments),
        stdin=stdin or asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=dict(environment or {}),
        cwd=folder or os.sep,
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(limits.clock_seconds):
            said = await _answer(process, most_output)
            status = await process.wait()
    except TimeoutError:
        starved = processor_seconds(process.pid) * 2 < limits.seconds
        raise ApartFailed(f"it took longer than {limits.clock_seconds:g} s", starved=starved) from None
    finally:
        await _end(process)
    if status != 0:
        raise ApartFailed(f"it ended with {_named(status)}")
    return said


async def _answer(process: asyncio.subprocess.Process, most: int) -> bytes:
    assert process.stdout is not None  # noqa: S101 - it was asked for
    said = bytearray()
    while piece := await process.stdout.read(_CHUNK):
        said += piece
        if len(said) > most:
            raise ApartFailed("it said more than it was asked for")
    return bytes(said)


async def _end(process: asyncio.subprocess.Process) -> None:
    """Kill it and all it started, and wait for it: nothing is left behind."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)  # it leads a session, hence a group, of its own
    if process.returncode is None:
        await process.wait()


def processor_seconds(session: int) -> float:
    """What the processes of a session have used of the processor so far, those they waited for among it."""
    ticks = 0
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError, ValueError, IndexError):
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
                if int(fields[3]) == session:
                    ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def _named(status: int) -> str:
    return f"signal {-status}" if status < 0 else f"status {status}"
