"""What is answered about the organisation. Invariant: a civil servant's number is shown to those alone who keep the
organisation and to the person it belongs to.
"""

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import Query
from pydantic import BaseModel

from services.chassis.auth import Principal
from services.chassis.conditions import WRITE
from services.chassis.pagination import FIRST_DAY, LAST_DAY
from services.contracts.vocabulary import Capacity
from services.routing.domain.assignment import Assignment
from services.routing.domain.organisation import EntityKind, Person, PositionRole, UnitKind
from services.routing.store.organisation_history import Act, HistoryRow

Search = Annotated[
    str | None, Query(max_length=100, description="How some words of the name begin, in large or small letters.")
]
Active = Annotated[bool | None, Query(description="Only those in use, or only those that are not.")]
On = Annotated[date | None, Query(ge=FIRST_DAY, le=LAST_DAY, description="A local date; today where none is given.")]


class UnitView(BaseModel):
    """A unit."""

    id: str
    name: str
    kind: UnitKind
    parent_id: str | None
    active: bool
    code: str | None
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
    code: str | None
    version: int


class PersonView(BaseModel):
    """A person; ``nip`` is null for those who may not see it."""

    id: str
    name: str
    nip: str | None
    rank: str | None
    code: str | None
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
    cancelled: bool
    version: int


class AuthorView(BaseModel):
    """Who changed it."""

    person_id: str
    name: str


class HistoryView(BaseModel):
    """One version of one entity: ``state`` is the whole of it after the change."""

    id: str
    entity: EntityKind
    entity_id: str
    version: int
    act: Act
    state: dict[str, Any]
    by: AuthorView
    at: datetime


def may_see_number(caller: Principal, person_id: str) -> bool:
    """Whether the caller sees this person's NIP."""
    return WRITE in caller.scopes or caller.person_id == person_id


def person_view(person: Person, caller: Principal) -> PersonView:
    """The answer for a person."""
    hidden = {} if may_see_number(caller, person.id) else {"nip": None}
    return PersonView(**{**person.model_dump(), **hidden})


def assignment_view(assignment: Assignment) -> AssignmentView:
    """The answer for an assignment."""
    return AssignmentView(display=assignment.display, **assignment.model_dump())


def history_view(row: HistoryRow, caller: Principal) -> HistoryView:
    """The answer for a row of history."""
    state = row.state
    person_id = row.entity_id if row.entity == "person" else str(state.get("person_id", ""))
    if "nip" in state and not may_see_number(caller, person_id):
        state = {**state, "nip": None}
    return HistoryView(**{**row.model_dump(), "state": state})
