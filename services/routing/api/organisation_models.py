"""What is answered about the organisation."""

from datetime import date

from pydantic import BaseModel

from services.contracts.vocabulary import Capacity
from services.routing.domain.assignment import Assignment
from services.routing.domain.organisation import PositionRole, UnitKind


class UnitView(BaseModel):
    """A unit."""

    id: str
    name: str
    kind: UnitKind
    parent_id: str | None
    active: bool
    version: int


class PositionView(BaseModel):
    """A position; ``superiors`` from the direct superior up to the top."""

    id: str
    title: str
    unit_id: str
    unit_name: str
    unit_kind: UnitKind
    role: PositionRole
    superior_id: str | None
    superiors: tuple[str, ...]
    active: bool
    version: int


class PersonView(BaseModel):
    """A person."""

    id: str
    name: str
    nip: str | None
    version: int


class AssignmentView(BaseModel):
    """An assignment; ``display`` is how the official signs."""

    id: str
    person_id: str
    person_name: str
    position_id: str
    position_title: str
    display: str
    unit_id: str
    unit_name: str
    role: PositionRole
    capacity: Capacity
    starts_on: date
    ends_on: date | None
    legal_basis: str | None
    version: int


def assignment_view(assignment: Assignment) -> AssignmentView:
    """The answer for an assignment."""
    return AssignmentView(display=assignment.display, **assignment.model_dump())
