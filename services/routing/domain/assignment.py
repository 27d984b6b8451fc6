"""Who holds a position, and when. Invariant: two assignments to one position never overlap, except one acting
(plt, plh, pj, pjs) beside one definitive.

Terms are local dates, both ends included; an open end is for ever. A cancelled assignment was never in force.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from services.chassis.errors import conflict, unprocessable
from services.contracts.routing import AssignmentChanged
from services.contracts.vocabulary import Capacity
from services.projections.titles import PREFIXES, display_title
from services.routing.domain.organisation import Entity, Person, Position, PositionRole


@dataclass(frozen=True)
class Term:
    """From ``starts_on`` through ``ends_on``."""

    starts_on: date
    ends_on: date | None

    def overlaps(self, other: "Term") -> bool:
        """Whether some day lies in both."""
        return self.starts_on <= (other.ends_on or date.max) and other.starts_on <= (self.ends_on or date.max)

    def holds(self, day: date) -> bool:
        """Whether ``day`` lies in it."""
        return self.starts_on <= day <= (self.ends_on or date.max)


class Assignment(Entity):
    """A person in a position, in a capacity, for a term; with the number and rank the person signs with."""

    entity_kind = "assignment"
    person_id: str
    person_name: str
    position_id: str
    position_title: str
    unit_id: str
    unit_name: str
    role: PositionRole
    capacity: Capacity
    starts_on: date
    ends_on: date | None = None
    legal_basis: str | None = None
    cancelled: bool = False
    nip: str | None = None
    rank: str | None = None

    @property
    def label(self) -> str:
        """Who is what."""
        return f"{self.person_name}, {self.display}"

    @property
    def term(self) -> Term:
        """When it is in force."""
        return Term(self.starts_on, self.ends_on)

    @property
    def is_acting(self) -> bool:
        """Whether the person stands in for a holder or a vacancy."""
        return self.capacity != "definitive"

    @property
    def display(self) -> str:
        """The title with the capacity before it."""
        return display_title(self.position_title, self.capacity)

    def holds(self, day: date) -> bool:
        """Whether it is in force on ``day``."""
        return not self.cancelled and self.term.holds(day)

    def lasts(self, day: date) -> bool:
        """Whether it is in force on ``day`` or still to come."""
        return not self.cancelled and (self.ends_on is None or self.ends_on >= day)

    def changed(self) -> AssignmentChanged:
        """The event that tells the assignment's present state."""
        return AssignmentChanged(assignment_id=self.id, **self.model_dump(exclude={"id", "version"}))


def to(
    position: Position, person: Person, identifier: str, capacity: Capacity, term: Term, legal_basis: str | None
) -> Assignment:
    """A new assignment of a person to a position."""
    return Assignment(
        id=identifier,
        person_id=person.id,
        person_name=person.name,
        position_id=position.id,
        position_title=position.title,
        unit_id=position.unit_id,
        unit_name=position.unit_name,
        role=position.role,
        capacity=capacity,
        starts_on=term.starts_on,
        ends_on=term.ends_on,
        legal_basis=legal_basis,
        nip=person.nip,
        rank=person.rank,
    )


def check_term(term: Term) -> None:
    """422 for a term that ends before it starts."""
    if term.ends_on is not None and term.ends_on < term.starts_on:
        raise unprocessable("term_reversed", "Tanggal berakhir tidak boleh mendahului tanggal mulai.")


def check_grounds(capacity: Capacity, ends_on: date | None, legal_basis: str | None) -> None:
    """422 for an acting official without what makes one: a legal basis, and for a Plh the day the officer is back.

    A Plt fills a vacancy until somebody is appointed, so its end may be open; a Plh stands in for somebody absent.
    """
    if capacity == "definitive":
        return
    if not legal_basis:
        title = PREFIXES[capacity].strip()
        raise unprocessable("legal_basis_missing", f"Dasar penugasan {title} wajib diisi.", field="legal_basis")
    if capacity == "plh" and ends_on is None:
        raise unprocessable("plh_without_end", "Penugasan Plh. wajib memiliki tanggal berakhir.", field="ends_on")


def clashing(wanted: Assignment, others: Iterable[Assignment]) -> Assignment | None:
    """The first of ``others`` that may not stand beside ``wanted``, or None."""
    if wanted.cancelled:
        return None
    for other in others:
        same_seat = other.position_id == wanted.position_id and other.id != wanted.id and not other.cancelled
        if same_seat and other.is_acting == wanted.is_acting and other.term.overlaps(wanted.term):
            return other
    return None


def ended(assignment: Assignment, ends_on: date) -> Assignment:
    """The assignment with its end brought forward; the same again if it ends then already, 409 if it ends sooner."""
    if assignment.cancelled:
        raise conflict("assignment_cancelled", "Penugasan ini sudah dibatalkan.", state=_state(assignment))
    if assignment.ends_on == ends_on:
        return assignment
    check_term(Term(assignment.starts_on, ends_on))
    if assignment.ends_on is not None and assignment.ends_on < ends_on:
        detail = f"Penugasan ini sudah berakhir pada {assignment.ends_on.isoformat()}."
        raise conflict("assignment_ended", detail, state=_state(assignment))
    return assignment.model_copy(update={"ends_on": ends_on, "version": assignment.version + 1})


def cancelled(assignment: Assignment, today: date) -> Assignment:
    """The assignment as if it had never been made; the same again if it is cancelled already, 409 once it has begun."""
    if assignment.cancelled:
        return assignment
    if assignment.starts_on <= today:
        detail = "Penugasan yang sudah mulai berlaku tidak dapat dibatalkan. Akhirilah penugasan ini."
        raise conflict("assignment_begun", detail, state=_state(assignment))
    return assignment.model_copy(update={"cancelled": True, "version": assignment.version + 1})


def _state(assignment: Assignment) -> dict[str, object]:
    fields = {"id", "starts_on", "ends_on", "cancelled", "version"}
    return assignment.model_dump(mode="json", include=fields)


def in_charge(assignments: Iterable[Assignment], day: date) -> dict[str, Assignment]:
    """Per position the assignment that acts on ``day``: the acting official where there is one, else the holder."""
    chosen: dict[str, Assignment] = {}
    for one in assignments:
        if one.holds(day) and (one.position_id not in chosen or one.is_acting):
            chosen[one.position_id] = one
    return chosen
