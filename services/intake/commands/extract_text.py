"""Have a PDF's text read by a process of its own. Invariant: whatever the file is, it takes a bounded time and memory.

The process is given the file and nothing else: no environment, no secret, no name on the disk. It can be killed at any
moment, and is when the service stops. Nothing it says is believed but the text, and that is cut to length.
"""

import asyncio
import math
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from services.intake.domain.scans import text_layer

PROGRAM = Path(text_layer.__file__).resolve()
UTF8_BYTES = 4
PATIENCE = 3
"""The reader stands back behind the service's own work: by the clock it may take so many times its processor time."""


class Unreadable(Exception):
    """The file's text cannot be read: why, in words for the operator, without a word of what it holds."""


@dataclass(frozen=True)
class Limits:
    """How much text is wanted, and what the reading may take: seconds of the processor, bytes of memory."""

    characters: int
    seconds: float
    memory_bytes: int


@dataclass(frozen=True)
class Text:
    """What was read; ``truncated`` where there is more."""

    content: str
    truncated: bool


async def extract_text(content: BinaryIO, limits: Limits) -> Text:
    """The text of the PDF in ``content``, a file; raises Unreadable."""
    content.seek(0)
    wanted = limits.characters + 1
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-X", "utf8", str(PROGRAM)),
        *(str(wanted), str(math.ceil(limits.seconds)), str(limits.memory_bytes)),
        stdin=content,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={},
        cwd=os.sep,
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(limits.seconds * PATIENCE):
            said = await _answer(process, wanted * UTF8_BYTES)
            status = await process.wait()
    except TimeoutError:
        raise Unreadable(f"it took longer than {limits.seconds * PATIENCE:g} s") from None
    finally:
        await _end(process)
    if status != 0:
        raise Unreadable(f"the reader ended with {_named(status)}")
    text = said.decode("utf-8", "replace")
    return Text(text[: limits.characters], truncated=len(text) > limits.characters)


async def _answer(process: asyncio.subprocess.Process, most: int) -> bytes:
    assert process.stdout is not None  # noqa: S101 - it was asked for
    said = bytearray()
    while piece := await process.stdout.read(64 * 1024):
        said += piece
        if len(said) > most:
            raise Unreadable("the reader said more than it was asked for")
    return bytes(said)


async def _end(process: asyncio.subprocess.Process) -> None:
    """Kill it where it still runs, and wait for it: none is left behind."""
    if process.returncode is None:
        process.kill()
        await process.wait()


def _named(status: int) -> str:
    return f"signal {-status}" if status < 0 else f"status {status}"
