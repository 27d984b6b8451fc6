"""H1: templates over HTTP."""

from typing import Any

from services.chassis.ids import new_id
from services.chassis.service import Service
from tests.events import published
from tests.people import principal
from tests.routing.conftest import Call
from tests.routing.regency import ADMIN, Regency

CLERK = principal().model_copy(update={"scopes": frozenset({"letters:read"})})
PATH = "/v1/organisation/templates"


class TestSee:
    async def test_H1_everybody_sees_what_there_is(self, http: object, call: Call) -> None:
        status, page, _ = await call(CLERK, "GET", PATH)
        assert status == 200
        by_code = {one["code"]: one for one in page["items"]}
        assert by_code["desa"]["parameters"] == [
            {"name": "kepala", "about": "Sebutan kepala desa, misalnya Perbekel.", "default": "Kepala Desa"}
        ]
        _, village, _ = await call(CLERK, "GET", f"{PATH}/desa")
        assert village["unit"]["kind"] == "village"
        assert [seat["role"] for seat in village["unit"]["positions"]] == ["head", "secretary", "village_operator"]
        assert (await call(CLERK, "GET", f"{PATH}/provinsi"))[0] == 404


class TestApply:
    async def test_H1_a_district_with_its_villages_is_made_at_once(
        self, routing: Service, regency: Regency, call: Call
    ) -> None:
        told = len(await published(routing))
        villages: list[Any] = ["Kutampi", {"name": "Toyapakeh", "kepala": "Perbekel"}]
        body = {"name": "Dawan", "parameters": {"desa": villages, "seksi": []}}
        status, plan, _ = await call(ADMIN, "POST", f"{PATH}/kecamatan/apply", json=body)
        assert (status, plan["made"], plan["changed"], plan["errors"]) == (200, 12, 0, [])
        events = (await published(routing))[told:]
        assert [one.type.split(".")[-3] for one in events] == ["unit"] * 3 + ["position"] * 9
        names = {one.data["title"] for one in events if "title" in one.data}
        assert {"Camat Dawan", "Perbekel Toyapakeh", "Operator Desa Kutampi"} <= names
        _, page, _ = await call(ADMIN, "GET", "/v1/positions", params={"q": "operator desa kutampi"})
        assert len(page["items"][0]["superiors"]) == 3
        _, history, _ = await call(ADMIN, "GET", f"/v1/positions/{page['items'][0]['id']}/history")
        assert history["items"][0]["act"] == "from_template"

    async def test_again_it_makes_what_is_missing_and_leaves_the_rest(
        self, routing: Service, regency: Regency, call: Call
    ) -> None:
        body: dict[str, Any] = {"name": "Dawan", "parameters": {"desa": ["Kutampi"], "seksi": []}}
        _, plan, _ = await call(ADMIN, "POST", f"{PATH}/kecamatan/apply", json=body)
        village = next(one["id"] for one in plan["items"] if one["label"] == "Desa Kutampi")
        await call(ADMIN, "PATCH", f"/v1/units/{village}", json={"name": "Desa Kutampi Kaler"})
        body["parameters"]["desa"].append("Ped")
        _, dry, _ = await call(ADMIN, "POST", f"{PATH}/kecamatan/apply?dry_run=true", json=body)
        _, plan, _ = await call(ADMIN, "POST", f"{PATH}/kecamatan/apply", json=body)
        assert (dry["dry_run"], dry["items"]) == (True, plan["items"])
        assert {one["label"] for one in plan["items"] if one["entity"] == "unit"} == {"Desa Ped"}
        assert (await call(ADMIN, "GET", f"/v1/units/{village}"))[1]["name"] == "Desa Kutampi Kaler"
        told = len(await published(routing))
        assert (await call(ADMIN, "POST", f"{PATH}/kecamatan/apply", json=body))[1]["made"] == 0
        assert len(await published(routing)) == told

    async def test_it_hangs_under_the_chief_of_the_unit_above(self, regency: Regency, call: Call) -> None:
        body = {"name": "Bidang Cipta Karya", "parent_id": regency.units["pu"].id}
        _, plan, _ = await call(ADMIN, "POST", f"{PATH}/bidang/apply", json=body)
        head = next(one for one in plan["items"] if one["label"] == "Kepala Bidang Cipta Karya")
        _, position, _ = await call(ADMIN, "GET", f"/v1/positions/{head['id']}")
        assert position["superiors"] == [regency.positions["head"].id]
        chosen = {**body, "key": "kedua", "superior_id": regency.positions["secretary"].id}
        _, plan, _ = await call(ADMIN, "POST", f"{PATH}/bidang/apply", json=chosen)
        assert plan["made"] == 3

    async def test_what_cannot_be_is_refused_and_nothing_made(
        self, routing: Service, regency: Regency, call: Call
    ) -> None:
        told = len(await published(routing))
        for path, body, code in (
            ("desa", {"name": "X", "parent_id": new_id()}, "unknown_unit"),
            ("desa", {"name": "X", "superior_id": new_id()}, "unknown_position"),
            ("desa", {"name": "X", "parameters": {"warna": "biru"}}, "unknown_parameter"),
            ("desa", {"name": ""}, "validation_failed"),
        ):
            status, problem, _ = await call(ADMIN, "POST", f"{PATH}/{path}/apply", json=body)
            assert (status, problem["code"]) == (422, code)
        assert (await call(ADMIN, "POST", f"{PATH}/provinsi/apply", json={"name": "X"}))[0] == 404
        assert (await call(CLERK, "POST", f"{PATH}/desa/apply", json={"name": "X"}))[0] == 403
        assert len(await published(routing)) == told

    async def test_under_a_closed_unit_nothing_grows(self, regency: Regency, call: Call) -> None:
        _, unit, _ = await call(ADMIN, "POST", "/v1/units", json={"name": "Dinas Lama", "kind": "agency"})
        await call(ADMIN, "PATCH", f"/v1/units/{unit['id']}", json={"active": False})
        body = {"name": "Bidang X", "parent_id": unit["id"]}
        status, problem, _ = await call(ADMIN, "POST", f"{PATH}/bidang/apply", json=body)
        assert (status, problem["errors"][0]["message"]) == (422, "Unit induk Dinas Lama sudah tidak aktif.")
