"""JPEG, PNG and TIFF pictures. Invariant: what passes is whole to its end and small enough to be decoded later.

Nothing is decoded here: a JPEG is walked by its markers to the end-of-image mark, a PNG by its chunks with their
checksums, a TIFF by its directories.
"""

import re
import struct
from collections.abc import Callable
from typing import BinaryIO, TypeVar

from PIL import Image

from services.chassis.files.foreign import refuse_after_end
from services.chassis.files.limits import FileLimits, PixelCount
from services.chassis.files.refusal import broken
from services.chassis.files.tiff import TiffDirectories

T = TypeVar("T")

MOST_PASSES = 100
"""Of a progressive JPEG: encoders make about ten. Each is work over all its pixels, and may cost a few bytes."""
MOST_CHUNKS = 100_000
_PNG_SIGNATURE_BYTES = 8
_PNG_END = b"IEND"

Image.MAX_IMAGE_PIXELS = None  # The limit is enforced here, as a refusal rather than as a warning.

_END_OF_SCAN = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
"""In entropy-coded data 0xFF is followed by zero, fill or a restart mark; anything else ends it (ITU T.81, B.1.1)."""

_FILL = re.compile(rb"\xff+")

_UNREADABLE = (
    OSError,
    EOFError,
    SyntaxError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    ArithmeticError,
    RuntimeError,
    struct.error,
    MemoryError,
)
"""What the readers of pictures raise on malformed files, whichever of them meets it."""


def inspect_jpeg(content: BinaryIO, size: int, limits: FileLimits) -> int:
    """One page; refused unless its markers lead to the end of the image."""
    del size
    with _opened(content, "JPEG", limits):
        pass
    content.seek(0)
    refuse_after_end(content, _end_of_jpeg(content.read()))
    return 1


def inspect_png(content: BinaryIO, size: int, limits: FileLimits) -> int:
    """One page; refused unless every chunk up to the last is there and has its checksum."""
    end = _end_of_png(content, size)
    with _opened(content, "PNG", limits) as image:
        guarded(image.verify)
    refuse_after_end(content, end)
    return 1


def inspect_tiff(content: BinaryIO, size: int, limits: FileLimits) -> int:
    """As many pages as directories; refused where one leads outside the file."""
    pixels, pages = PixelCount(limits), 0
    for page in TiffDirectories(content, size):
        pages += 1
        limits.check_pages(pages)
        pixels.add(page.width, page.length)
    if pages == 0:
        raise broken()
    with _opened(content, "TIFF", limits):
        return pages


def guarded(step: Callable[[], T]) -> T:
    """What ``step`` gives; a refusal where a reader of pictures stumbles."""
    try:
        return step()
    except _UNREADABLE:
        raise broken() from None


def _opened(content: BinaryIO, kind: str, limits: FileLimits) -> Image.Image:
    content.seek(0)
    image = guarded(lambda: Image.open(content, formats=(kind,)))
    PixelCount(limits).add(*image.size)
    return image


def _end_of_jpeg(data: bytes) -> int:
    """Walk the segments from the start-of-image mark; where the end-of-image mark has been passed."""
    at, passes = 2, 0
    while at + 2 <= len(data) and data[at] == 0xFF and passes <= MOST_PASSES:
        marker = data[at + 1]
        if marker == 0xD9:
            return at + 2
        if marker == 0xFF:
            at = _FILL.match(data, at).end() - 1  # type: ignore[union-attr]  # it begins with one
            continue
        if at + 4 > len(data):
            break
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == 0xDA:
            passes += 1
            found = _END_OF_SCAN.search(data, at)
            if found is None:
                break
            at = found.start()
    raise broken()


def _end_of_png(content: BinaryIO, size: int) -> int:
    """Walk the chunks; where the last one, with its checksum, is over."""
    at = _PNG_SIGNATURE_BYTES
    for _ in range(MOST_CHUNKS):
        content.seek(at)
        head = content.read(8)
        at += 12 + int.from_bytes(head[:4], "big")
        if len(head) < 8 or at > size:
            break
        if head[4:] == _PNG_END:
            return at
    raise broken()
