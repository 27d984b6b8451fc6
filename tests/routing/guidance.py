"""What the tests of lists, rules and suggestions have in common."""

from typing import Any

from services.chassis.auth import Principal
from services.chassis.service import Service
from services.routing.context import Context
from tests.routing.regency import Regency
from tests.signing import ALL_SCOPES


def plain(person: Principal) -> Principal:
    """Without the right to keep what is the regency's."""
    return person.model_copy(update={"scopes": ALL_SCOPES - {"organisation:write"}})


async def close(routing: Service, context: Context, collection: str, identifier: str) -> None:
    """Put a unit or position out of use."""
    await routing.foundation.database[collection].update_one({"_id": identifier}, {"$set": {"active": False}})
    context.guidance.places.forget()
    context.guidance.rule_book.forget()


def unit(regency: Regency, key: str, role: str = "addressee") -> dict[str, str]:
    """A unit as lists and rules name it."""
    return {"role": role, "kind": "unit", "id": regency.units[key].id}


def position(regency: Regency, key: str, role: str = "addressee") -> dict[str, str]:
    """A position likewise."""
    return {"role": role, "kind": "position", "id": regency.positions[key].id}


def a_rule(regency: Regency, *destinations: dict[str, str], **fields: Any) -> dict[str, Any]:
    """Heavy equipment goes to Dinas PU."""
    return {
        "name": "Alat berat ke Dinas PU",
        "conditions": {"words": ["alat berat"]},
        "destinations": list(destinations) or [unit(regency, "pu")],
        **fields,
    }
