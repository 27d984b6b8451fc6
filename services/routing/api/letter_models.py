"""What is answered about letters, branches and tracks."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel

from services.chassis.clock import now
from services.contracts.vocabulary import (
    Actor,
    Capacity,
    Category,
    Confidentiality,
    LetterOutcome,
    LinkRelation,
    Party,
    Urgency,
)
from services.projections.titles import display_title
from services.routing.commands.list_box import BoxItem
from services.routing.domain.branch import Act, Branch, ReasonedAct, State
from services.routing.domain.letter import Status
from services.routing.domain.reason import why
from services.routing.domain.summary import LetterSummary
from services.routing.domain.track import What


class ActorView(BaseModel):
    """Who did it; ``display`` is the title with the capacity before it: "Plt. Kepala Dinas PU"."""

    person_name: str
    position_title: str
    capacity: Capacity
    display: str


class ActView(BaseModel):
    """Who did it, and when."""

    actor: ActorView
    at: datetime


class UnitRef(BaseModel):
    """A unit, named."""

    id: str
    name: str


class ReasonedView(ActView):
    """An act that was explained."""

    reason: str


class RedirectionView(ReasonedView):
    """``branch_id`` is the way the letter went instead."""

    branch_id: str


class ClosingView(ActView):
    """What became of the letter on this branch."""

    outcome: LetterOutcome
    note: str | None


class FilingView(ActView):
    """Where the paper lies."""

    place: str | None


class BranchView(BaseModel):
    """One way a letter goes, and how far it has come on it. ``external_name``: it goes out of the house."""

    id: str
    letter_id: str
    role: Literal["addressee", "copy"]
    unit: UnitRef
    position_id: str | None
    position_title: str | None
    external_name: str | None
    rule: str | None
    state: State
    since: datetime
    due_at: datetime | None
    overdue: bool
    read: ActView | None
    received: ActView | None
    returned: ReasonedView | None
    redirected: RedirectionView | None
    recalled: ReasonedView | None
    closed: ClosingView | None
    reopened: ReasonedView | None
    filed: FilingView | None
    version: int


class LetterView(BaseModel):
    """Enough of a letter to list it. ``training``: entered to practise; ``voided``: its registration is void."""

    id: str
    agenda_number: int
    year: int
    tracking_code: str
    subject: str
    kind: str
    category: Category
    urgency: Urgency
    confidentiality: Confidentiality
    letter_number: str | None
    letter_date: date | None
    received_on: date
    classification: str | None
    sender: Party
    training: bool
    voided: bool


class BoxItemView(BaseModel):
    """Something that stands in a box of the caller's, and why."""

    branch_id: str
    letter_id: str
    branch: BranchView
    letter: LetterView
    urgency: Urgency
    sender: Party
    since: datetime
    why: str


class PostView(BaseModel):
    """A position, and who is in charge of it today."""

    position_id: str
    title: str
    unit_name: str
    person_name: str | None
    display: str


class TrackedBranchView(BranchView):
    """A branch with those it waits for."""

    who_must_act: list[PostView]
    coordinating: list[PostView]


class StepView(BaseModel):
    """One thing that happened; ``label`` is for people, ``what`` for programs."""

    at: datetime
    what: What
    label: str
    actor: ActorView | None
    unit: str | None
    detail: str | None
    note: str | None
    seconds_since_previous: float | None


class LinkView(BaseModel):
    """A linked letter; those that the caller may not read are left out."""

    other_id: str
    relation: LinkRelation
    inverse: bool
    letter: LetterView
    status: Status


class AgendaItemView(BaseModel):
    """A request for a leader's presence that came of the letter."""

    request_id: str
    title: str
    leader_title: str
    status: Literal["submitted", "approved", "declined"]
    place: str | None
    starts_at: datetime | None
    ends_at: datetime | None
    reason: str | None


class TrackView(BaseModel):
    """A letter's way: where it is, who must act, and every step so far. ``voided``: who declared it void, and why."""

    letter: LetterView
    status: Status
    registered_at: datetime
    delivered_at: datetime
    completed_at: datetime | None
    outcome: LetterOutcome | None
    voided: ReasonedView | None
    branches: list[TrackedBranchView]
    agenda: list[AgendaItemView]
    linked: list[LinkView]
    timeline: list[StepView]


def actor_view(actor: Actor) -> ActorView:
    """The answer for an actor."""
    return ActorView(
        person_name=actor.person_name,
        position_title=actor.position_title,
        capacity=actor.capacity,
        display=display_title(actor.position_title, actor.capacity),
    )


def branch_view(branch: Branch) -> BranchView:
    """The answer for a branch."""
    return BranchView(
        id=branch.id,
        letter_id=branch.letter_id,
        role=branch.role,
        unit=UnitRef(id=branch.unit_id, name=branch.unit_name),
        position_id=branch.position_id,
        position_title=branch.position_title,
        external_name=branch.external_name,
        rule=branch.rule,
        state=branch.state,
        since=branch.since,
        due_at=branch.due_at,
        overdue=branch.is_open and branch.due_at is not None and branch.due_at < now(),
        version=branch.version,
        **_acts(branch),
    )


def _acts(branch: Branch) -> dict[str, Any]:
    """What was done on a branch, each with who did it."""
    names = ("read", "received", "returned", "redirected", "recalled", "closed", "reopened", "filed")
    return {name: _act_fields(getattr(branch, name)) for name in names}


def _act_fields(act: Act | None) -> dict[str, Any] | None:
    if act is None:
        return None
    said = act.model_dump(exclude={"actor", "at", "over"})
    return {"actor": actor_view(act.actor), "at": act.at, **said}


def box_item_view(item: BoxItem) -> BoxItemView:
    """The answer for an item of a box."""
    branch, held = item.branch, item.held
    return BoxItemView(
        branch_id=branch.id,
        letter_id=branch.letter_id,
        branch=branch_view(branch),
        letter=letter_view(branch.letter_id, branch.letter),
        urgency=branch.letter.urgency,
        sender=branch.letter.sender,
        since=branch.since,
        why=why(branch, held.position_id, held.title, held.capacity),
    )


def reasoned_view(act: ReasonedAct | None) -> ReasonedView | None:
    """The answer for an act that was explained."""
    return ReasonedView(actor=actor_view(act.actor), at=act.at, reason=act.reason) if act else None


def letter_view(letter_id: str, summary: LetterSummary) -> LetterView:
    """The answer for a letter."""
    return LetterView(id=letter_id, sender=summary.sender, **summary.model_dump(exclude={"sender"}))
