"""What is answered about letters, branches and tracks."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel

from services.contracts.vocabulary import Actor, Capacity, Category, Confidentiality, Party, Urgency
from services.routing.domain.assignment import display_title
from services.routing.domain.branch import Act, Branch, State
from services.routing.domain.letter import Status
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


class BranchView(BaseModel):
    """One way a letter goes, and how far it has come on it."""

    id: str
    letter_id: str
    role: Literal["addressee", "copy"]
    unit: UnitRef
    position_id: str | None
    position_title: str | None
    state: State
    since: datetime
    read: ActView | None
    received: ActView | None
    version: int


class LetterView(BaseModel):
    """Enough of a letter to list it."""

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
    sender: Party


class InboxItemView(BaseModel):
    """Something that lies with the caller, and why."""

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
    seconds_since_previous: float | None


class TrackView(BaseModel):
    """A letter's way: where it is, who must act, and every step so far."""

    letter: LetterView
    status: Status
    registered_at: datetime
    delivered_at: datetime
    branches: list[TrackedBranchView]
    timeline: list[StepView]


def actor_view(actor: Actor) -> ActorView:
    """The answer for an actor."""
    return ActorView(
        person_name=actor.person_name,
        position_title=actor.position_title,
        capacity=actor.capacity,
        display=display_title(actor.position_title, actor.capacity),
    )


def act_view(act: Act | None) -> ActView | None:
    """The answer for an act, where there was one."""
    return ActView(actor=actor_view(act.actor), at=act.at) if act else None


def branch_view(branch: Branch) -> BranchView:
    """The answer for a branch."""
    return BranchView(
        id=branch.id,
        letter_id=branch.letter_id,
        role=branch.role,
        unit=UnitRef(id=branch.unit_id, name=branch.unit_name),
        position_id=branch.position_id,
        position_title=branch.position_title,
        state=branch.state,
        since=branch.since,
        read=act_view(branch.read),
        received=act_view(branch.received),
        version=branch.version,
    )


def letter_view(letter_id: str, summary: LetterSummary) -> LetterView:
    """The answer for a letter."""
    return LetterView(id=letter_id, sender=summary.sender, **summary.model_dump(exclude={"sender"}))
