"""Which letters have a stem, a reader's key or a mark: arrays of numbers. Invariant: a letter is known here by a number
that is given once and rises with time, so newest first is descending.

A posting is one unsigned integer: the letter's number, and in its lowest ``MASK_BITS`` what is known of the key there.
Numbers are cut into parts of ``PART``; what is kept of a key in one part is a block. The newest postings are not in
blocks yet but in a ``Fresh`` table, in memory.
"""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

PART = 1 << 17
MASK_BITS = 15
"""So that a posting's place in its part takes four bytes."""
_MASK = np.uint64((1 << MASK_BITS) - 1)
_SHIFT = np.uint64(MASK_BITS)

Postings: TypeAlias = NDArray[np.uint64]
NONE: Postings = np.empty(0, np.uint64)


def posting(number: int, mask: int = 0) -> int:
    """The posting of a letter under a key."""
    return number << MASK_BITS | mask


def postings(values: Iterable[int]) -> Postings:
    """An array of postings."""
    return np.fromiter(values, np.uint64)


def numbers(found: Postings) -> NDArray[np.int64]:
    """The letters' numbers."""
    return (found >> _SHIFT).astype(np.int64)


def masks(found: Postings) -> NDArray[np.uint64]:
    """What is known of the key in each letter."""
    return found & _MASK


def between(ordered: Postings, low: int, high: int) -> Postings:
    """As ``within``, of postings that are in order: found without looking at each."""
    first, end = np.searchsorted(ordered, np.array((posting(low), posting(high)), np.uint64))
    return ordered[first:end]


def within(found: Postings, low: int, high: int) -> Postings:
    """The postings of letters numbered from ``low`` until just before ``high``."""
    first, end = np.uint64(posting(low)), np.uint64(posting(high))
    if not len(found) or (found.min() >= first and found.max() < end):
        return found
    return found[(found >= first) & (found < end)]


def joined(parts: Iterable[Postings]) -> Postings:
    """All of these together."""
    given = [part for part in parts if len(part)]
    return np.concatenate(given) if len(given) > 1 else given[0] if given else NONE


def cut(raw: bytes, counts: Sequence[int]) -> list[Postings]:
    """What ``joined(...).tobytes()`` was made of."""
    return np.split(np.frombuffer(raw, np.uint64), np.cumsum(counts)[:-1]) if counts else []


def united(found: Postings) -> Postings:
    """Sorted, each letter once, with everything that is known of it."""
    ordered = np.sort(found, kind="stable")  # quick where it is a few pieces that are in order
    first = np.flatnonzero(np.diff(ordered >> _SHIFT, prepend=np.uint64(0xFFFF_FFFF_FFFF)))
    if len(first) == len(ordered):
        return ordered
    return np.bitwise_or.reduceat(ordered, first)


def by_part(found: Postings) -> Iterator[tuple[int, Postings]]:
    """What falls into each part, in order, each letter once."""
    whole = united(found)
    parts = (whole >> _SHIFT) // np.uint64(PART)
    for some in np.split(whole, np.flatnonzero(np.diff(parts)) + 1):
        if len(some):
            yield int(some[0] >> _SHIFT) // PART, some


def to_block(found: Postings, part: int) -> bytes:
    """The postings of one part in four bytes each."""
    return (found - np.uint64(posting(part * PART))).astype("<u4").tobytes()


def from_block(block: bytes, part: int) -> Postings:
    """The postings of a block."""
    return np.frombuffer(block, "<u4").astype(np.uint64) + np.uint64(posting(part * PART))


class Fresh:
    """The newest postings, by key. Grows; what has been read from it stays as it was."""

    def __init__(self) -> None:
        self._found: dict[str, array[int]] = {}
        self.count = 0
        self.top = 0
        """One more than the highest number in it."""

    def add(self, found: Mapping[str, Postings]) -> None:
        """Add further postings."""
        for key, some in found.items():
            self._found.setdefault(key, array("Q")).frombytes(some.tobytes())
            self.count += len(some)
            self.top = max(self.top, (int(some.max()) >> MASK_BITS) + 1)

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def of(self, key: str) -> Postings:
        """Every posting of a key, in the order they came: a copy, for an array that is looked into cannot grow."""
        found = self._found.get(key)
        return np.frombuffer(found, np.uint64).copy() if found else NONE
