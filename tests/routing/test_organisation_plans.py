"""Lists of the organisation that are asked for a part of it are read along an index."""

from collections.abc import Awaitable, Callable, Collection

import pytest

from services.chassis.mongo import Document
from services.routing.context import Context
from services.routing.registry import Registry
from services.routing.store.names import starting
from tests.routing.regency import Regency
from tests.routing.test_plans import Recorder

COMPARED = frozenset({"search_name", "active"})
"""What is compared with what the index of names has found; the embedded server's explain calls that a scan too."""
Ask = Callable[[Registry, str], Awaitable[object]]
LISTS: dict[str, Ask] = {
    "units of a parent": lambda org, some: org.units.page({"parent_id": some}, None, 20),
    "units of a kind": lambda org, _: org.units.page({"kind": "village"}, None, 20),
    "units in use": lambda org, _: org.units.page({"active": True}, None, 20),
    "units by name": lambda org, _: org.units.page(starting("desa"), None, 20),
    "a page of units by name": lambda org, some: org.units.page({**starting("desa"), "active": True}, some, 20),
    "positions of a unit": lambda org, some: org.positions.page({"unit_id": some}, None, 20),
    "positions of a role": lambda org, some: org.positions.page({"role": "head"}, some, 20),
    "positions below": lambda org, some: org.positions.below(some, None),
    "positions by name": lambda org, _: org.positions.page(starting("kepala dinas"), None, 20),
    "people by name": lambda org, _: org.people.page(starting("wira"), None, 20),
    "somebody by number": lambda org, _: org.people.with_number("1" * 18, None),
    "assignments to a position": lambda org, some: org.assignments.page({"position_id": some}, None, 20),
    "assignments of a person": lambda org, some: org.assignments.page({"person_id": some}, some, 20),
    "assignments in a unit": lambda org, some: org.assignments.where({"unit_id": some}, None),
    "absences of a person": lambda org, some: org.absences.page({"person_id": some}, some, 20),
    "absences not over": lambda org, some: org.absences.of_person(some, org.today(), None),
    "history": lambda org, some: org.history.page("unit", some, some, 20),
    "what has one code": lambda org, _: org.units.where({"code": "PU"}, None),
}


@pytest.mark.parametrize("name", list(LISTS))
async def test_a_list_is_read_along_an_index(name: str, context: Context, regency: Regency) -> None:
    org = context.organisation
    recorders = []
    for store in (org.units, org.positions, org.people, org.assignments, org.absences, org.history):
        recorder = Recorder(store._rows)
        store._rows = recorder  # type: ignore[assignment]
        recorders.append(recorder)
    await LISTS[name](org, regency.units["pu"].id)
    for recorder in recorders:
        served = [query if "search_key" not in query else _without(query, COMPARED) for query in recorder.asked]
        recorder.asked = served
    plans = [plan for recorder in recorders for plan in await recorder.plans()]
    assert plans, "the list asked nothing: this shows nothing"
    assert [query for query, stage in plans if stage != "IXSCAN"] == []


def _without(query: Document, names: Collection[str]) -> Document:
    return {name: value for name, value in query.items() if name not in names}
