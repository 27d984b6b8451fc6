"""Damage, by a seed: what a bad line, a bad disk or a fuzzer makes of a whole file."""

import random
import re
from collections.abc import Callable, Sequence

_INTERESTING = (0, 1, 2, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
_NUMBER = re.compile(rb"\d+")
_NUMBERS = (b"0", b"-1", b"1", b"4294967296", b"99999999999999999999", b"2147483647", b"0.0000000001")
_NAMES = (b"/Kids", b"/Parent", b"/Count", b"/Length", b"/Type", b"/Pages", b"/Root", b"/Filter", b"/Size", b"/Prev")

Mutation = Callable[[bytearray, random.Random, Sequence[bytes]], None]


def flip(content: bytearray, chance: random.Random, others: Sequence[bytes]) -> None:
    """Some bits turned over."""
    del others
    for _ in range(chance.choice((1, 2, 8, 64))):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)


def flip_head(content: bytearray, chance: random.Random, others: Sequence[bytes]) -> None:
    """Bytes of the beginning, where most is decided, replaced."""
    del others
    for _ in range(chance.randint(1, 6)):
        content[chance.randrange(min(256, len(content)))] = chance.randrange(256)


def cut(content: bytearray, chance: random.Random, others: Sequence[bytes]) -> None:
    """The end is missing."""
    del others
    del content[chance.randrange(1, len(content)) :]


def lose(content: bytearray, chance: random.Random, others: Sequence[bytes]) -> None:
    """A piece of the middle is missing."""
    del others
    at = chance.randrange(len(content))
    del content[at : at + chance.randint(1, 400)]


def blank(content: bytearray, chance: random.Random, others: Sequence[bytes]) -> None:
    """A piece is zeros, as of a block that was never written."""
    del others
    at, length = chance.randrange(len(content)), chance.choice((16, 128, 512))
    content[at : at + length] = bytes(len(content[at : at + length]))


def repeat(content: bytearray, chance: random.Random, others: Sequence[bytes]) -> None:
    """A piece comes again and again."""
    del others
    at = chance.randrange(len(content))
    content[at:at] = content[at : at + chance.randint(1, 300)] * chance.choice((1, 3, 50))


def splice(content: bytearray, chance: random.Random, others: Sequence[bytes]) -> None:
    """It goes on as another file."""
    other = chance.choice(others)
    content[chance.randrange(1, len(content)) :] = other[chance.randrange(len(other)) :]


def graft(content: bytearray, chance: random.Random, others: Sequence[bytes]) -> None:
    """A piece of another file lies within it."""
    other = chance.choice(others)
    at, start = chance.randrange(len(content)), chance.randrange(len(other))
    content[at:at] = other[start : start + chance.randint(10, 3000)]


def renumber(content: bytearray, chance: random.Random, others: Sequence[bytes]) -> None:
    """A number, in binary or in digits, is one that programs stumble over."""
    del others
    if chance.random() < 0.5 and (found := list(_NUMBER.finditer(content))):
        for one in sorted(chance.sample(found, min(3, len(found))), key=lambda one: -one.start()):
            content[one.start() : one.end()] = chance.choice(_NUMBERS)
        return
    for _ in range(3):
        width, order = chance.choice((1, 2, 4)), chance.choice(("big", "little"))
        at = chance.randrange(len(content))
        value = chance.choice(_INTERESTING) & (1 << 8 * width) - 1
        content[at : at + width] = value.to_bytes(width, "big" if order == "big" else "little")


def rename(content: bytearray, chance: random.Random, others: Sequence[bytes]) -> None:
    """Names of a PDF changed for others; bits turned over in what has none."""
    present = [name for name in _NAMES if name in content]
    if not present:
        flip(content, chance, others)
        return
    old, new = chance.choice(present), chance.choice(_NAMES)
    content[:] = content.replace(old, new, chance.choice((1, 2, -1)))


MUTATIONS: tuple[Mutation, ...] = (flip, flip_head, cut, lose, blank, repeat, splice, graft, renumber, rename)


def damaged(content: bytes, seed: str, others: Sequence[bytes]) -> bytes:
    """The file after one to three kinds of damage."""
    chance = random.Random(seed)
    made = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 3))):
        if made:
            chance.choice(MUTATIONS)(made, chance, others)
    return bytes(made[:1_400_000])
