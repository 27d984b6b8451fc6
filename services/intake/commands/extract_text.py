"""Have a PDF's text read by a program run apart. Invariant: whatever the file is, it takes a bounded time and memory.

Nothing the program says is believed but the text, and that is cut to length.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from services.chassis.apart import ApartFailed, ApartLimits, run_apart
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
    wanted = limits.characters + 1
    bounds = ApartLimits(limits.seconds, limits.memory_bytes, patience=PATIENCE)
    try:
        said = await run_apart(PROGRAM, [str(wanted)], bounds, stdin=content, most_output=wanted * UTF8_BYTES)
    except ApartFailed as failure:
        raise Unreadable(failure.reason) from None
    text = said.decode("utf-8", "replace")
    return Text(text[: limits.characters], truncated=len(text) > limits.characters)
