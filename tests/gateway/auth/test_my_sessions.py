"""Where one is signed in, and ending it there."""

from typing import Any

import pytest

from gateway.auth import session_ends
from gateway.auth.session_rows import SESSIONS
from services.chassis.ids import new_id
from tests.gateway.auth.browser import Browser
from tests.gateway.conftest import Door


def bearer(body: dict[str, Any]) -> dict[str, str]:
    """Headers with the access token of a sign-in."""
    return {"Authorization": f"Bearer {body['access_token']}"}


async def listed(door: Door, headers: dict[str, str]) -> list[dict[str, Any]]:
    """The sessions one sees."""
    async with door.http.get("/v1/me/sessions", headers=headers) as answer:
        assert answer.status == 200
        items: list[dict[str, Any]] = (await answer.json())["items"]
        return items


class TestList:
    """GET /v1/me/sessions."""

    async def test_H12_everybody_sees_where_they_are_signed_in(self, door: Door, browser: Browser) -> None:
        _, body = await door.sign_in()
        here, there = await listed(door, bearer(body))
        assert (here["current"], here["keeping"], here["via"]) == (True, "app", "password")
        assert (there["current"], there["keeping"], there["device"]) == (False, "portal", "Chrome di Android")
        assert there["address"] == "127.0.0.1"
        assert there["created_at"] <= there["last_used_at"] < there["expires_at"]

    async def test_nothing_secret_is_listed(self, door: Door, browser: Browser) -> None:
        _, body = await door.sign_in()
        for item in await listed(door, bearer(body)):
            assert set(item) == {
                "id",
                "device",
                "address",
                "keeping",
                "via",
                "second_factor",
                "created_at",
                "last_used_at",
                "expires_at",
                "current",
            }

    async def test_sessions_of_others_and_ended_ones_are_not_listed(self, door: Door) -> None:
        await door.account("made")
        await door.sign_in("made")
        _, gone = await door.sign_in()
        _, body = await door.sign_in()
        await door.http.post("/v1/auth/logout", json={"refresh_token": gone["refresh_token"]})
        assert [item["current"] for item in await listed(door, bearer(body))] == [True]

    async def test_a_stranger_sees_none(self, door: Door) -> None:
        for method, path in (("GET", ""), ("DELETE", ""), ("DELETE", f"/{new_id()}")):
            async with door.http.request(method, f"/v1/me/sessions{path}") as answer:
                assert (answer.status, (await answer.json())["code"]) == (401, "token_missing")


class TestEnd:
    """DELETE /v1/me/sessions/{id} and DELETE /v1/me/sessions."""

    async def test_another_session_of_mine_ends_at_once(self, door: Door, browser: Browser) -> None:
        _, body = await door.sign_in()
        there = next(item for item in await listed(door, bearer(body)) if not item["current"])
        assert (await browser.ask("GET", "/v1/inbox"))[0] == 200
        for _ in range(2):
            async with door.http.delete(f"/v1/me/sessions/{there['id']}", headers=bearer(body)) as answer:
                assert answer.status == 204
        status, problem = await browser.ask("GET", "/v1/inbox")
        assert (status, problem["code"]) == (401, "session_ended")

    async def test_the_present_one_may_be_ended_too(self, door: Door) -> None:
        _, body = await door.sign_in()
        (here,) = await listed(door, bearer(body))
        async with door.http.delete(f"/v1/me/sessions/{here['id']}", headers=bearer(body)) as answer:
            assert answer.status == 204
        async with door.http.get("/v1/me", headers=bearer(body)) as answer:
            assert answer.status == 401

    async def test_a_session_of_somebody_else_is_not_found_and_lives_on(self, door: Door) -> None:
        await door.account("made")
        _, theirs = await door.sign_in("made")
        _, body = await door.sign_in()
        (other,) = await listed(door, bearer(theirs))
        for session_id in (other["id"], new_id()):
            async with door.http.delete(f"/v1/me/sessions/{session_id}", headers=bearer(body)) as answer:
                assert (answer.status, (await answer.json())["code"]) == (404, "not_found")
        assert await listed(door, bearer(theirs))

    async def test_all_others_end_and_the_present_one_stays(self, door: Door, browser: Browser) -> None:
        _, other = await door.sign_in()
        _, body = await door.sign_in()
        async with door.http.delete("/v1/me/sessions", headers=bearer(body)) as answer:
            assert (answer.status, await answer.json()) == (200, {"ended": 2})
        assert (await browser.ask("GET", "/v1/inbox"))[0] == 401
        async with door.http.post("/v1/auth/refresh", json={"refresh_token": other["refresh_token"]}) as answer:
            assert answer.status == 401
        assert [item["current"] for item in await listed(door, bearer(body))] == [True]

    async def test_ending_is_put_on_record(self, door: Door, browser: Browser) -> None:
        _, body = await door.sign_in()
        there = next(item for item in await listed(door, bearer(body)) if not item["current"])
        await door.http.delete(f"/v1/me/sessions/{there['id']}", headers=bearer(body))
        audit = door.gateway.context.audit
        await audit.link_all()
        entry = next(one for one in await audit.numbered(1, 100) if one.kind == "session.ended")
        assert entry.subject == f"session:{there['id']}"
        assert entry.actor
        assert entry.actor.name == "Wayan Sudira"


class TestFromBefore:
    """Sessions that do not say whose they are while they last."""

    async def test_a_start_has_them_listed_and_ended_like_others(
        self, door: Door, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(session_ends, "ADOPTED_AT_ONCE", 2)
        old = [(await door.sign_in())[1] for _ in range(5)]
        rows = door.gateway.service.foundation.database[SESSIONS]
        await rows.update_many({}, {"$unset": {"open_for": "", "keeping": "", "last_used_at": "", "until": ""}})
        _, body = await door.sign_in()
        assert len(await listed(door, bearer(body))) == 1
        await door.gateway.service.prepare()
        assert len(await listed(door, bearer(body))) == 6
        async with door.http.delete("/v1/me/sessions", headers=bearer(body)) as answer:
            assert (answer.status, await answer.json()) == (200, {"ended": 5})
        for one in old:
            async with door.http.post("/v1/auth/refresh", json={"refresh_token": one["refresh_token"]}) as answer:
                assert answer.status == 401

    async def test_what_has_ended_stays_so(self, door: Door) -> None:
        _, gone = await door.sign_in()
        await door.http.post("/v1/auth/logout", json={"refresh_token": gone["refresh_token"]})
        _, body = await door.sign_in()
        await door.gateway.service.prepare()
        assert [item["current"] for item in await listed(door, bearer(body))] == [True]
        rows = door.gateway.service.foundation.database[SESSIONS]
        assert await rows.count_documents({"open_for": {"$exists": True}}) == 1
