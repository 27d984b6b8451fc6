"""What the organisation was: histories, and who held a position on a day."""

import contextlib
import random
from typing import Any

import pytest

from services.chassis.errors import ServiceError
from services.chassis.ids import new_id
from services.chassis.service import Service
from services.routing.commands.change_person import PersonChange, change_person
from services.routing.commands.change_position import PositionChange, change_position
from services.routing.commands.change_unit import UnitChange, change_unit
from services.routing.commands.create_assignment import NewAssignment, create_assignment
from services.routing.commands.create_person import NewPerson, create_person
from services.routing.commands.declare import Declaration
from services.routing.commands.end_assignment import cancel_assignment
from services.routing.context import Context
from services.routing.domain.picture import Picture, derived
from tests.events import published
from tests.people import principal
from tests.routing.conftest import Call
from tests.routing.officials import official
from tests.routing.regency import ADMIN, Regency

NOBODY = principal(name="Siapa Saja")


async def told(call: Call, path: str) -> list[dict[str, Any]]:
    """All of a history, a small page at a time."""
    rows: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        status, page, _ = await call(NOBODY, "GET", path, params={"limit": "2", **cursor})
        assert status == 200
        rows += page["items"]
        if page["next"] is None:
            return rows
        cursor = {"cursor": page["next"]}


class TestHistory:
    async def test_every_state_of_a_unit_is_kept_with_who_made_it_so(self, regency: Regency, call: Call) -> None:
        path = f"/v1/units/{regency.units['pu'].id}"
        for name in ("Dinas PUPR", "Dinas PU dan Tata Ruang"):
            await call(ADMIN, "PATCH", path, json={"name": name})
        rows = await told(call, f"{path}/history")
        assert [(row["version"], row["act"], row["state"]["name"]) for row in rows] == [
            (3, "changed", "Dinas PU dan Tata Ruang"),
            (2, "changed", "Dinas PUPR"),
            (1, "made", "Dinas Pekerjaan Umum"),
        ]
        assert {row["by"]["name"] for row in rows} == {"Admin Kabupaten"}

    async def test_a_position_tells_who_came_and_went(self, regency: Regency, call: Call) -> None:
        first = await official(call, regency, "head", "I Wayan Sudira")
        await call(ADMIN, "POST", f"/v1/assignments/{first['id']}/end", json={"ends_on": "2024-06-30"})
        await official(call, regency, "head", "Ni Made Ratih", starts_on="2024-07-01")
        rows = await told(call, f"/v1/positions/{first['position_id']}/history")
        assert [(row["entity"], row["act"], row["state"].get("person_name")) for row in rows] == [
            ("assignment", "made", "Ni Made Ratih"),
            ("assignment", "ended", "I Wayan Sudira"),
            ("assignment", "made", "I Wayan Sudira"),
            ("position", "made", None),
        ]
        person = await told(call, f"/v1/people/{first['person_id']}/history")
        assert [(row["entity"], row["version"]) for row in person] == [
            ("assignment", 2),
            ("assignment", 1),
            ("person", 1),
        ]

    async def test_what_is_unknown_has_none(self, http: object, call: Call) -> None:
        for kind in ("units", "positions", "people"):
            assert (await call(ADMIN, "GET", f"/v1/{kind}/{new_id()}/history"))[0] == 404

    async def test_a_refused_change_leaves_no_trace(self, routing: Service, regency: Regency, call: Call) -> None:
        path, events = f"/v1/units/{regency.units['pu'].id}", len(await published(routing))
        assert (await call(ADMIN, "PATCH", path, json={"name": "X", "active": False}))[0] == 409
        assert len(await told(call, f"{path}/history")) == 1
        assert len(await published(routing)) == events


class TestHolders:
    async def test_P7_who_held_it_on_a_day_and_who_acted(self, regency: Regency, call: Call) -> None:
        first = await official(call, regency, "head", "I Wayan Sudira", starts_on="2024-01-01", ends_on="2024-06-30")
        acting = await official(
            call, regency, "head", "Ni Made Ratih", capacity="plt", starts_on="2024-07-01", ends_on="2024-09-30"
        )
        last = await official(call, regency, "head", "I Made Wira", starts_on="2024-08-01")
        path = f"/v1/positions/{first['position_id']}/holders"
        for day, definitive, in_charge in (
            ("2023-12-31", None, None),
            ("2024-06-30", first, first),
            ("2024-07-01", None, acting),
            ("2024-08-15", last, acting),
            ("2024-10-01", last, last),
        ):
            status, found, _ = await call(NOBODY, "GET", path, params={"on": day})
            assert status == 200
            assert [found[key] and found[key]["id"] for key in ("definitive", "in_charge")] == [
                one and one["id"] for one in (definitive, in_charge)
            ]
        assert (await call(NOBODY, "GET", path))[1]["in_charge"]["display"] == "Kepala Dinas PU"
        assert (await call(NOBODY, "GET", f"/v1/positions/{new_id()}/holders"))[0] == 404

    async def test_names_are_those_of_the_day(self, context: Context, regency: Regency, call: Call) -> None:
        seat = await official(call, regency, "head", "Ni Made Ratih", starts_on="2020-01-01")
        rows = context.organisation.history._rows
        made = await rows.find({"keys": f"position/{seat['position_id']}"}).to_list(None)
        for row in made:  # as if all of this had been entered in 2020
            aged = {**row, "_id": f"01700000{row['_id'][8:]}"}
            await rows.delete_one({"_id": row["_id"]})
            await rows.insert_one(aged)
        await call(ADMIN, "PATCH", f"/v1/positions/{seat['position_id']}", json={"title": "Kepala Dinas PUPR"})
        await call(ADMIN, "PATCH", f"/v1/people/{seat['person_id']}", json={"name": "Ni Made Ratih, S.T."})
        path = f"/v1/positions/{seat['position_id']}/holders"
        _, then, _ = await call(NOBODY, "GET", path, params={"on": "2021-05-05"})
        _, now, _ = await call(NOBODY, "GET", path)
        assert (then["position_title"], then["in_charge"]["person_name"]) == ("Kepala Dinas PU", "Ni Made Ratih")
        assert then["in_charge"]["display"] == "Kepala Dinas PU"
        assert (now["position_title"], now["in_charge"]["person_name"]) == ("Kepala Dinas PUPR", "Ni Made Ratih, S.T.")


@pytest.mark.parametrize("seed", range(4))
async def test_history_tells_every_state_there_was_whatever_is_changed(
    routing: Service, context: Context, regency: Regency, seed: int
) -> None:
    """Random changes, refused ones too: what is kept is always settled, and the rows add up to it."""
    dice = random.Random(seed)
    org = context.organisation
    people = [(await create_person(org, Declaration(ADMIN), NewPerson(name=f"Orang {n}")))[0] for n in range(3)]
    for number in range(40):
        with contextlib.suppress(ServiceError):
            await act_at_random(dice, org, regency, [one.id for one in people], number)
    everything = await org.everything(None)
    picture = Picture.of(everything)
    assert derived(picture, org.today()) == picture
    rows = await org.history._rows.find({}).sort("_id", 1).to_list(None)
    states: dict[str, dict[str, Any]] = {}
    for row in rows:
        assert row["version"] == states.get(row["entity_id"], {"version": 0})["version"] + 1
        states[row["entity_id"]] = {**row["state"], "id": row["entity_id"], "version": row["version"]}
    assert states == {one.id: one.model_dump(mode="json") for one in everything}
    for event in await published(routing):
        row = next(
            r for r in rows if r["entity_id"] == event.subject.split("/")[1] and r["version"] == event.streamversion
        )
        assert all(row["state"].get(name, row["entity_id"]) == value for name, value in event.data.items())


async def act_at_random(dice: random.Random, org: Any, regency: Regency, people: list[str], number: int) -> None:
    units = [one.id for one in regency.units.values()]
    positions = [one.id for one in regency.positions.values()]
    by = Declaration(ADMIN)
    match dice.randrange(7):
        case 0:
            change = UnitChange(name=f"Unit {number}", parent_id=dice.choice([None, *units]))
            await change_unit(org, ADMIN, dice.choice(units), change)
        case 1:
            await change_unit(org, ADMIN, dice.choice(units), UnitChange(active=dice.random() < 0.5))
        case 2 | 3:
            move = PositionChange(superior_id=dice.choice([None, *positions]), unit_id=dice.choice(units))
            await change_position(org, ADMIN, dice.choice(positions), move)
        case 4:
            await change_position(org, ADMIN, dice.choice(positions), PositionChange(active=dice.random() < 0.5))
        case 5:
            await change_person(org, ADMIN, dice.choice(people), PersonChange(name=f"Nama {number}"))
        case _:
            term = {"starts_on": f"203{dice.randrange(3)}-01-01", "ends_on": f"203{dice.randrange(3, 6)}-01-01"}
            body = {"person_id": dice.choice(people), "position_id": dice.choice(positions), **term}
            made, _ = await create_assignment(org, by, NewAssignment.model_validate(body))
            if dice.random() < 0.4:
                await cancel_assignment(org, ADMIN, made.id)
