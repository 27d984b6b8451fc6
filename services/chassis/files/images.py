"""JPEG, PNG and TIFF pictures. Invariant: what passes is whole to its end and small enough to be decoded later.

Nothing is decoded here: a JPEG is walked by its markers to the end-of-image mark, a PNG by its chunks with their
checksums, a TIFF by its directories.
"""

import re
from collections.abc import Callable
from typing import BinaryIO, TypeVar

from PIL import Image

from services.chassis.files.refusal import Unacceptable, broken
from services.chassis.files.tiff import TiffDirectories

T = TypeVar("T")

TAIL_BYTES = 64 * 1024
MAX_PIXELS = 200_000_000
"""Of one page: A3 at 600 dpi has 70 million, A4 at 1200 dpi 139 million."""
_PNG_END = b"IEND\xaeB`\x82"
"""The last chunk with its checksum, which Pillow does not read."""

Image.MAX_IMAGE_PIXELS = None  # The limit is enforced here, as a refusal rather than as a warning.

_END_OF_SCAN = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
"""In entropy-coded data 0xFF is followed by zero, fill or a restart mark; anything else ends it (ITU T.81, B.1.1)."""

_UNREADABLE = (OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, ArithmeticError, MemoryError)
"""What Pillow raises on malformed files, whichever of its readers meets it."""


def inspect_jpeg(content: BinaryIO, size: int) -> int:
    """One page; refused unless its markers lead to the end of the image."""
    del size
    with _opened(content, "JPEG"):
        pass
    content.seek(0)
    if not _reaches_end(content.read()):
        raise broken()
    return 1


def inspect_png(content: BinaryIO, size: int) -> int:
    """One page; refused unless every chunk up to the last is there and has its checksum."""
    with _opened(content, "PNG") as image:
        _guarded(image.verify)
    content.seek(max(0, size - TAIL_BYTES))
    if _PNG_END not in content.read():
        raise broken()
    return 1


def inspect_tiff(content: BinaryIO, size: int) -> int:
    """As many pages as directories; refused where one leads outside the file."""
    pages = 0
    for page in TiffDirectories(content, size):
        _within_pixels(page.width, page.length)
        pages += 1
    if pages == 0:
        raise broken()
    with _opened(content, "TIFF"):
        return pages


def _opened(content: BinaryIO, kind: str) -> Image.Image:
    content.seek(0)
    image = _guarded(lambda: Image.open(content, formats=(kind,)))
    _within_pixels(*image.size)
    return image


def _guarded(step: Callable[[], T]) -> T:
    try:
        return step()
    except _UNREADABLE:
        raise broken() from None


def _within_pixels(width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise Unacceptable("too_many_pixels", "terlalu besar ukuran gambarnya. Silakan pindai pada 300 dpi.")


def _reaches_end(data: bytes) -> bool:
    """Walk the segments from the start-of-image mark to the end-of-image mark."""
    at = 2
    while at + 2 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xD9:
            return True
        if marker == 0xFF:
            at += 1
            continue
        if at + 4 > len(data):
            return False
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == 0xDA:
            found = _END_OF_SCAN.search(data, at)
            if found is None:
                return False
            at = found.start()
    return False
