"""Whom to offer for a disposition, the most natural first. Invariant: what is offered is what the server accepts: the
positions below whoever disposes, and those that were named as its peers.

Natural is who got similar letters from this position before, then its secretary, then those right below it, then those
further down, then peers; those who run an office rather than do its work come a step later.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from services.contracts.routing import PositionChanged
from services.disposition.domain.finding import plain, words_of

Relation = Literal["secretary", "direct", "indirect", "peer"]
SENDER, KIND, CATEGORY = 3, 2, 1
"""How alike two letters are that share this."""
SIMILAR = 2
"""From how alike on a letter is called similar."""
DOUBT = 4
"""So much likeness is missing before what was done once is taken for a habit."""
HABIT = 2.0
SECRETARY, DIRECT, PEER = 0.8, 0.3, 0.05
SERVING_SHARE = 0.4
SERVING = frozenset({"registrar", "personal_secretary", "aide", "archivist", "unit_admin", "regency_admin", "auditor"})


@dataclass(frozen=True)
class Traits:
    """What letters are compared by."""

    sender: str
    kind: str
    category: str

    def likeness(self, other: "Traits") -> int:
        """How alike two letters are; "other" says nothing of a letter."""
        shared = (plain(self.sender) == plain(other.sender)) * SENDER + (self.kind == other.kind) * KIND
        return shared + (self.category == other.category != "other") * CATEGORY


@dataclass(frozen=True)
class Given:
    """What a position once gave: about what letter, and to whom."""

    letter: Traits
    position_ids: tuple[str, ...]


@dataclass(frozen=True)
class Habit:
    """By position, what share of similar letters it got, and how many it was."""

    shares: dict[str, float]
    times: dict[str, int]


@dataclass(frozen=True)
class Candidate:
    """A position to offer, and why: ``similar`` counts the similar letters it got before, ``depth`` the steps down."""

    position: PositionChanged
    relation: Relation
    depth: int
    similar: int
    score: float

    @property
    def reason(self) -> str:
        """Why it is offered, for people."""
        if self.similar:
            return f"Sudah {self.similar} kali menerima surat serupa dari Anda."
        if self.relation == "secretary":
            return "Sekretaris Anda."
        if self.relation == "direct":
            return "Bawahan langsung Anda."
        if self.relation == "peer":
            return "Ditetapkan sebagai rekan yang boleh Anda beri disposisi."
        return f"Bawahan Anda, {self.depth} tingkat di bawah."


def habit_of(letter: Traits, given: Iterable[Given]) -> Habit:
    """Who got letters like this one."""
    times: Counter[str] = Counter()
    likeness: dict[str, int] = defaultdict(int)
    total = 0
    for one in given:
        alike = letter.likeness(one.letter)
        total += alike
        for position_id in one.position_ids:
            likeness[position_id] += alike
            times[position_id] += alike >= SIMILAR
    return Habit({one: alike / (total + DOUBT) for one, alike in likeness.items()}, dict(times))


def candidates(issuer_id: str, positions: Iterable[PositionChanged], habit: Habit) -> list[Candidate]:
    """The positions as candidates of this issuer, the most natural first."""
    found = [_candidate(issuer_id, one, habit) for one in positions if one.position_id != issuer_id]
    return sorted(found, key=lambda one: (-one.score, one.depth, one.position.title, one.position.position_id))


def matching(found: Sequence[Candidate], text: str | None) -> list[Candidate]:
    """Those that all the words speak of, by title or unit."""
    words = words_of(text)
    return [one for one in found if all(word in _named(one.position) for word in words)]


def _candidate(issuer_id: str, position: PositionChanged, habit: Habit) -> Candidate:
    below = issuer_id in position.superiors
    depth = position.superiors.index(issuer_id) + 1 if below else 0
    relation: Relation = "peer"
    if below:
        relation = "indirect" if depth > 1 else "secretary" if _assists(position) else "direct"
    base = {"secretary": SECRETARY, "direct": DIRECT, "indirect": DIRECT / max(depth, 1), "peer": PEER}[relation]
    here = base * (SERVING_SHARE if position.role in SERVING else 1.0)
    score = here + HABIT * habit.shares.get(position.position_id, 0.0)
    return Candidate(position, relation, depth, habit.times.get(position.position_id, 0), round(score, 6))


def _assists(position: PositionChanged) -> bool:
    """Whether it is the secretary: of an office, or the one who leads the regency's secretariat."""
    return position.role == "secretary" or (position.unit_kind == "secretariat" and position.role == "head")


def _named(position: PositionChanged) -> str:
    return plain(f"{position.title} {position.unit_name}")
