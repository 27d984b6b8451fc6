"""Units over HTTP."""

import asyncio

from services.chassis.ids import new_id
from services.chassis.service import Service
from tests.events import published, types_published
from tests.people import principal
from tests.routing.conftest import Call
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
