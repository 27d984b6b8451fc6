"""Proposed addressees: what rules say, then what was learned. Invariant: each place is proposed once, with every reason
for it, and the same letter is proposed the same places.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Literal

from services.contracts.vocabulary import Party
from services.routing.domain.mention import Key, KnownPlace, Mention, Role
from services.routing.domain.routing_rule import Reason

Source = Literal["rule", "learned", "both"]


@dataclass(frozen=True)
class RuleHit:
    """A place a rule names for the letter. ``automatic``: the rule brings it there by itself."""

    mention: Mention
    place: KnownPlace
    reason: Reason
    automatic: bool


@dataclass(frozen=True)
class LearnedHit:
    """A place letters like this went to."""

    mention: Mention
    place: KnownPlace
    confidence: float
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Proposal:
    """A place, why, and how sure; a rule is not more or less sure, so it has no confidence."""

    party: Party
    role: Role
    source: Source
    reasons: tuple[str, ...]
    confidence: float | None = None
    automatic: bool = False


@dataclass(frozen=True)
class Elsewhere:
    """Where a letter need not be proposed to: where it lies or lay, and the unit it comes from."""

    keys: Collection[Key] = ()
    unit_id: str | None = None

    def holds(self, place: KnownPlace) -> bool:
        """Whether the place is one of them."""
        return place.unit_id == self.unit_id or (place.kind, place.id) in self.keys


def proposals(by_rule: Iterable[RuleHit], learned: Iterable[LearnedHit], elsewhere: Elsewhere) -> list[Proposal]:
    """Rules in their order first, then what was learned, the surest first. ``by_rule`` and ``learned`` are in order."""
    found: dict[Key, Proposal] = {}
    for hit in by_rule:
        if not elsewhere.holds(hit.place):
            found[hit.mention.key] = _with_rule(found.get(hit.mention.key), hit)
    for one in learned:
        if not elsewhere.holds(one.place):
            found[one.mention.key] = _with_learned(found.get(one.mention.key), one)
    return list(found.values())


def _with_rule(known: Proposal | None, hit: RuleHit) -> Proposal:
    sentence = hit.reason.sentence
    if known is None:
        return Proposal(hit.place.party, hit.mention.role, "rule", (sentence,), automatic=hit.automatic)
    role: Role = "addressee" if "addressee" in (known.role, hit.mention.role) else "copy"
    reasons = tuple(dict.fromkeys((*known.reasons, sentence)))
    return replace(known, role=role, reasons=reasons, automatic=known.automatic or hit.automatic)


def _with_learned(known: Proposal | None, hit: LearnedHit) -> Proposal:
    confidence = round(hit.confidence, 2)
    if known is None:
        return Proposal(hit.place.party, hit.mention.role, "learned", hit.reasons, confidence)
    if known.confidence is not None:  # learned in both roles: the surer one came first
        return known
    return replace(known, source="both", reasons=(*known.reasons, *hit.reasons), confidence=confidence)
