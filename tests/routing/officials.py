"""People in positions, for tests of the organisation."""

from datetime import date, timedelta
from typing import Any

from services.chassis.auth import Principal
from services.routing.context import Context
from tests.routing.conftest import Call
from tests.routing.regency import ADMIN, Regency

LEGAL_BASIS = "SK Bupati 821/45/2026"


def some_day(context: Context, days: int) -> str:
    """The local date so many days from today."""
    return (context.organisation.today() + timedelta(days=days)).isoformat()


async def person(call: Call, name: str, nip: str | None = None) -> dict[str, Any]:
    """Make a person."""
    status, made, _ = await call(ADMIN, "POST", "/v1/people", json={"name": name, "nip": nip})
    assert status == 201, made
    return dict(made)


async def official(call: Call, regency: Regency, position: str, name: str, **fields: Any) -> dict[str, Any]:
    """Make a person and assign them to the position, for good since long ago where nothing else is said."""
    who = await person(call, name, fields.pop("nip", None))
    body = {"person_id": who["id"], "position_id": regency.positions[position].id, "starts_on": "2024-01-01"}
    if fields.get("capacity", "definitive") != "definitive":
        body["legal_basis"] = LEGAL_BASIS
    status, made, _ = await call(ADMIN, "POST", "/v1/assignments", json={**body, **fields})
    assert status == 201, made
    return dict(made)


def as_principal(assignment: dict[str, Any], regency: Regency, position: str) -> Principal:
    """The official, signed in, with no scope over the organisation."""
    held = regency.held(position, assignment["capacity"])
    return Principal(
        person_id=assignment["person_id"],
        name=assignment["person_name"],
        positions=(held,),
        scopes=frozenset({"letters:read"}),
    )


def on(day: str) -> date:
    """A date from its text."""
    return date.fromisoformat(day)
