"""People over HTTP."""

from services.chassis.ids import new_id
from services.chassis.service import Service
from tests.events import published
from tests.people import principal
from tests.routing.conftest import Call
from tests.routing.regency import ADMIN


class TestCreate:
    async def test_a_person_is_kept_and_not_told(self, routing: Service, call: Call) -> None:
        body = {"id": new_id(), "name": "I Wayan Sudira", "nip": "197001011990031001"}
        assert (await call(ADMIN, "POST", "/v1/people", json=body))[0] == 201
        assert (await call(ADMIN, "POST", "/v1/people", json=body))[0] == 200
        _, page, _ = await call(principal(), "GET", "/v1/people")
        assert page["items"] == [{**body, "code": None, "version": 1}]
        assert await published(routing) == []

    async def test_a_number_that_is_none_is_refused(self, call: Call) -> None:
        status, problem, _ = await call(ADMIN, "POST", "/v1/people", json={"name": "X", "nip": "123"})
        assert (status, problem["errors"][0]["field"]) == (422, "body.nip")
