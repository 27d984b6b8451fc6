"""Figures in tests: having them counted, and letting things happen at a chosen instant."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.chassis.auth import Principal
from services.chassis.ids import new_id
from services.contracts.vocabulary import AbsenceKind, Capacity
from services.routing.commands.count_letters import count_letters
from services.routing.commands.count_months import count_months
from services.routing.context import Context
from services.routing.domain.absence import Absence
from services.routing.domain.assignment import Assignment
from tests.routing.conftest import Call
from tests.routing.regency import Regency

MARCH = datetime(2026, 3, 2, 1, tzinfo=UTC)
"""Nine o'clock in the morning, in the regency."""
Clock = Callable[[datetime], None]


async def count(context: Context) -> None:
    """Measure and count all that is due."""
    while await count_letters(context.figures):
        pass
    while await count_months(context.figures):
        pass


def clock_of(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """``clock(instant)``: what happens from now on happens then."""

    def turn(instant: datetime) -> None:
        monkeypatch.setattr("services.chassis.uow.now", lambda: instant)

    return turn


async def appoint(regency: Regency, key: str, person_id: str, capacity: Capacity = "definitive", **term: date) -> None:
    """Put a person into a position."""
    position = regency.positions[key]
    assignment = Assignment(
        id=new_id(),
        person_id=person_id,
        person_name="Wayan Sudira",
        position_id=position.id,
        position_title=position.title,
        unit_id=position.unit_id,
        unit_name=position.unit_name,
        role=position.role,
        capacity=capacity,
        starts_on=term.get("starts_on", date(2026, 1, 1)),
        ends_on=term.get("ends_on"),
    )
    await regency.context.assignments.add(assignment, "", None)


async def excuse(
    context: Context, person_id: str, starts_on: date, ends_on: date, kind: AbsenceKind = "on_duty"
) -> Absence:
    """Have a person away."""
    absence = Absence(
        id=new_id(), person_id=person_id, person_name="Wayan Sudira", kind=kind, starts_on=starts_on, ends_on=ends_on
    )
    await context.figures.absences.add(absence, "", None)
    return absence


def ordinary(person: Principal) -> Principal:
    """The person with what everybody may ask for, and no more."""
    return person.model_copy(update={"scopes": person.scopes or frozenset({"letters:read"})})


async def figures(call: Call, person: Principal, what: str, **query: str) -> Any:
    """``body = await figures(call, person, "steps", unit_id=...)``: an answer that must be one."""
    status, body, _ = await call(ordinary(person), "GET", f"/v1/figures/{what}", params=query)
    assert status == 200, body
    return body
