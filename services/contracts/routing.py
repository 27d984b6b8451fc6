"""Events of routing: the organisation, and where each letter is.

Streams: ``unit/<id>``, ``position/<id>``, ``assignment/<id>``, ``absence/<id>``, ``day/<date>`` carry whole states (the
last one wins); ``letter/<id>`` carries what happened to a letter, and all of it: routing's own state of a letter is
folded from these events and those of others, so an act that is not told did not happen.
"""

from datetime import date
from typing import Literal

from pydantic import AwareDatetime

from services.contracts.event import Event, Fact
from services.contracts.vocabulary import (
    AbsenceKind,
    Access,
    Actor,
    Capacity,
    Category,
    LetterOutcome,
    LinkRelation,
    Occasion,
    Party,
    Urgency,
)

DayKind = Literal["holiday", "working_day"]


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
    cancelled: bool = False
    nip: str | None = None
    rank: str | None = None


class DayDecided(Event, type="id.lontar.routing.day.decided.v1", subject=("day", "day")):
    """What the regency has decided of a day: a holiday, a working day, or nothing any more (no ``kind``)."""

    day: date
    kind: DayKind | None = None
    name: str | None = None


class AbsenceChanged(Event, type="id.lontar.routing.absence.changed.v1", subject=("absence", "absence_id")):
    """A person's absence as it now is, from ``starts_on`` through ``ends_on`` (local dates, inclusive)."""

    absence_id: str
    person_id: str
    person_name: str
    kind: AbsenceKind
    starts_on: date
    ends_on: date | None = None
    note: str | None = None
    cancelled: bool = False


class Branch(Fact):
    """One way a letter goes: to a unit, as addressee or copy. ``holders`` are the positions that receive for it.

    ``open_to_unit``: those who handle the unit's letters may act on it, not its holders alone. ``due_at`` is when its
    unit is overdue, ``remind_at`` when it should be reminded. A branch to an external party lies with the unit that
    sends it: it is done when the sending is recorded. ``rule`` names the routing rule that opened it.
    """

    branch_id: str
    role: Literal["addressee", "copy"]
    unit_id: str
    unit_name: str
    position_id: str | None = None
    holders: tuple[str, ...]
    position_title: str | None = None
    open_to_unit: bool = True
    external_name: str | None = None
    rule: str | None = None
    due_at: AwareDatetime | None = None
    remind_at: AwareDatetime | None = None


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
    external: tuple[Branch, ...] = ()
    training: bool = False
    """Entered to practise: it goes its ways like any other, and counts nowhere."""
    registrar_position_id: str | None = None
    """The position that entered it, which hears of what becomes of its scans."""
    registrar_unit_id: str | None = None
    """The unit that entered it, in whose buku ekspedisi it stands from now on."""


class LetterForwarded(Event, type="id.lontar.routing.letter.forwarded.v1", subject=("letter", "letter_id")):
    """The letter was brought to further places after its delivery: by ``actor``, or by the routing rule ``rule``."""

    letter_id: str
    subject: str
    branches: tuple[Branch, ...]
    actor: Actor | None = None
    rule: str | None = None
    note: str | None = None
    at: AwareDatetime


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


class BranchReturned(Event, type="id.lontar.routing.branch.returned.v1", subject=("letter", "letter_id")):
    """The unit gave the letter back to its sender, with the reason. ``told`` are the positions that must hear of it."""

    letter_id: str
    subject: str
    branch_id: str
    unit_name: str
    reason: str
    actor: Actor
    told: tuple[str, ...] = ()
    at: AwareDatetime


class BranchRedirected(Event, type="id.lontar.routing.branch.redirected.v1", subject=("letter", "letter_id")):
    """The letter goes to another place instead: ``branch`` is the new way, ``branch_id`` the one it left."""

    letter_id: str
    subject: str
    branch_id: str
    branch: Branch
    reason: str
    actor: Actor
    told: tuple[str, ...] = ()
    at: AwareDatetime


class BranchRecalled(Event, type="id.lontar.routing.branch.recalled.v1", subject=("letter", "letter_id")):
    """The sender took the letter back before anybody there had read it. ``told`` had been told of its arrival."""

    letter_id: str
    subject: str
    branch_id: str
    reason: str
    actor: Actor
    told: tuple[str, ...] = ()
    at: AwareDatetime


class BranchClosed(Event, type="id.lontar.routing.branch.closed.v1", subject=("letter", "letter_id")):
    """The letter needs nothing more on this branch, with what became of it."""

    letter_id: str
    branch_id: str
    outcome: LetterOutcome
    note: str | None = None
    actor: Actor
    at: AwareDatetime


class BranchReopened(Event, type="id.lontar.routing.branch.reopened.v1", subject=("letter", "letter_id")):
    """A branch that was done is work again."""

    letter_id: str
    branch_id: str
    reason: str
    actor: Actor
    due_at: AwareDatetime | None = None
    remind_at: AwareDatetime | None = None
    at: AwareDatetime


class BranchFiled(Event, type="id.lontar.routing.branch.filed.v1", subject=("letter", "letter_id")):
    """The letter was put into the unit's files, at ``place`` where that is said."""

    letter_id: str
    branch_id: str
    place: str | None = None
    actor: Actor
    at: AwareDatetime


class DeadlineNeared(Event, type="id.lontar.routing.deadline.neared.v1", subject=("letter", "letter_id")):
    """A branch is still open shortly before it is due. ``told`` are those it waits for."""

    letter_id: str
    subject: str
    branch_id: str
    unit_name: str
    due_at: AwareDatetime
    told: tuple[str, ...] = ()
    at: AwareDatetime


class DeadlinePassed(Event, type="id.lontar.routing.deadline.passed.v1", subject=("letter", "letter_id")):
    """A branch is still open when it is due. ``told`` are those it waits for and its unit's holders."""

    letter_id: str
    subject: str
    branch_id: str
    unit_name: str
    due_at: AwareDatetime
    told: tuple[str, ...] = ()
    at: AwareDatetime


class LetterLinked(Event, type="id.lontar.routing.letter.linked.v1", subject=("letter", "letter_id")):
    """The letter was linked with another, which says so on its own stream too (``inverse`` there)."""

    letter_id: str
    other_id: str
    relation: LinkRelation
    inverse: bool = False
    actor: Actor
    at: AwareDatetime


class LetterCompleted(Event, type="id.lontar.routing.letter.completed.v1", subject=("letter", "letter_id")):
    """Every branch of the letter is done."""

    letter_id: str
    subject: str
    outcome: LetterOutcome
    holders: tuple[str, ...]
    at: AwareDatetime
