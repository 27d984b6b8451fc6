"""The archive classification (klasifikasi arsip, Permendagri 83/2022). Invariant: a code that was ever in the catalogue
stays in it, retired where it is used no more, so that what was filed under it can always be named.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

CODE = re.compile(r"[0-9]{3}(\.[0-9]{1,3}){0,5}")
MAIN_GROUPS: Mapping[str, str] = {
    "000": "Umum",
    "100": "Pemerintahan",
    "200": "Politik",
    "300": "Keamanan dan Ketertiban",
    "400": "Kesejahteraan Rakyat",
    "500": "Perekonomian",
    "600": "Pekerjaan Umum dan Ketenagaan",
    "700": "Pengawasan",
    "800": "Kepegawaian",
    "900": "Keuangan",
}
"""What a regency begins with; the codes below them are brought in from a file."""


@dataclass(frozen=True)
class ClassEntry:
    """A code and what it stands for."""

    code: str
    name: str
    retired: bool = False


def above(code: str) -> list[str]:
    """The codes a code may stand under, the nearest first: ``621`` under ``620``, and where there is none ``600``."""
    head, _, last = code.rpartition(".")
    if head:
        return [head]
    nearest = (f"{last[:2]}0", f"{last[0]}00")
    return [one for one in dict.fromkeys(nearest) if one != code]


def sort_key(code: str) -> tuple[tuple[int, str], ...]:
    """``000.2`` comes before ``000.10``, and no two codes come at the same place."""
    return tuple((int(part), part) for part in code.split("."))


@dataclass(frozen=True)
class Classification:
    """A version of the catalogue. Version 0 is what a regency begins with."""

    version: int
    entries: Mapping[str, ClassEntry]

    @classmethod
    def of(cls, version: int, entries: Iterable[ClassEntry]) -> "Classification":
        """The catalogue with these entries, in order."""
        ordered = sorted(entries, key=lambda one: sort_key(one.code))
        return cls(version, {one.code: one for one in ordered})

    @property
    def complete(self) -> bool:
        """Whether a code that is not in it is wrong; before anything was brought in, nobody can tell."""
        return self.version > 0

    def parent(self, code: str) -> str | None:
        """The code this one stands under, or None."""
        return next((one for one in above(code) if one in self.entries), None)

    @cached_property
    def children(self) -> Counter[str | None]:
        """How many codes in use stand right under each; under None, the main groups."""
        return Counter(self.parent(code) for code, entry in self.entries.items() if not entry.retired)

    def find(
        self, words: str | None, under: str | None, *, main: bool = False, retired: bool = False
    ) -> list[ClassEntry]:
        """Those that fit, in order: by the beginning of the code or by every word of the name; right under a code."""
        wanted = (words or "").casefold().split()
        return [
            entry
            for entry in self.entries.values()
            if (retired or not entry.retired)
            and (under is None or self.parent(entry.code) == under)
            and (not main or self.parent(entry.code) is None)
            and _fits(entry, wanted)
        ]


def page_after(entries: Sequence[ClassEntry], code: str | None, limit: int) -> tuple[list[ClassEntry], str | None]:
    """The entries that come after a code, and where to go on."""
    behind = (*sort_key(code), (-1, "")) if code else ()
    start = bisect_left(entries, behind, key=lambda one: sort_key(one.code))
    page = list(entries[start : start + limit])
    return page, (page[-1].code if start + limit < len(entries) else None)


def _fits(entry: ClassEntry, wanted: Sequence[str]) -> bool:
    name = entry.name.casefold()
    return all(entry.code.startswith(word) or word in name for word in wanted)


FIRST = Classification.of(0, (ClassEntry(code, name) for code, name in MAIN_GROUPS.items()))
