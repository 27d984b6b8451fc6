"""Assign a person to a position. Invariant: assignments to a position are made one after the other, because each
writes on the position, so two at once cannot both find the seat free.
"""

from datetime import date

from pydantic import ConfigDict, Field

from services.chassis.errors import conflict, unprocessable
from services.chassis.ids import EntityId
from services.chassis.uow import Transaction
from services.contracts.vocabulary import Capacity
from services.routing.commands.declare import Declaration, Wanted, declare
from services.routing.context import Context
from services.routing.domain.assignment import Assignment, Term, check_term, clashing
from services.routing.domain.organisation import Person, Position


class NewAssignment(Wanted):
    """An assignment to be made, from ``starts_on`` through ``ends_on`` (local dates, both included)."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    person_id: EntityId
    position_id: EntityId
    capacity: Capacity = "definitive"
    starts_on: date
    ends_on: date | None = None
    legal_basis: str | None = Field(default=None, min_length=1, max_length=300)


async def create_assignment(context: Context, by: Declaration, wanted: NewAssignment) -> tuple[Assignment, bool]:
    """The assignment, and whether it was made now; 409 with the one it clashes with."""
    check_term(Term(wanted.starts_on, wanted.ends_on))

    async def make(tx: Transaction, identifier: str) -> Assignment:
        position = await context.positions.take(wanted.position_id, tx.session)
        if position is None:
            raise unprocessable("unknown_position", "Jabatan tidak dikenal.", field="position_id")
        person = await context.people.find(wanted.person_id, tx.session)
        if person is None:
            raise unprocessable("unknown_person", "Orang yang ditugaskan tidak dikenal.", field="person_id")
        assignment = _assignment(identifier, wanted, person, position)
        clash = clashing(assignment, await context.assignments.to_positions([position.id], tx.session))
        if clash is not None:
            raise _occupied(clash)
        tx.publish(assignment.changed(), seq=assignment.version)
        return assignment

    return await declare(context, by, wanted, context.assignments, make)


def _assignment(identifier: str, wanted: NewAssignment, person: Person, position: Position) -> Assignment:
    return Assignment(
        id=identifier,
        person_id=person.id,
        person_name=person.name,
        position_id=position.id,
        position_title=position.title,
        unit_id=position.unit_id,
        unit_name=position.unit_name,
        role=position.role,
        capacity=wanted.capacity,
        starts_on=wanted.starts_on,
        ends_on=wanted.ends_on,
        legal_basis=wanted.legal_basis,
    )


def _occupied(clash: Assignment) -> Exception:
    until = f"s.d. {clash.ends_on.isoformat()}" if clash.ends_on else "tanpa batas waktu"
    detail = f"{clash.display} sudah dijabat oleh {clash.person_name} sejak {clash.starts_on.isoformat()} {until}."
    return conflict("assignment_overlap", detail, clashing=clash.model_dump(mode="json"))
