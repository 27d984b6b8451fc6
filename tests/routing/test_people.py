"""People over HTTP."""

from services.chassis.ids import new_id
from services.chassis.service import Service
from tests.events import published
from tests.people import principal
from tests.routing.conftest import Call
from tests.routing.officials import as_principal, official
from tests.routing.regency import ADMIN, Regency


class TestCreate:
    async def test_a_person_is_kept_and_not_told(self, routing: Service, call: Call) -> None:
        body = {"id": new_id(), "name": "I Wayan Sudira", "nip": "197001011990031001"}
        assert (await call(ADMIN, "POST", "/v1/people", json=body))[0] == 201
        assert (await call(ADMIN, "POST", "/v1/people", json=body))[0] == 200
        _, page, _ = await call(principal(), "GET", "/v1/people")
        assert page["items"] == [{**body, "rank": None, "code": None, "version": 1}]
        assert await published(routing) == []

    async def test_a_number_that_is_none_is_refused(self, call: Call) -> None:
        status, problem, _ = await call(ADMIN, "POST", "/v1/people", json={"name": "X", "nip": "123"})
        assert (status, problem["errors"][0]["field"]) == (422, "body.nip")

    async def test_a_number_somebody_has_is_refused_with_who(self, call: Call) -> None:
        first = {"name": "I Wayan Sudira", "nip": "197001011990031001"}
        await call(ADMIN, "POST", "/v1/people", json=first)
        status, problem, _ = await call(ADMIN, "POST", "/v1/people", json={**first, "name": "Ni Made Ratih"})
        assert (status, problem["code"], problem["state"]["name"]) == (409, "nip_taken", "I Wayan Sudira")


class TestSee:
    async def test_a_number_is_shown_to_who_keeps_the_organisation_and_to_its_owner(
        self, regency: Regency, call: Call
    ) -> None:
        nip = "197001011990031001"
        ratih = as_principal(await official(call, regency, "head", "Ni Made Ratih", nip=nip), regency, "head")
        darma = as_principal(await official(call, regency, "roads", "I Ketut Darma"), regency, "roads")
        for caller, seen in ((ADMIN, nip), (ratih, nip), (darma, None)):
            _, one, _ = await call(caller, "GET", f"/v1/people/{ratih.person_id}")
            _, page, _ = await call(caller, "GET", "/v1/people", params={"q": "ratih"})
            _, history, _ = await call(caller, "GET", f"/v1/people/{ratih.person_id}/history")
            told = [row["state"]["nip"] for row in history["items"] if row["entity"] == "person"]
            assert (one["nip"], [who["nip"] for who in page["items"]], told) == (seen, [seen], [seen])
            signed = [row["state"]["nip"] for row in history["items"] if row["entity"] == "assignment"]
            assert signed == [seen]

    async def test_somebody_is_found_by_any_word_of_the_name(self, regency: Regency, call: Call) -> None:
        for name in ("I Made Wira", "Ni Made Ratih", "I Wayan Suka"):
            await call(ADMIN, "POST", "/v1/people", json={"name": name})
        for text, found in (("wi", {"I Made Wira"}), ("MADE", {"I Made Wira", "Ni Made Ratih"}), ("ira", set())):
            _, page, _ = await call(principal(), "GET", "/v1/people", params={"q": text})
            assert {who["name"] for who in page["items"]} == found

    async def test_an_unknown_one_is_not_found(self, http: object, call: Call) -> None:
        assert (await call(ADMIN, "GET", f"/v1/people/{new_id()}"))[0] == 404


class TestChange:
    async def test_a_new_name_stands_in_what_is_in_force_or_coming(
        self, routing: Service, regency: Regency, call: Call
    ) -> None:
        seat = await official(call, regency, "head", "Ni Made Ratih", ends_on="2024-12-31")
        again = {"person_id": seat["person_id"], "position_id": seat["position_id"], "starts_on": "2025-01-01"}
        _, present, _ = await call(ADMIN, "POST", "/v1/assignments", json=again)
        told = len(await published(routing))
        path, seen = f"/v1/people/{seat['person_id']}", {"If-Match": '"1"'}
        status, person, headers = await call(ADMIN, "PATCH", path, json={"name": "Ni Made Ratih, S.T."}, headers=seen)
        assert (status, person["name"], headers["ETag"]) == (200, "Ni Made Ratih, S.T.", '"2"')
        [event] = (await published(routing))[told:]
        assert (event.subject, event.data["person_name"]) == (f"assignment/{present['id']}", "Ni Made Ratih, S.T.")
        _, former, _ = await call(ADMIN, "GET", f"/v1/assignments/{seat['id']}")
        assert former["person_name"] == "Ni Made Ratih"
        assert (await call(ADMIN, "PATCH", path, json={"name": "X"}, headers=seen))[0] == 412

    async def test_number_and_rank_are_told_with_what_is_in_force(
        self, routing: Service, regency: Regency, call: Call
    ) -> None:
        seat = await official(call, regency, "head", "Ni Made Ratih")
        signs = {"nip": "197501011995032001", "rank": "Pembina Utama Muda (IV/c)"}
        assert (await call(ADMIN, "PATCH", f"/v1/people/{seat['person_id']}", json=signs))[0] == 200
        event = (await published(routing))[-1]
        assert (event.subject, event.streamversion) == (f"assignment/{seat['id']}", 2)
        assert {name: event.data[name] for name in signs} == signs
        await call(ADMIN, "PATCH", f"/v1/people/{seat['person_id']}", json={"rank": None})
        assert (await published(routing))[-1].data["rank"] is None

    async def test_a_number_somebody_has_is_refused(self, call: Call) -> None:
        await call(ADMIN, "POST", "/v1/people", json={"name": "A", "nip": "197001011990031001"})
        _, who, _ = await call(ADMIN, "POST", "/v1/people", json={"name": "B", "nip": "198001011990031001"})
        path = f"/v1/people/{who['id']}"
        assert (await call(ADMIN, "PATCH", path, json={"nip": "197001011990031001"}))[0] == 409
        assert (await call(ADMIN, "PATCH", path, json={"nip": None}))[1]["nip"] is None
        assert (await call(ADMIN, "PATCH", f"/v1/people/{new_id()}", json={"name": "X"}))[0] == 404
