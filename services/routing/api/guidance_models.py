"""What is answered about distribution lists, routing rules and proposals."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from services.contracts.vocabulary import Actor, Party
from services.routing.api.letter_models import ActorView, actor_view
from services.routing.domain.distribution_list import DistributionList
from services.routing.domain.learning import Run
from services.routing.domain.mention import Mention
from services.routing.domain.proposal import Proposal, Source
from services.routing.domain.routing_rule import Conditions, Mode, RoutingRule
from services.routing.store.routing_rules import RuleChange


class DistributionListView(BaseModel):
    """A list; without ``owner_unit_id`` it is the regency's."""

    id: str
    name: str
    description: str | None
    owner_unit_id: str | None
    members: tuple[Mention, ...]
    retired: bool
    version: int


class PartiesView(BaseModel):
    """A list's places as parties of a letter; ``skipped`` are those in use no more."""

    addressees: tuple[Party, ...]
    copies: tuple[Party, ...]
    skipped: tuple[Party, ...]


class RoutingRuleView(BaseModel):
    """A rule."""

    id: str
    name: str
    conditions: Conditions
    destinations: tuple[Mention, ...]
    mode: Mode
    active: bool
    priority: int
    retired: bool
    version: int


class RuleChangeView(BaseModel):
    """A rule as somebody made it at some time; ``actor`` where they held a position."""

    at: datetime
    what: Literal["created", "changed", "retired"]
    person_name: str
    actor: ActorView | None
    rule: RoutingRuleView


class TrialView(BaseModel):
    """How a rule would have fared: ``letters`` are those of the hits that the caller may read."""

    looked_at: int
    hits: int
    letters: list[str]


class ProposalView(BaseModel):
    """A proposed place; ``automatic`` where a rule brings the letter there by itself."""

    party: Party
    role: Literal["addressee", "copy"]
    source: Source
    reasons: tuple[str, ...]
    confidence: float | None
    automatic: bool


class ProposalsView(BaseModel):
    """Proposed places: what rules say first, then what was learned, the surest first."""

    items: list[ProposalView]


class MeasuredView(BaseModel):
    """Shares between 0 and 1, over ``held_out`` letters later than those learned from; see the decision page."""

    held_out: int
    top1: float
    top3: float
    coverage: float
    precision: float
    baseline_top1: float
    baseline_top3: float


class LearnedModelView(BaseModel):
    """The last time of learning. ``used`` is false where it was of no use: then nothing is suggested from it."""

    version: int
    trained_at: datetime
    used: bool
    letters: int
    places: int
    words: int
    weights: int
    seconds: float
    threshold: float
    measured: MeasuredView | None


def list_view(one: DistributionList) -> DistributionListView:
    """The answer for a list."""
    return DistributionListView(**one.model_dump())


def rule_view(rule: RoutingRule) -> RoutingRuleView:
    """The answer for a rule."""
    return RoutingRuleView(**rule.model_dump())


def change_view(change: RuleChange) -> RuleChangeView:
    """The answer for a change of a rule."""
    return RuleChangeView(
        at=change.at,
        what=change.what,
        person_name=change.person_name,
        actor=_actor(change.actor),
        rule=rule_view(change.rule),
    )


def _actor(actor: Actor | None) -> ActorView | None:
    return actor_view(actor) if actor else None


def proposals_view(found: list[Proposal]) -> ProposalsView:
    """The answer for proposals."""
    return ProposalsView(
        items=[
            ProposalView(
                party=one.party,
                role=one.role,
                source=one.source,
                reasons=one.reasons,
                confidence=one.confidence,
                automatic=one.automatic,
            )
            for one in found
        ]
    )


def model_view(run: Run, threshold: float) -> LearnedModelView:
    """The answer for a time of learning."""
    return LearnedModelView(
        version=run.version,
        trained_at=run.trained_at,
        used=run.used,
        letters=run.letters,
        places=run.places,
        words=run.traits,
        weights=run.weights,
        seconds=run.seconds,
        threshold=threshold,
        measured=MeasuredView(**vars(run.measured)) if run.measured else None,
    )
