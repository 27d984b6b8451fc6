"""The words that occur in letters, and how often. Invariant: a word is in it only if people typed it or if several
letters have it, so that what character recognition made of a smudge is neither offered nor counted.

It answers which words begin with some letters, and which are nearly the one asked for.
"""

import bisect
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TypeAlias

from rapidfuzz import process
from rapidfuzz.distance import OSA

ADMITTED_FROM = 3
"""In how many letters' scans a word must have been read to count as one."""
KEPT = 60_000
MOST_WAITING = 100_000
"""Words that few letters have are forgotten now and then: most of them are smudges."""
LONG = 8
"""From this many letters on, two slips are forgiven instead of one."""
SHORTEST_FORGIVEN = 4
SHORTEST_SLIP = 5
ESTABLISHED = 8
RARE = 2
_CONFUSED = (("rn", "m"), ("vv", "w"), ("cl", "d"))
_ALIKE = str.maketrans("0158i", "olsbl")
_OFFERED = re.compile(r"[^\W\d_]{2,30}|\d{1,4}")

Heard: TypeAlias = Mapping[str, tuple[int, bool]]
"""Per word in how many letters it was met, and whether people typed it in one."""


def skeleton(form: str) -> str:
    """The word as character recognition cannot tell it apart: rn is m, 0 is o, 1 and i are l."""
    for seen, meant in _CONFUSED:
        form = form.replace(seen, meant)
    return form.translate(_ALIKE)


def allowed_slips(form: str) -> int:
    """How many letters may differ."""
    if len(form) < SHORTEST_FORGIVEN or form.isdigit():
        return 0
    return 1 if len(form) < LONG else 2


def is_nearly(form: str, other: str) -> bool:
    """Whether one may be a slip for the other."""
    allowed = allowed_slips(max(form, other, key=len))
    return allowed > 0 and OSA.distance(skeleton(form), skeleton(other), score_cutoff=allowed) <= allowed


MOST_ALIKE = 2_000
"""How many words of one length and one end slips are looked for among: a language has far fewer, noise has no end."""


class Lexicon:
    """The words of one regency's letters."""

    def __init__(self, kept: Mapping[str, int] | None = None) -> None:
        self._counts: dict[str, int] = {}
        self._sorted: list[str] = []
        self._near: dict[tuple[int, str], tuple[list[str], list[str]]] = {}
        self._waiting: Counter[str] = Counter()
        for form, count in (kept or {}).items():
            self._admit(form, count)
        self._sorted = sorted(self._counts)

    def hear(self, heard: Heard) -> None:
        """Count words of further letters."""
        for form, (count, typed) in heard.items():
            if form in self._counts:
                self._counts[form] += count
            elif _OFFERED.fullmatch(form):
                if len(self._waiting) >= MOST_WAITING:
                    self._waiting.clear()
                self._waiting[form] += count
                if typed or self._waiting[form] >= ADMITTED_FROM:
                    self._admit(form, self._waiting.pop(form))
                    bisect.insort(self._sorted, form)

    def starting_with(self, prefix: str, limit: int) -> list[str]:
        """The commonest words that begin so."""
        start = bisect.bisect_left(self._sorted, prefix)
        end = bisect.bisect_left(self._sorted, prefix + "\U0010ffff", lo=start)
        return sorted(self._sorted[start:end], key=lambda form: -self._counts[form])[:limit]

    def nearly(self, form: str, limit: int) -> list[str]:
        """The words this one may be a slip for, the nearest and commonest first; not the word itself."""
        allowed = allowed_slips(form)
        if not allowed:
            return []
        found: dict[str, tuple[int, int]] = {}
        for other, slips in self._candidates(skeleton(form), allowed):
            # The skeletons tell what recognition confuses, the words themselves what fingers do.
            found[other] = (slips + OSA.distance(form, other), -self._counts[other])
        found.pop(form, None)
        return sorted(found, key=lambda other: found[other])[:limit]

    def meant_by(self, form: str) -> str | None:
        """The established word that a rare one is in all likelihood a slip for, or None."""
        if len(form) < SHORTEST_SLIP or self._counts.get(form, 0) > RARE or form.isdigit():
            return None
        nearest = self.nearly(form, 1)
        return nearest[0] if nearest and self._counts[nearest[0]] >= ESTABLISHED else None

    def commonest(self, limit: int) -> list[str]:
        """The words most letters have, the commonest first."""
        return [form for form, _ in Counter(self._counts).most_common(limit)]

    def kept(self) -> dict[str, int]:
        """The commonest words, as ``Lexicon(kept)`` takes them."""
        return {form: self._counts[form] for form in self.commonest(KEPT)}

    def _admit(self, form: str, count: int) -> None:
        self._counts[form] = count
        if form.isdigit() or len(form) < SHORTEST_FORGIVEN:
            return
        bare = skeleton(form)
        for end in _ends(bare):
            skeletons, forms = self._near.setdefault((len(bare), end), ([], []))
            if len(forms) < MOST_ALIKE:
                skeletons.append(bare)
                forms.append(form)

    def _candidates(self, bare: str, allowed: int) -> Iterator[tuple[str, int]]:
        """Words of about this length that begin or end alike, with how many slips lie between the skeletons."""
        for length in range(len(bare) - allowed, len(bare) + allowed + 1):
            for end in _ends(bare):
                skeletons, forms = self._near.get((length, end), ((), ()))
                near = process.extract(bare, skeletons, scorer=OSA.distance, score_cutoff=allowed, limit=None)
                yield from ((forms[place], int(slips)) for _, slips, place in near)


def _ends(bare: str) -> tuple[str, str]:
    """What a word is looked up by: a slip or two seldom hit its first letter and its last."""
    return f"{bare[0]}_", f"_{bare[-1]}"
