"""HEIC photographs (ISO 14496-12, 23008-12). Invariant: what passes is whole: every byte it names lies within the file.

The library that opens them reads what the photograph says of itself and decodes nothing; it does not mind an end that
is missing. So the boxes of the file are walked here, and the places where it says that its data lie.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import pillow_heif

from services.chassis.files.images import guarded
from services.chassis.files.limits import FileLimits, PixelCount
from services.chassis.files.refusal import broken

BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"})
"""Pictures in HEVC, alone or in a series."""
STRUCTURAL = frozenset({b"mif1", b"msf1", b"mif2", b"miaf"})
"""Any picture in this container; which coding it is in, the other brands say."""
_OTHER_CODINGS = frozenset({b"avif", b"avis", b"jpeg", b"j2ki", b"vvic", b"evbi"})
MOST_BOXES = 1000
MOST_PLACES = 20_000
"""A photograph of 48 megapixels is some hundred and twenty tiles."""
_META_BYTES = 16 * 1024 * 1024


def is_heif(head: bytes) -> bool:
    """Whether the first bytes say that it is a picture in HEVC."""
    length = int.from_bytes(head[:4], "big")
    if head[4:8] != b"ftyp" or not 16 <= length <= len(head):
        return False
    brands = {head[8:12], *(head[at : at + 4] for at in range(16, length - 3, 4))}
    if brands & BRANDS:
        return True
    return head[8:12] in STRUCTURAL and not brands & _OTHER_CODINGS


def inspect_heif(content: BinaryIO, size: int, limits: FileLimits) -> int:
    """One page, its main picture; refused unless every box and every place of data lies within the file."""
    boxes = list(_boxes(content, 0, size))
    meta = next((box for box in boxes if box.kind == b"meta"), None)
    if meta is None or meta.end - meta.start > _META_BYTES:
        raise broken()
    for box in _boxes(content, min(meta.start + 4, meta.end), meta.end):
        if box.kind == b"iloc":
            _check_places(_read(content, box.start, box.end), size)
    content.seek(0)
    # Whole in memory: the library would read it so anyway, through a detour for every piece.
    picture = guarded(lambda: pillow_heif.open_heif(content.read(), convert_hdr_to_8bit=False))
    pixels = PixelCount(limits)
    for one in picture:
        if min(one.size) < 1:
            raise broken()
        pixels.add(*one.size)
    return 1


@dataclass(frozen=True)
class _Box:
    """What lies between a box's head and its end."""

    kind: bytes
    start: int
    end: int


def _boxes(content: BinaryIO, at: int, end: int) -> Iterator[_Box]:
    for _ in range(MOST_BOXES):
        if end - at < 8:
            if _read(content, at, end).strip(b"\0"):
                raise broken()
            return
        length, kind = struct.unpack(">I4s", _read(content, at, at + 8))
        start = at + 8
        if length == 1:
            length, start = int.from_bytes(_read(content, start, start + 8), "big"), at + 16
        if kind == b"\0\0\0\0" and length == 0 and not _read(content, at, min(end, at + 4096)).strip(b"\0"):
            return  # filled up with nothing
        following = end if length == 0 else at + length
        if not start <= following <= end:
            raise broken()
        yield _Box(kind, start, following)
        at = following
    raise broken()


def _check_places(iloc: bytes, size: int) -> None:
    """Every place where the file says that an item's data lie."""
    fields = _Fields(iloc)
    version = fields.number(4) >> 24
    widths = fields.number(2)
    offset_bytes, length_bytes, base_bytes = widths >> 12, widths >> 8 & 15, widths >> 4 & 15
    index_bytes = widths & 15 if version in (1, 2) else 0
    wide = 4 if version == 2 else 2
    places = 0
    for _ in range(fields.number(wide)):
        fields.number(wide)
        method = fields.number(2) & 15 if version in (1, 2) else 0
        fields.number(2)
        base = fields.number(base_bytes)
        for _ in range(fields.number(2)):
            fields.number(index_bytes)
            offset, length = fields.number(offset_bytes), fields.number(length_bytes)
            places += 1
            if places > MOST_PLACES or (method == 0 and base + offset + length > size):
                raise broken()


class _Fields:
    """Numbers, one after another."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def number(self, width: int) -> int:
        if self._at + width > len(self._data):
            raise broken()
        value = int.from_bytes(self._data[self._at : self._at + width], "big")
        self._at += width
        return value


def _read(content: BinaryIO, start: int, end: int) -> bytes:
    content.seek(start)
    data = content.read(end - start)
    if len(data) < end - start:
        raise broken()
    return data
