"""The regency's units as letters name them. Invariant: a unit is found only where it is clearly nearer than any other.

A name is a bag of words, and a rare word says more than a frequent one: in ``Dinas Perhubungan`` it is the second that
tells which. Words are compared as they look, so that a misread letter does not hide them.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from services.contracts.routing import PositionChanged, UnitChanged
from services.intake.domain.suggestions.abbreviations import EMPTY, KINDS, OFFICES, TITLES
from services.intake.domain.suggestions.spelling import folded
from services.intake.domain.suggestions.suggested import Named

LEADING = ("bupati", "wali kota", "walikota")
ENOUGH = 0.62
"""A unit that resembles the words less is not meant."""
HEADING = frozenset({"dinas", "badan", "pelaksana", "direktur", "inspektur", "sekretaris", "ketua"})
"""What may stand before an abbreviated name."""
WORTH_A_LOOK = 0.4
PLACES = frozenset({"village", "ward", "district"})
SAME_WORD = 82
LONGEST = 200


@dataclass(frozen=True)
class Match:
    """A unit that some words name, and how sure that is."""

    unit: Named
    kind: str
    confidence: float


@dataclass(frozen=True)
class _Entry:
    unit: Named
    kind: str
    words: frozenset[str]


class Directory:
    """Finds units by what letters call them. Built once for many letters."""

    def __init__(self, units: Iterable[UnitChanged], heads: Iterable[PositionChanged] = ()) -> None:
        known = [one for one in units if one.active]
        self.regency = _regency(known)
        self._drop = frozenset(("kabupaten", "pemerintah", *self.regency.split()))
        titles = {(one.unit_id, one.title) for one in heads if one.active}
        by_id = {one.unit_id: one for one in known}
        named = [(one, one.name) for one in known]
        named += [(by_id[unit_id], title) for unit_id, title in sorted(titles) if unit_id in by_id]
        self._entries = [self._entry(unit, name) for unit, name in named]
        self._having: dict[str, list[int]] = {}
        for index, entry in enumerate(self._entries):
            for word in entry.words:
                self._having.setdefault(word, []).append(index)
        total = len(self._entries) + 1
        self._weight = {word: math.log(1 + total / len(having)) for word, having in self._having.items()}
        self._vocabulary = sorted(self._weight)
        self._new = math.log(1 + total)
        self._acronyms = {short: entry for entry in self._entries for short in _initials(entry.unit.name)}
        self.find = lru_cache(maxsize=2048)(self._find)

    def _entry(self, unit: UnitChanged, name: str) -> _Entry:
        words = self._words(name)
        if unit.kind == "leadership":
            # "Bupati" and "Wakil Bupati" differ by a title, and have nothing else to tell them by.
            words = frozenset(folded(name).split())
        return _Entry(Named(unit.unit_id, unit.name), unit.kind, words)

    def _words(self, text: str) -> frozenset[str]:
        said = f" {expanded(text)} "
        for level in ("kabupaten", "kota"):
            said = said.replace(f" {level} {self.regency} ", " ")
        words = frozenset(one for one in said.split() if one not in EMPTY)
        # "Dinas Perhubungan Klungkung" has the regency's name for nothing; "Camat Klungkung" has nothing else.
        return words - self._drop or words - {"kabupaten", "pemerintah"}

    def _find(self, text: str) -> Match | None:
        """The unit these words name, or None: for none, and for two that are equally near."""
        said = folded(text[:LONGEST])
        kinds = _kinds(expanded(said))
        by_name = self._acronym(said)
        if by_name:
            return Match(by_name.unit, by_name.kind, 0.9)
        wanted = self._words(said)
        if kinds == {"leadership"}:
            wanted = frozenset(one for one in expanded(said).split() if one not in ("bapak", "ibu", "yth", "kabupaten"))
        if not wanted or (not kinds and wanted <= frozenset(self.regency.split())):
            return None
        ranked = self._ranked(wanted, kinds)
        if not ranked or ranked[0][0] < ENOUGH:
            return None
        best, entry = ranked[0]
        second = next((score for score, other in ranked[1:] if other.unit != entry.unit), 0.0)
        margin = best - second
        if margin < 0.03:
            return None
        sure = min(best, 0.55 + 2 * margin) if margin < 0.2 else best
        # A place that is named without saying that its office is meant is where something is, or somebody lives.
        return Match(entry.unit, entry.kind, sure if kinds or entry.kind not in PLACES else 0.5 * sure)

    def _ranked(self, wanted: frozenset[str], kinds: frozenset[str]) -> list[tuple[float, _Entry]]:
        """The units with a word of these, the nearest first."""
        met = {word: self._near(word) for word in wanted}
        found = {index for near in met.values() for word in near for index in self._having[word]}
        scored = []
        for index in found:
            entry = self._entries[index]
            if kinds and entry.kind not in kinds:
                continue
            score = self._score(met, entry.words)
            if score > WORTH_A_LOOK:
                scored.append((score, entry))
        return sorted(scored, key=lambda one: -one[0])

    def _near(self, word: str) -> dict[str, float]:
        """The words of names that this one is or resembles, and how much."""
        if word in self._weight:
            return {word: 1.0}
        if len(word) < 4:
            return {}
        like = process.extract(word, self._vocabulary, scorer=fuzz.ratio, score_cutoff=SAME_WORD, limit=5)
        return {known: score / 100 for known, score, _ in like}

    def _score(self, met: dict[str, dict[str, float]], words: frozenset[str]) -> float:
        """How much of what is said is in the name, and a little how much of the name is said."""
        got, asked, used = 0.0, 0.0, set()
        for word, near in met.items():
            best = max((one for one in near if one in words), key=lambda one: near[one], default=None)
            weight = self._weight.get(best or word, self._new)
            asked += weight
            if best:
                got += weight * near[best]
                used.add(best)
        named = sum(self._weight[word] for word in words)
        return 0.78 * got / asked + 0.22 * sum(self._weight[word] for word in used) / named

    def _acronym(self, said: str) -> _Entry | None:
        words = [one for one in said.split() if one not in EMPTY and one not in self._drop and one not in TITLES]
        words = [one for one in words if one not in HEADING] or words
        return self._acronyms.get(words[0]) if len(words) == 1 else None


def expanded(text: str) -> str:
    """The words with abbreviations spelt out."""
    words = [TITLES.get(one, one) for one in folded(text).split()]
    return " ".join(OFFICES.get(one, one) for one in " ".join(words).split()).strip()


def _kinds(said: str) -> frozenset[str]:
    words = said.split()
    while words and words[0] in ("bapak", "bpk", "ibu", "yth", "sdr", "saudara", "plt", "plh", "pj", "para", "kepada"):
        words.pop(0)
    said = " ".join(words)
    return next((kinds for begin, kinds in KINDS if said.startswith(begin)), frozenset())


def _initials(name: str) -> Iterable[str]:
    """``Badan Kepegawaian dan Pengembangan …`` is BKP…; a Dinas is often called without its D."""
    words = [one for one in folded(name).split() if one not in ("dan", "serta")]
    letters = "".join(one[0] for one in words)
    return [one for one in (letters, letters[1:] if words[:1] == ["dinas"] else "") if len(one) >= 3]


def _regency(units: Sequence[UnitChanged]) -> str:
    """What the regency is called: ``klungkung``, of the unit ``Bupati Klungkung``; empty where no unit says it."""
    for unit in units:
        name = folded(unit.name)
        for title in LEADING:
            if unit.kind == "leadership" and name.startswith(title + " "):
                return name.removeprefix(title).removeprefix(" kabupaten").strip()
    return ""
