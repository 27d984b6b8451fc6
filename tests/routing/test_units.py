"""Units over HTTP."""

import asyncio

from services.chassis.ids import new_id
from services.chassis.service import Service
from tests.events import published, types_published
from tests.people import principal
from tests.routing.conftest import Call
from tests.routing.officials import official
from tests.routing.regency import ADMIN, Regency
from tests.signing import ALL_SCOPES

CLERK = principal().model_copy(update={"scopes": ALL_SCOPES - {"organisation:write"}})


class TestCreate:
    async def test_a_unit_is_made_and_told(self, routing: Service, call: Call) -> None:
        status, unit, headers = await call(ADMIN, "POST", "/v1/units", json={"name": "Dinas PU", "kind": "agency"})
        assert status == 201
        assert headers["ETag"] == '"1"'
        [event] = await published(routing)
        assert (event.subject, event.streamversion) == (f"unit/{unit['id']}", 1)
        assert event.data == {
            "unit_id": unit["id"],
            "name": "Dinas PU",
            "kind": "agency",
            "parent_id": None,
            "active": True,
        }

    async def test_the_same_id_and_content_again_is_answered_with_what_is_there(
        self, routing: Service, call: Call
    ) -> None:
        body = {"id": new_id(), "name": "Dinas PU", "kind": "agency"}
        first = await call(ADMIN, "POST", "/v1/units", json=body)
        again = await call(ADMIN, "POST", "/v1/units", json=body)
        assert (first[0], again[0]) == (201, 200)
        assert first[1] == again[1]
        assert await types_published(routing) == ["routing.unit.changed"]

    async def test_the_same_id_with_other_content_is_refused_with_what_is_there(self, call: Call) -> None:
        body = {"id": new_id(), "name": "Dinas PU", "kind": "agency"}
        await call(ADMIN, "POST", "/v1/units", json=body)
        status, problem, _ = await call(ADMIN, "POST", "/v1/units", json={**body, "name": "Dinas Lain"})
        assert (status, problem["code"]) == (409, "id_taken")
        assert problem["state"]["name"] == "Dinas PU"

    async def test_the_id_of_a_thing_of_another_kind_is_taken(self, call: Call) -> None:
        identifier = new_id()
        await call(ADMIN, "POST", "/v1/people", json={"id": identifier, "name": "Wayan Sudira"})
        status, problem, _ = await call(
            ADMIN, "POST", "/v1/units", json={"id": identifier, "name": "Dinas PU", "kind": "agency"}
        )
        assert (status, problem["code"]) == (409, "id_taken")
        assert "state" not in problem

    async def test_the_same_id_many_times_at_once_makes_one_unit(self, routing: Service, call: Call) -> None:
        body = {"id": new_id(), "name": "Dinas PU", "kind": "agency"}
        answers = await asyncio.gather(*(call(ADMIN, "POST", "/v1/units", json=body) for _ in range(8)))
        assert sorted(status for status, _, _ in answers) == [200] * 7 + [201]
        assert await types_published(routing) == ["routing.unit.changed"]

    async def test_an_idempotency_key_makes_a_repeat_harmless(self, routing: Service, call: Call) -> None:
        body = {"name": "Dinas PU", "kind": "agency"}
        key = {"Idempotency-Key": "seed-1"}
        first = await call(ADMIN, "POST", "/v1/units", json=body, headers=key)
        again = await call(ADMIN, "POST", "/v1/units", json=body, headers=key)
        assert first[:2] == again[:2]
        other, problem, _ = await call(ADMIN, "POST", "/v1/units", json={**body, "name": "X"}, headers=key)
        assert (other, problem["code"]) == (422, "idempotency_key_reused")
        assert await types_published(routing) == ["routing.unit.changed"]

    async def test_an_unknown_parent_is_refused_and_nothing_kept(self, routing: Service, call: Call) -> None:
        body = {"name": "Bidang", "kind": "subdivision", "parent_id": new_id()}
        status, problem, _ = await call(ADMIN, "POST", "/v1/units", json=body)
        assert (status, problem["code"]) == (422, "unknown_unit")
        assert await published(routing) == []
        assert (await call(ADMIN, "GET", "/v1/units"))[1]["items"] == []

    async def test_without_the_scope_it_is_refused(self, routing: Service, call: Call) -> None:
        status, problem, _ = await call(CLERK, "POST", "/v1/units", json={"name": "Dinas PU", "kind": "agency"})
        assert (status, problem["code"]) == (403, "forbidden")
        assert await published(routing) == []

    async def test_an_unknown_kind_or_field_is_refused(self, call: Call) -> None:
        for body in (
            {"name": "X", "kind": "ministry"},
            {"name": "X", "kind": "agency", "secret": 1},
            {"kind": "agency"},
        ):
            status, problem, _ = await call(ADMIN, "POST", "/v1/units", json=body)
            assert (status, problem["code"]) == (422, "validation_failed")


class TestList:
    async def test_everybody_signed_in_sees_them_a_page_at_a_time(self, regency: Regency, call: Call) -> None:
        seen = []
        cursor: dict[str, str] = {}
        while True:
            status, page, _ = await call(CLERK, "GET", "/v1/units", params={"limit": "3", **cursor})
            assert status == 200
            seen += [unit["id"] for unit in page["items"]]
            if page["next"] is None:
                break
            cursor = {"cursor": page["next"]}
        assert seen == sorted((unit.id for unit in regency.units.values()), reverse=True)

    async def test_by_kind(self, regency: Regency, call: Call) -> None:
        _, page, _ = await call(CLERK, "GET", "/v1/units", params={"kind": "village"})
        assert {unit["name"] for unit in page["items"]} == {"Desa Sekartaji", "Desa Batukandik"}

    async def test_by_the_beginning_of_any_word_of_the_name(self, regency: Regency, call: Call) -> None:
        for text, found in (
            ("desa sek", {"Desa Sekartaji"}),
            ("BATU", {"Desa Batukandik"}),
            ("nusa penida", {"Kecamatan Nusa Penida"}),
            ("penida nusa", set()),
            ("((", set()),
        ):
            _, page, _ = await call(CLERK, "GET", "/v1/units", params={"q": text})
            assert {unit["name"] for unit in page["items"]} == found
        _, page, _ = await call(CLERK, "GET", "/v1/units", params={"q": "desa", "kind": "agency"})
        assert page["items"] == []
        status, problem, _ = await call(CLERK, "GET", "/v1/units", params={"q": "d "})
        assert (status, problem["code"]) == (422, "search_too_short")

    async def test_by_being_in_use(self, regency: Regency, call: Call) -> None:
        village = regency.units["nusa_penida"].id
        await call(ADMIN, "PATCH", f"/v1/positions/{regency.positions['camat'].id}", json={"active": False})
        await call(ADMIN, "PATCH", f"/v1/units/{village}", json={"active": False})
        _, page, _ = await call(CLERK, "GET", "/v1/units", params={"active": "false"})
        assert [unit["id"] for unit in page["items"]] == [village]
        _, page, _ = await call(CLERK, "GET", "/v1/units", params={"active": "true"})
        assert len(page["items"]) == len(regency.units) - 1


class TestGet:
    async def test_one(self, regency: Regency, call: Call) -> None:
        unit = regency.units["pu"]
        status, found, headers = await call(CLERK, "GET", f"/v1/units/{unit.id}")
        assert (status, found["name"], headers["ETag"]) == (200, unit.name, '"1"')
        assert (await call(CLERK, "GET", f"/v1/units/{new_id()}"))[0] == 404


class TestChange:
    async def test_a_new_name_is_told_of_everything_that_shows_it(
        self, routing: Service, regency: Regency, call: Call
    ) -> None:
        seat = await official(call, regency, "roads", "I Ketut Darma")
        told = len(await published(routing))
        path = f"/v1/units/{regency.units['pu'].id}"
        status, unit, headers = await call(ADMIN, "PATCH", path, json={"name": "Dinas PUPR"})
        assert (status, unit["name"], headers["ETag"]) == (200, "Dinas PUPR", '"2"')
        events = (await published(routing))[told:]
        kinds = [one.type.split(".")[-3] for one in events]
        assert kinds == ["unit", *["position"] * 5, "assignment"]
        assert all(one.data.get("unit_name", one.data.get("name")) == "Dinas PUPR" for one in events)
        assert {one.streamversion for one in events} == {2}
        _, kept, _ = await call(ADMIN, "GET", f"/v1/assignments/{seat['id']}")
        assert (kept["unit_name"], kept["version"]) == ("Dinas PUPR", 2)

    async def test_another_kind_reaches_its_positions(self, regency: Regency, call: Call) -> None:
        await call(ADMIN, "PATCH", f"/v1/units/{regency.units['sekartaji'].id}", json={"kind": "ward"})
        _, operator, _ = await call(ADMIN, "GET", f"/v1/positions/{regency.positions['operator'].id}")
        assert operator["unit_kind"] == "ward"

    async def test_it_moves_under_another_and_back_to_the_top(self, regency: Regency, call: Call) -> None:
        path, district = f"/v1/units/{regency.units['sekartaji'].id}", regency.units["nusa_penida"].id
        _, unit, _ = await call(ADMIN, "PATCH", path, json={"parent_id": district})
        assert unit["parent_id"] == district
        _, unit, _ = await call(ADMIN, "PATCH", path, json={"parent_id": None})
        assert unit["parent_id"] is None

    async def test_under_its_own_descendant_it_is_refused(self, regency: Regency, call: Call) -> None:
        district, village = regency.units["nusa_penida"].id, regency.units["sekartaji"].id
        await call(ADMIN, "PATCH", f"/v1/units/{village}", json={"parent_id": district})
        for parent in (village, district):
            status, problem, _ = await call(ADMIN, "PATCH", f"/v1/units/{district}", json={"parent_id": parent})
            assert (status, problem["code"], problem["field"]) == (422, "unit_cycle", "parent_id")

    async def test_two_moves_at_once_close_no_circle(self, regency: Regency, call: Call) -> None:
        one, other = regency.units["nusa_penida"].id, regency.units["sekartaji"].id
        for _ in range(5):
            answers = await asyncio.gather(
                call(ADMIN, "PATCH", f"/v1/units/{one}", json={"parent_id": other}),
                call(ADMIN, "PATCH", f"/v1/units/{other}", json={"parent_id": one}),
            )
            assert sorted(status for status, _, _ in answers) == [200, 422]
            for identifier in (one, other):
                await call(ADMIN, "PATCH", f"/v1/units/{identifier}", json={"parent_id": None})

    async def test_closing_one_in_use_names_what_hangs_on_it(self, regency: Regency, call: Call) -> None:
        path = f"/v1/units/{regency.units['nusa_penida'].id}"
        await call(
            ADMIN, "PATCH", f"/v1/units/{regency.units['sekartaji'].id}", json={"parent_id": path.split("/")[-1]}
        )
        status, problem, _ = await call(ADMIN, "PATCH", path, json={"active": False})
        assert (status, problem["code"]) == (409, "unit_in_use")
        assert "Desa Sekartaji" in problem["detail"]
        assert "Camat Nusa Penida" in problem["detail"]
        assert (problem["state"]["active"], problem["state"]["version"]) == (True, 1)

    async def test_nothing_is_made_in_a_closed_unit(self, regency: Regency, call: Call) -> None:
        unit = (await call(ADMIN, "POST", "/v1/units", json={"name": "Dinas Lama", "kind": "agency"}))[1]["id"]
        assert (await call(ADMIN, "PATCH", f"/v1/units/{unit}", json={"active": False}))[0] == 200
        for path, body in (
            ("/v1/units", {"name": "Bidang", "kind": "subdivision", "parent_id": unit}),
            ("/v1/positions", {"title": "Kepala", "unit_id": unit, "role": "head"}),
        ):
            status, problem, _ = await call(ADMIN, "POST", path, json=body)
            assert (status, problem["code"]) == (422, "inactive_unit")
        assert (await call(ADMIN, "PATCH", f"/v1/units/{unit}", json={"active": True}))[0] == 200

    async def test_a_state_that_was_not_seen_is_not_changed(
        self, routing: Service, regency: Regency, call: Call
    ) -> None:
        path, seen = f"/v1/units/{regency.units['pu'].id}", {"If-Match": '"1"'}
        assert (await call(ADMIN, "PATCH", path, json={"name": "Dinas PUPR"}, headers=seen))[0] == 200
        told = len(await published(routing))
        status, problem, _ = await call(ADMIN, "PATCH", path, json={"name": "Dinas X"}, headers=seen)
        assert (status, problem["code"], problem["version"]) == (412, "changed_meanwhile", 2)
        assert (await call(ADMIN, "PATCH", path, json={"name": "Dinas PUPR"}, headers=seen))[0] == 200
        assert len(await published(routing)) == told

    async def test_a_code_another_has_is_refused_with_who_has_it(self, regency: Regency, call: Call) -> None:
        path = f"/v1/units/{regency.units['pu'].id}"
        assert (await call(ADMIN, "PATCH", path, json={"code": "PU"}))[1]["code"] == "PU"
        other = f"/v1/units/{regency.units['sekartaji'].id}"
        status, problem, _ = await call(ADMIN, "PATCH", other, json={"code": "PU"})
        assert (status, problem["code"], problem["state"]["name"]) == (409, "code_taken", "Dinas Pekerjaan Umum")

    async def test_what_may_not_be_empty_is_refused(self, regency: Regency, call: Call) -> None:
        path = f"/v1/units/{regency.units['pu'].id}"
        for body in ({"name": None}, {"name": " "}, {"kind": "ministry"}, {"active": None}, {"version": 7}):
            assert (await call(ADMIN, "PATCH", path, json=body))[0] == 422

    async def test_an_unknown_one_and_one_without_the_scope_are_refused(self, regency: Regency, call: Call) -> None:
        assert (await call(ADMIN, "PATCH", f"/v1/units/{new_id()}", json={"name": "X"}))[0] == 404
        assert (await call(CLERK, "PATCH", f"/v1/units/{regency.units['pu'].id}", json={"name": "X"}))[0] == 403
