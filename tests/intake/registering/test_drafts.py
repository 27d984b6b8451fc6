"""Drafts: save, come back, register; one letter however often it is asked for."""

import asyncio
from typing import Any

from services.chassis.auth import Principal
from tests.intake.registering.test_by_reference import loose_scan
from tests.intake.world import Answer, World
from tests.people import held, principal


async def send(
    world: World, method: str, path: str, body: Any = None, *, person: Principal | None = None, **headers: str
) -> Answer:
    """Any request with a JSON body."""
    sent = world.headers(person) | {name.replace("_", "-"): value for name, value in headers.items()}
    async with world.http.request(method, path, json=body, headers=sent) as response:
        return Answer(response.status, response.headers, await response.json(content_type=None))


async def kept(world: World, **content: Any) -> dict[str, Any]:
    """A draft of the operator's with a whole letter and one scan, unless said otherwise."""
    scan = await loose_scan(world)
    body = {"letter": world.letter(), "scans": [scan.scan_id]} | content
    answer = await send(world, "POST", "/v1/drafts", body)
    assert answer.status == 201, answer.body
    found: dict[str, Any] = answer.body
    return found


class TestKeep:
    async def test_holds_what_was_said_and_no_more(self, world: World) -> None:
        draft = await kept(world, letter={"subject": "Permohonan"}, scans=[])
        assert (draft["letter"], draft["scans"], draft["version"]) == ({"subject": "Permohonan"}, [], 1)

    async def test_malformed_field_is_refused_though_others_are_missing(self, world: World) -> None:
        answer = await send(world, "POST", "/v1/drafts", {"letter": {"urgency": "kilat"}})
        assert answer.status == 422

    async def test_retry_with_the_same_key_keeps_one(self, world: World) -> None:
        body = {"letter": {"subject": "Permohonan"}}
        answers = [await send(world, "POST", "/v1/drafts", body, Idempotency_Key="k") for _ in range(2)]
        assert answers[0].body["id"] == answers[1].body["id"]
        assert len(await world.rows("drafts")) == 1

    async def test_retry_gets_its_draft_also_when_that_is_a_letter_meanwhile(self, world: World) -> None:
        scan = await loose_scan(world)
        body = {"letter": world.letter(), "scans": [scan.scan_id]}
        first = await send(world, "POST", "/v1/drafts", body, Idempotency_Key="k")
        assert (await send(world, "POST", f"/v1/drafts/{first.body['id']}/register")).status == 201
        again = await send(world, "POST", "/v1/drafts", body, Idempotency_Key="k")
        assert (again.status, again.body["id"]) == (201, first.body["id"])

    async def test_scan_of_somebody_else_is_refused(self, world: World) -> None:
        scan = await loose_scan(world)
        answer = await send(world, "POST", "/v1/drafts", {"scans": [scan.scan_id]}, person=world.head)
        assert answer.status == 404


class TestSee:
    async def test_colleague_who_handles_letters_sees_it(self, world: World) -> None:
        draft = await kept(world)
        registrar = principal(held("registrar", unit_id=world.village.unit_id))
        assert (await send(world, "GET", f"/v1/drafts/{draft['id']}", person=registrar)).body["id"] == draft["id"]
        listed = await send(world, "GET", "/v1/drafts", person=registrar)
        assert [one["id"] for one in listed.body["items"]] == [draft["id"]]

    async def test_K6_another_unit_finds_nothing(self, world: World) -> None:
        draft = await kept(world)
        neighbour = principal(world.neighbour)
        assert (await send(world, "GET", f"/v1/drafts/{draft['id']}", person=neighbour)).status == 404
        assert (await send(world, "GET", "/v1/drafts", person=neighbour)).body["items"] == []
        for method, path in (("PUT", ""), ("DELETE", ""), ("POST", "/register")):
            answer = await send(world, method, f"/v1/drafts/{draft['id']}{path}", {}, person=neighbour)
            assert answer.status == 404

    async def test_pages_go_on_where_the_last_ended(self, world: World) -> None:
        made = [(await kept(world, scans=[]))["id"] for _ in range(5)]
        first = (await send(world, "GET", "/v1/drafts?limit=3")).body
        second = (await send(world, "GET", f"/v1/drafts?limit=3&cursor={first['next']}")).body
        assert [one["id"] for one in first["items"] + second["items"]] == made[::-1]
        assert second["next"] is None


class TestChange:
    async def test_replaces_the_whole_draft(self, world: World) -> None:
        draft = await kept(world)
        body = {"letter": {"subject": "Lain"}, "scans": draft["scans"]}
        answer = await send(world, "PUT", f"/v1/drafts/{draft['id']}", body, If_Match='"1"')
        assert (answer.body["letter"], answer.headers["ETag"]) == ({"subject": "Lain"}, '"2"')

    async def test_of_an_older_version_is_refused(self, world: World) -> None:
        draft = await kept(world)
        path = f"/v1/drafts/{draft['id']}"
        await send(world, "PUT", path, {}, If_Match='"1"')
        assert (await send(world, "PUT", path, {}, If_Match='"1"')).code == "changed_meanwhile"

    async def test_at_once_loses_no_change_unseen(self, world: World) -> None:
        draft = await kept(world)
        path = f"/v1/drafts/{draft['id']}"
        bodies = [{"letter": {"subject": f"Perihal {n}"}} for n in range(5)]
        answers = await asyncio.gather(*(send(world, "PUT", path, body, If_Match='"1"') for body in bodies))
        assert sorted(answer.status for answer in answers) == [200, 412, 412, 412, 412]

    async def test_thrown_away_is_gone_and_its_scan_stays(self, world: World) -> None:
        draft = await kept(world)
        assert (await send(world, "DELETE", f"/v1/drafts/{draft['id']}")).status == 204
        assert (await send(world, "GET", f"/v1/drafts/{draft['id']}")).status == 404
        assert await world.context.scans.get(draft["scans"][0]) is not None


class TestRegister:
    async def test_becomes_a_letter_with_its_scans(self, world: World) -> None:
        draft = await kept(world)
        answer = await send(world, "POST", f"/v1/drafts/{draft['id']}/register")
        assert answer.status == 201, answer.body
        assert [file["file_id"] for file in answer.body["files"]] == draft["scans"]
        assert (await send(world, "GET", "/v1/drafts")).body["items"] == []
        assert (await send(world, "GET", f"/v1/drafts/{draft['id']}")).body["letter_id"] == answer.body["id"]

    async def test_incomplete_one_says_what_it_lacks(self, world: World) -> None:
        draft = await kept(world, letter={"subject": "Permohonan"})
        answer = await send(world, "POST", f"/v1/drafts/{draft['id']}/register")
        assert answer.status == 422
        assert "addressees" in str(answer.body)

    async def test_one_without_scans_is_refused(self, world: World) -> None:
        draft = await kept(world, scans=[])
        assert (await send(world, "POST", f"/v1/drafts/{draft['id']}/register")).code == "scans_missing"

    async def test_asked_for_again_gives_the_same_letter(self, world: World) -> None:
        draft = await kept(world)
        path = f"/v1/drafts/{draft['id']}/register"
        first = await send(world, "POST", path)
        again = await asyncio.gather(*(send(world, "POST", path) for _ in range(4)))
        assert {(answer.status, answer.body["id"]) for answer in again} == {(201, first.body["id"])}
        assert len(await world.rows("letters")) == 1

    async def test_two_colleagues_at_once_make_one_letter(self, world: World) -> None:
        draft = await kept(world)
        registrar = principal(held("registrar", unit_id=world.village.unit_id))
        path = f"/v1/drafts/{draft['id']}/register"
        people = [None, registrar] * 3
        answers = await asyncio.gather(*(send(world, "POST", path, person=one) for one in people))
        assert len(await world.rows("letters")) == 1
        assert {answer.status for answer in answers} <= {201, 409}
        [letter] = await world.rows("letters")
        late = await send(world, "POST", path, person=principal(held("head", unit_id=world.village.unit_id)))
        assert (late.code, late.body["letter_id"]) == ("draft_registered", letter["_id"])

    async def test_registered_one_is_not_changed_or_thrown_away(self, world: World) -> None:
        draft = await kept(world)
        path = f"/v1/drafts/{draft['id']}"
        letter = (await send(world, "POST", f"{path}/register")).body
        for method in ("PUT", "DELETE"):
            answer = await send(world, method, path, {})
            assert (answer.status, answer.code, answer.body["letter_id"]) == (409, "draft_registered", letter["id"])
