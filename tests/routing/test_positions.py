"""Positions over HTTP."""

from services.chassis.ids import new_id
from services.chassis.service import Service
from tests.events import published
from tests.routing.conftest import Call
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
