"""Positions over HTTP."""

import asyncio

from services.chassis.ids import new_id
from services.chassis.service import Service
from tests.events import published
from tests.routing.conftest import Call
from tests.routing.officials import official
from tests.routing.regency import ADMIN, Regency


class TestCreate:
    async def test_the_chain_of_superiors_is_computed_and_told(
        self, routing: Service, regency: Regency, call: Call
    ) -> None:
        body = {
            "title": "Operator Ekskavator",
            "unit_id": regency.units["pu"].id,
            "role": "officer",
            "superior_id": regency.positions["heavy"].id,
        }
        status, position, _ = await call(ADMIN, "POST", "/v1/positions", json=body)
        assert status == 201
        chain = [regency.positions[key].id for key in ("heavy", "roads", "head")]
        assert position["superiors"] == chain
        event = (await published(routing))[-1]
        assert event.type == "id.lontar.routing.position.changed.v1"
        assert event.data["superiors"] == chain
        assert (event.data["unit_name"], event.data["unit_kind"]) == ("Dinas Pekerjaan Umum", "agency")

    async def test_a_position_above_itself_is_refused(self, regency: Regency, call: Call) -> None:
        own = new_id()
        body = {"id": own, "title": "X", "unit_id": regency.units["pu"].id, "role": "officer", "superior_id": own}
        status, problem, _ = await call(ADMIN, "POST", "/v1/positions", json=body)
        assert (status, problem["code"]) == (422, "superior_cycle")

    async def test_an_unknown_unit_or_superior_is_refused(self, regency: Regency, call: Call) -> None:
        body = {"title": "X", "unit_id": new_id(), "role": "officer"}
        status, problem, _ = await call(ADMIN, "POST", "/v1/positions", json=body)
        assert (status, problem["code"], problem["field"]) == (422, "unknown_unit", "unit_id")
        body = {**body, "unit_id": regency.units["pu"].id, "superior_id": new_id()}
        status, problem, _ = await call(ADMIN, "POST", "/v1/positions", json=body)
        assert (status, problem["code"], problem["field"]) == (422, "unknown_position", "superior_id")

    async def test_a_seed_can_be_run_again(self, regency: Regency, call: Call) -> None:
        body = {"id": new_id(), "title": "Arsiparis", "unit_id": regency.units["pu"].id, "role": "archivist"}
        first = await call(ADMIN, "POST", "/v1/positions", json=body)
        again = await call(ADMIN, "POST", "/v1/positions", json={**body, "superior_id": None})
        assert (first[0], again[0]) == (201, 200)
        assert first[1] == again[1]


class TestList:
    async def test_by_unit_and_role(self, regency: Regency, call: Call) -> None:
        wanted = {"unit_id": regency.units["pu"].id, "role": "officer"}
        _, page, _ = await call(regency.holder("operator"), "GET", "/v1/positions", params=wanted)
        assert {one["title"] for one in page["items"]} == {"Kepala Bidang Bina Marga", "Pengelola Alat Berat"}

    async def test_by_words_of_the_title_and_being_in_use(self, regency: Regency, call: Call) -> None:
        gone = regency.positions["heavy"].id
        await call(ADMIN, "PATCH", f"/v1/positions/{gone}", json={"active": False})
        wanted = {"unit_id": regency.units["pu"].id, "active": "true", "q": "dinas"}
        _, page, _ = await call(regency.holder("operator"), "GET", "/v1/positions", params=wanted)
        titles = {one["title"] for one in page["items"]}
        assert titles == {"Kepala Dinas PU", "Sekretaris Dinas PU", "Agendaris Dinas PU"}
        _, page, _ = await call(ADMIN, "GET", "/v1/positions", params={"active": "false"})
        assert [one["id"] for one in page["items"]] == [gone]


class TestGet:
    async def test_one(self, regency: Regency, call: Call) -> None:
        position = regency.positions["roads"]
        status, found, headers = await call(regency.holder("operator"), "GET", f"/v1/positions/{position.id}")
        assert (status, found["superiors"], headers["ETag"]) == (200, [regency.positions["head"].id], '"1"')
        assert (await call(ADMIN, "GET", f"/v1/positions/{new_id()}"))[0] == 404


class TestChange:
    async def test_a_move_takes_the_whole_line_below_along(
        self, routing: Service, regency: Regency, call: Call
    ) -> None:
        told = len(await published(routing))
        head, secretary = regency.positions["head"].id, regency.positions["secretary"].id
        roads, heavy = regency.positions["roads"].id, regency.positions["heavy"].id
        status, after, _ = await call(ADMIN, "PATCH", f"/v1/positions/{roads}", json={"superior_id": secretary})
        assert (status, after["superiors"]) == (200, [secretary, head])
        events = {one.data["position_id"]: one for one in (await published(routing))[told:]}
        assert set(events) == {roads, heavy}
        assert events[heavy].data["superiors"] == [roads, secretary, head]
        assert events[heavy].streamversion == 2

    async def test_to_another_unit_with_another_title_its_holder_follows(self, regency: Regency, call: Call) -> None:
        seat = await official(call, regency, "heavy", "I Gede Tirta")
        change = {"unit_id": regency.units["nusa_penida"].id, "title": "Pengelola Alat", "role": "registrar"}
        await call(ADMIN, "PATCH", f"/v1/positions/{regency.positions['heavy'].id}", json=change)
        _, kept, _ = await call(ADMIN, "GET", f"/v1/assignments/{seat['id']}")
        assert (kept["unit_name"], kept["position_title"]) == ("Kecamatan Nusa Penida", "Pengelola Alat")
        assert (kept["unit_id"], kept["role"], kept["version"]) == (change["unit_id"], "registrar", 2)

    async def test_a_circle_is_refused(self, regency: Regency, call: Call) -> None:
        path = f"/v1/positions/{regency.positions['head'].id}"
        for key in ("heavy", "roads", "head"):
            status, problem, _ = await call(ADMIN, "PATCH", path, json={"superior_id": regency.positions[key].id})
            assert (status, problem["code"], problem["field"]) == (422, "superior_cycle", "superior_id")

    async def test_two_moves_at_once_close_no_circle(self, regency: Regency, call: Call) -> None:
        one, other = regency.positions["roads"].id, regency.positions["secretary"].id
        for _ in range(5):
            answers = await asyncio.gather(
                call(ADMIN, "PATCH", f"/v1/positions/{one}", json={"superior_id": other}),
                call(ADMIN, "PATCH", f"/v1/positions/{other}", json={"superior_id": one}),
            )
            assert sorted(status for status, _, _ in answers) == [200, 422]
            for identifier in (one, other):
                await call(
                    ADMIN, "PATCH", f"/v1/positions/{identifier}", json={"superior_id": regency.positions["head"].id}
                )

    async def test_one_that_is_held_or_has_subordinates_stays_open(self, regency: Regency, call: Call) -> None:
        await official(call, regency, "heavy", "I Gede Tirta")
        for key, named in (("roads", "Pengelola Alat Berat"), ("heavy", "I Gede Tirta")):
            path = f"/v1/positions/{regency.positions[key].id}"
            status, problem, _ = await call(ADMIN, "PATCH", path, json={"active": False})
            assert (status, problem["code"]) == (409, "position_in_use")
            assert named in problem["detail"]

    async def test_nobody_is_assigned_to_a_closed_one(self, regency: Regency, call: Call) -> None:
        position = regency.positions["neighbour"].id
        await call(ADMIN, "PATCH", f"/v1/positions/{position}", json={"active": False})
        _, who, _ = await call(ADMIN, "POST", "/v1/people", json={"name": "Ni Luh"})
        body = {"person_id": who["id"], "position_id": position, "starts_on": "2026-01-01"}
        status, problem, _ = await call(ADMIN, "POST", "/v1/assignments", json=body)
        assert (status, problem["code"]) == (422, "inactive_position")

    async def test_an_unknown_unit_or_superior_is_refused(self, regency: Regency, call: Call) -> None:
        path = f"/v1/positions/{regency.positions['roads'].id}"
        for body, code in (({"unit_id": new_id()}, "unknown_unit"), ({"superior_id": new_id()}, "unknown_position")):
            status, problem, _ = await call(ADMIN, "PATCH", path, json=body)
            assert (status, problem["code"]) == (422, code)

    async def test_a_state_that_was_not_seen_is_not_changed(self, regency: Regency, call: Call) -> None:
        path, seen = f"/v1/positions/{regency.positions['roads'].id}", {"If-Match": '"1"'}
        assert (await call(ADMIN, "PATCH", path, json={"title": "Kabid"}, headers=seen))[0] == 200
        assert (await call(ADMIN, "PATCH", path, json={"title": "Kepala Bidang"}, headers=seen))[0] == 412
        assert (await call(ADMIN, "PATCH", f"/v1/positions/{new_id()}", json={"title": "X"}))[0] == 404
