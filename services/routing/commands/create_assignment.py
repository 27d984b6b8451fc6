"""Assign a person to a position. Invariant: assignments are made one after the other, so two at once cannot both find
the seat free.
"""

from datetime import date

from pydantic import ConfigDict

from services.chassis.errors import unprocessable
from services.chassis.ids import EntityId
from services.chassis.uow import Transaction
from services.contracts.vocabulary import Capacity
from services.routing.commands.declare import Declaration, Wanted, declare
from services.routing.commands.fields import LegalBasis
from services.routing.domain.assignment import Assignment, Term, check_grounds, check_term, to
from services.routing.domain.picture import Picture
from services.routing.registry import Registry


class NewAssignment(Wanted):
    """An assignment to be made, from ``starts_on`` through ``ends_on`` (local dates, both included)."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    person_id: EntityId
    position_id: EntityId
    capacity: Capacity = "definitive"
    starts_on: date
    ends_on: date | None = None
    legal_basis: LegalBasis | None = None


async def create_assignment(registry: Registry, by: Declaration, wanted: NewAssignment) -> tuple[Assignment, bool]:
    """The assignment, and whether it was made now; 409 with the one it clashes with."""
    term = Term(wanted.starts_on, wanted.ends_on)
    check_term(term)

    async def make(tx: Transaction, identifier: str) -> tuple[Assignment, Picture]:
        check_grounds(wanted.capacity, wanted.ends_on, wanted.legal_basis)
        position = await registry.positions.find(wanted.position_id, tx.session)
        if position is None:
            raise unprocessable("unknown_position", "Jabatan tidak dikenal.", field="position_id")
        person = await registry.people.find(wanted.person_id, tx.session)
        if person is None:
            raise unprocessable("unknown_person", "Orang yang ditugaskan tidak dikenal.", field="person_id")
        assignment = to(position, person, identifier, wanted.capacity, term, wanted.legal_basis)
        seats = await registry.assignments.to_positions([position.id], tx.session)
        return assignment, Picture.of([position], seats)

    return await declare(registry, by, wanted, registry.assignments, make)
