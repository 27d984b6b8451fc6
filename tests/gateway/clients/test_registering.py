"""Apps as administrators make and change them."""

import asyncio

from services.chassis.ids import new_id
from tests.gateway.clients.conftest import CONTACT, Office, person
from tests.waiting import until_equal


def words(office: Office, **changes: object) -> dict[str, object]:
    """What an administrator says of a new app."""
    return {"name": "SIPJALAN", "unit_id": office.unit_id, "contact": CONTACT, **changes}


class TestRegistering:
    async def test_an_app_stands_in_tracks_under_its_name(self, office: Office) -> None:
        client = await office.client(name="SIPJALAN")
        assert client["shown_as"] == "Aplikasi SIPJALAN"
        assert client["unit_name"] == "Dinas Pekerjaan Umum"
        assert client["active"] is True

    async def test_its_unit_must_be_known(self, office: Office) -> None:
        status, problem = await office.ask("POST", "/v1/clients", words(office, unit_id=new_id()))
        assert (status, problem["code"]) == (422, "unknown_unit")

    async def test_its_positions_must_be_known_and_active(self, office: Office) -> None:
        closed, stranger = new_id(), new_id()
        await office.place(closed, active=False)
        wanted = words(office, position_ids=[office.position_id, closed, stranger])
        status, problem = await office.ask("POST", "/v1/clients", wanted)
        assert (status, problem["code"]) == (422, "unknown_position")
        assert problem["position_ids"] == [closed, stranger]

    async def test_a_name_tells_apps_apart_however_it_is_written(self, office: Office) -> None:
        await office.client(name="SIPJALAN")
        status, problem = await office.ask("POST", "/v1/clients", words(office, name="Sipjalan "))
        assert (status, problem["code"]) == (409, "client_name_taken")

    async def test_two_at_once_under_one_name_make_one(self, office: Office) -> None:
        made = await asyncio.gather(*(office.ask("POST", "/v1/clients", words(office)) for _ in range(5)))
        assert sorted(status for status, _ in made) == [201, 409, 409, 409, 409]

    async def test_a_repeat_with_the_same_key_gets_the_first_answer(self, office: Office) -> None:
        answers = [
            await office.ask("POST", "/v1/clients", words(office), **{"Idempotency-Key": "satu"}) for _ in range(2)
        ]
        assert answers[0] == answers[1]
        assert answers[0][0] == 201

    async def test_a_repeat_is_known_though_its_position_was_closed(self, office: Office) -> None:
        once = {"Idempotency-Key": "satu"}
        wanted = words(office, position_ids=[office.position_id])
        first = await office.ask("POST", "/v1/clients", wanted, **once)
        await office.place(office.position_id, active=False, seq=2)
        another = {**wanted, "name": "SIPJALAN kedua"}
        await until_equal(
            lambda: office.ask("POST", "/v1/clients", another),
            lambda answer: answer[1].get("code") == "unknown_position",
        )
        assert await office.ask("POST", "/v1/clients", wanted, **once) == first

    async def test_grants_that_do_not_exist_are_refused(self, office: Office) -> None:
        for grant in ("administration:read", "session:write", "public:read", "letters:everything"):
            status, problem = await office.ask("POST", "/v1/clients", words(office, grants=[grant]))
            assert (status, problem["code"]) == (422, "validation_failed"), grant


class TestWhoMayRegister:
    async def test_an_administrator_of_the_regency_alone(self, office: Office) -> None:
        for roles in ((), ("unit_admin", "archivist", "auditor")):
            office.admin = person(office.door, *roles)
            for method, path in (("GET", "/v1/clients"), ("POST", "/v1/clients"), ("GET", f"/v1/clients/{new_id()}")):
                status, problem = await office.ask(method, path, words(office) if method == "POST" else None)
                assert (status, problem["code"]) == (403, "forbidden"), (roles, method, path)

    async def test_no_app_administers_apps(self, office: Office) -> None:
        client = await office.client(grants=["organisation:read", "organisation:write"])
        key = (await office.key(client))["key"]
        for path in ("/v1/clients", "/v1/accounts", "/v1/audit/identity", "/v1/me"):
            assert (await office.visit(key, path))[0] == 403, path

    async def test_nobody_sees_anything_without_signing_in(self, office: Office) -> None:
        async with office.door.http.get("/v1/clients") as answer:
            assert answer.status == 401


class TestListing:
    async def test_the_newest_come_first_a_page_at_a_time(self, office: Office) -> None:
        made = [await office.client() for _ in range(3)]
        _, first = await office.ask("GET", "/v1/clients?limit=2")
        _, second = await office.ask("GET", f"/v1/clients?limit=2&cursor={first['next']}")
        assert [one["id"] for one in (*first["items"], *second["items"])] == [one["id"] for one in reversed(made)]
        assert second["next"] is None

    async def test_one_that_is_not_there_is_404(self, office: Office) -> None:
        for path in ("", "/keys", "/secrets", "/webhooks", "/usage"):
            status, problem = await office.ask("GET", f"/v1/clients/{new_id()}{path}")
            assert (status, problem["code"]) == (404, "not_found"), path


class TestChanging:
    async def test_what_is_not_named_stays(self, office: Office) -> None:
        client = await office.client()
        changed = await office.change(client, per_second=5, contact=None)
        stamps = {"version": 2, "changed_at": changed["changed_at"], "per_second": 5.0}
        assert changed == {**client, **stamps}

    async def test_a_state_nobody_has_seen_is_not_changed(self, office: Office) -> None:
        client = await office.client()
        path = f"/v1/clients/{client['id']}"
        await office.change(client, burst=3)
        status, problem = await office.ask("PATCH", path, {"active": False}, **{"If-Match": '"1"'})
        assert (status, problem["code"]) == (412, "changed_meanwhile")
        status, now = await office.ask("PATCH", path, {"active": False}, **{"If-Match": '"2"'})
        assert (status, now["active"]) == (200, False)

    async def test_a_name_that_is_taken_is_refused(self, office: Office) -> None:
        await office.client(name="SIMPEG")
        client = await office.client()
        status, problem = await office.ask("PATCH", f"/v1/clients/{client['id']}", {"name": "simpeg"})
        assert (status, problem["code"]) == (409, "client_name_taken")

    async def test_of_changes_at_once_none_is_lost(self, office: Office) -> None:
        client = await office.client()
        await asyncio.gather(
            office.change(client, burst=7), office.change(client, per_second=3), office.change(client, name="E-Absen")
        )
        _, after = await office.ask("GET", f"/v1/clients/{client['id']}")
        assert (after["burst"], after["per_second"], after["name"], after["version"]) == (7, 3.0, "E-Absen", 4)

    async def test_the_record_tells_what_was_changed_and_no_secret(self, office: Office) -> None:
        client = await office.client()
        key = await office.key(client)
        await office.change(client, active=False)
        _, page = await office.ask("GET", f"/v1/audit/identity?subject=client:{client['id']}")
        kinds = {entry["kind"]: entry for entry in page["items"]}
        assert set(kinds) == {"client.registered", "client.key_made", "client.changed"}
        assert kinds["client.changed"]["details"] == {"active": "false"}
        assert kinds["client.changed"]["actor"]["name"] == "Wayan Sudira"
        assert key["key"] not in str(page)
