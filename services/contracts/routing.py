"""Events of routing: the organisation, and where each letter is.

Streams: ``unit/<id>``, ``position/<id>``, ``assignment/<id>`` carry whole states (the last one wins);
``letter/<id>`` carries what happened to a letter.
"""

from datetime import date
from typing import Literal

from pydantic import AwareDatetime

from services.contracts.event import Event, Fact
from services.contracts.vocabulary import Access, Actor, Capacity, Category, Occasion, Party, Urgency


class UnitChanged(Event, type="id.lontar.routing.unit.changed.v1", subject=("unit", "unit_id")):
    """A unit as it now is."""

    unit_id: str
    name: str
    kind: str
    parent_id: str | None = None
    active: bool = True


class PositionChanged(Event, type="id.lontar.routing.position.changed.v1", subject=("position", "position_id")):
    """A position as it now is. ``superiors`` are the ids from the direct superior up to the top."""

    position_id: str
    title: str
    unit_id: str
    unit_name: str
    unit_kind: str
    role: str
    superior_id: str | None = None
    superiors: tuple[str, ...] = ()
    active: bool = True


class AssignmentChanged(Event, type="id.lontar.routing.assignment.changed.v1", subject=("assignment", "assignment_id")):
    """A person's assignment as it now is, in force from ``starts_on`` through ``ends_on`` (local dates, inclusive)."""

    assignment_id: str
    person_id: str
    person_name: str
    position_id: str
    position_title: str
    unit_id: str
    unit_name: str
    role: str
    capacity: Capacity
    starts_on: date
    ends_on: date | None = None
    legal_basis: str | None = None


class Branch(Fact):
    """One way a letter goes: to a unit, as addressee or copy. ``holders`` are the positions that receive for it."""

    branch_id: str
    role: Literal["addressee", "copy"]
    unit_id: str
    unit_name: str
    position_id: str | None = None
    holders: tuple[str, ...]


class LetterDelivered(Event, type="id.lontar.routing.letter.delivered.v1", subject=("letter", "letter_id")):
    """The letter lies in the inbox of every addressee and copy. Carries what a reader needs to list it."""

    letter_id: str
    agenda_number: int
    year: int
    tracking_code: str
    subject: str
    kind: str
    category: Category
    urgency: Urgency
    sender: Party
    occasion: Occasion | None = None
    branches: tuple[Branch, ...]
    access: Access
    access_version: int
    registered_at: AwareDatetime
    delivered_at: AwareDatetime


class AccessChanged(Event, type="id.lontar.routing.access.changed.v1", subject=("letter", "letter_id")):
    """Who may read the letter from now on; ``access_version`` orders it against other states of the same."""

    letter_id: str
    access: Access
    access_version: int


class BranchRead(Event, type="id.lontar.routing.branch.read.v1", subject=("letter", "letter_id")):
    """Somebody entitled opened the letter on this branch for the first time."""

    letter_id: str
    branch_id: str
    actor: Actor
    at: AwareDatetime


class BranchReceived(Event, type="id.lontar.routing.branch.received.v1", subject=("letter", "letter_id")):
    """The unit accepted the letter as its work."""

    letter_id: str
    branch_id: str
    actor: Actor
    at: AwareDatetime


class LetterCompleted(Event, type="id.lontar.routing.letter.completed.v1", subject=("letter", "letter_id")):
    """Every branch of the letter is done."""

    letter_id: str
    subject: str
    outcome: Literal["policy", "decision", "reply", "activity", "noted"]
    holders: tuple[str, ...]
    at: AwareDatetime
