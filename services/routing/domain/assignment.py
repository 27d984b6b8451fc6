"""Who holds a position, and when. Invariant: two assignments to one position never overlap, except one acting
(plt, plh, pj, pjs) beside one definitive.

Terms are local dates, both ends included; an open end is for ever.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from services.chassis.errors import conflict, unprocessable
from services.contracts.routing import AssignmentChanged
from services.contracts.vocabulary import Capacity
from services.routing.domain.organisation import Entity, PositionRole

PREFIXES: dict[Capacity, str] = {"definitive": "", "plt": "Plt. ", "plh": "Plh. ", "pj": "Pj. ", "pjs": "Pjs. "}


def display_title(title: str, capacity: Capacity) -> str:
    """How an official signs: "Plt. Kepala Dinas PU"."""
    return f"{PREFIXES[capacity]}{title}"


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
    """A person in a position, in a capacity, for a term."""

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

    def changed(self) -> AssignmentChanged:
        """The event that tells the assignment's present state."""
        return AssignmentChanged(assignment_id=self.id, **self.model_dump(exclude={"id", "version"}))


def check_term(term: Term) -> None:
    """422 for a term that ends before it starts."""
    if term.ends_on is not None and term.ends_on < term.starts_on:
        raise unprocessable("term_reversed", "Tanggal berakhir tidak boleh mendahului tanggal mulai.")


def clashing(wanted: Assignment, others: Iterable[Assignment]) -> Assignment | None:
    """The first of ``others`` that may not stand beside ``wanted``, or None."""
    for other in others:
        same_seat = other.position_id == wanted.position_id and other.id != wanted.id
        if same_seat and other.is_acting == wanted.is_acting and other.term.overlaps(wanted.term):
            return other
    return None


def ended(assignment: Assignment, ends_on: date) -> Assignment:
    """The assignment with its end brought forward; the same again if it ends then already, 409 if it ends sooner."""
    if assignment.ends_on == ends_on:
        return assignment
    check_term(Term(assignment.starts_on, ends_on))
    if assignment.ends_on is not None and assignment.ends_on < ends_on:
        raise conflict(
            "assignment_ended",
            f"Penugasan ini sudah berakhir pada {assignment.ends_on.isoformat()}.",
            state={"id": assignment.id, "ends_on": assignment.ends_on.isoformat(), "version": assignment.version},
        )
    return assignment.model_copy(update={"ends_on": ends_on, "version": assignment.version + 1})


def in_charge(assignments: Iterable[Assignment], day: date) -> dict[str, Assignment]:
    """Per position the assignment that acts on ``day``: the acting official where there is one, else the holder."""
    chosen: dict[str, Assignment] = {}
    for one in assignments:
        if one.term.holds(day) and (one.position_id not in chosen or one.is_acting):
            chosen[one.position_id] = one
    return chosen
