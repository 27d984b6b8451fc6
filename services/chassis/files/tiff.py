"""The directories of a TIFF (TIFF 6.0, section 2; BigTIFF). Invariant: nothing read here lies outside the file.

Pillow forgives a directory that was cut off; a scan whose last page lost its end must be refused, so the chain of
directories is walked here: every entry, every value and every strip or tile has to lie within the file.

Entries may name the same bytes again and again, and so make hours of work of a small file: in all, no more is read than
the file holds, and of one page no more strips than a page can have.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from operator import add
from typing import BinaryIO

from services.chassis.files.refusal import broken

MAX_DIRECTORIES = 2000
_MAX_ENTRIES = 512
_MAX_VALUES = 200_000
"""Of one entry that is read: strips and tiles of a page, at least one row of pixels each."""
_UNITS = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
_INTEGERS = {1: "B", 3: "H", 4: "I", 16: "Q"}
_WIDTH, _LENGTH = 256, 257
_DATA = ((273, 279), (324, 325))
"""Offsets and byte counts, of strips and of tiles."""


@dataclass(frozen=True)
class Directory:
    """One page: how many pixels it claims."""

    width: int
    length: int


@dataclass(frozen=True)
class _Shape:
    """Classic or big: how wide a count of entries, an offset and an entry are."""

    order: str
    count: str
    offset: str

    @property
    def entry(self) -> int:
        return 4 + 2 * self.offset_bytes

    @property
    def offset_bytes(self) -> int:
        return struct.calcsize(f"={self.offset}")


class TiffDirectories:
    """The directories of a TIFF of ``size`` bytes; raises Unacceptable where one leads outside it."""

    def __init__(self, content: BinaryIO, size: int) -> None:
        self._content = content
        self._size = size
        self._left = size
        content.seek(0)
        mark = content.read(4)
        order = "<" if mark[:2] == b"II" else ">"
        big = mark[2:4] in (b"+\x00", b"\x00+")
        self._shape = _Shape(order, "Q" if big else "H", "Q" if big else "I")
        self._first = 8 if big else 4

    def __iter__(self) -> Iterator[Directory]:
        (at,) = self._numbers(self._first, self._shape.offset, 1)
        seen: set[int] = set()
        while at:
            if at in seen or len(seen) == MAX_DIRECTORIES:
                raise broken()
            seen.add(at)
            directory, at = self._directory(at)
            yield directory

    def _directory(self, at: int) -> tuple[Directory, int]:
        (count,) = self._numbers(at, self._shape.count, 1)
        if not 0 < count <= _MAX_ENTRIES:
            raise broken()
        start = at + struct.calcsize(f"={self._shape.count}")
        values = {}
        for number in range(count):
            tag, numbers = self._entry(start + number * self._shape.entry)
            values[tag] = numbers
        self._check_data(values)
        (following,) = self._numbers(start + count * self._shape.entry, self._shape.offset, 1)
        width, length = values.get(_WIDTH), values.get(_LENGTH)
        if not width or not length:
            raise broken()
        return Directory(width[0], length[0]), following

    def _entry(self, at: int) -> tuple[int, tuple[int, ...]]:
        """The entry's tag, and its values where they are integers that matter here."""
        tag, kind = self._numbers(at, "H", 2)
        (count,) = self._numbers(at + 4, self._shape.offset, 1)
        value_at = at + 4 + self._shape.offset_bytes
        length = _UNITS.get(kind, 1) * count
        if length > self._shape.offset_bytes:
            (value_at,) = self._numbers(value_at, self._shape.offset, 1)
        if value_at + length > self._size:
            raise broken()
        wanted = kind in _INTEGERS and tag in (_WIDTH, _LENGTH, *_DATA[0], *_DATA[1])
        if wanted and count > _MAX_VALUES:
            raise broken()
        return tag, self._numbers(value_at, _INTEGERS[kind], count) if wanted else ()

    def _check_data(self, values: dict[int, tuple[int, ...]]) -> None:
        for offsets, counts in _DATA:
            if values.get(offsets) and len(values[offsets]) == len(values.get(counts, ())):
                if max(map(add, values[offsets], values[counts])) > self._size:
                    raise broken()
                return
        raise broken()

    def _numbers(self, at: int, code: str, count: int) -> tuple[int, ...]:
        length = struct.calcsize(f"={code}") * count
        self._left -= length
        if at + length > self._size or self._left < 0:
            raise broken()
        self._content.seek(at)
        return struct.unpack(f"{self._shape.order}{count}{code}", self._content.read(length))
