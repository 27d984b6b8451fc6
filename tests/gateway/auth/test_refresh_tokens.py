"""Refresh tokens: one after the other, none twice, and a lost answer is no lost session."""

import asyncio
from datetime import timedelta
from typing import Any

from gateway.auth.sessions import SESSIONS, TOKENS
from services.chassis.clock import now
from tests.gateway.conftest import NAMES, Door, OpenDoor
from tests.gateway.upstream import Upstream


async def refresh(door: Door, token: str) -> tuple[int, dict[str, Any]]:
    """Status and body of a refresh."""
    async with door.http.post("/v1/auth/refresh", json={"refresh_token": token}) as answer:
        return answer.status, await answer.json()


async def later(door: Door, collection: str, field: str, seconds: int) -> None:
    """Let time pass for an instant in every document: it is put back."""
    rows = door.gateway.service.foundation.database[collection]
    for row in await rows.find({}).to_list(None):
        if row.get(field):
            await rows.update_one({"_id": row["_id"]}, {"$set": {field: row[field] - timedelta(seconds=seconds)}})


class TestRefresh:
    """POST /v1/auth/refresh."""

    async def test_each_token_gets_the_next(self, door: Door) -> None:
        _, first = await door.sign_in()
        status, second = await refresh(door, first["refresh_token"])
        assert status == 200
        assert second["refresh_token"] != first["refresh_token"]
        assert second["access_token"] != first["access_token"]
        assert (await refresh(door, second["refresh_token"]))[0] == 200

    async def test_whoever_got_no_answer_gets_the_same_again(self, door: Door) -> None:
        _, first = await door.sign_in()
        _, lost = await refresh(door, first["refresh_token"])
        status, repeated = await refresh(door, first["refresh_token"])
        assert status == 200
        assert repeated["refresh_token"] == lost["refresh_token"]
        assert (await refresh(door, repeated["refresh_token"]))[0] == 200

    async def test_of_two_uses_at_once_both_get_the_same(self, door: Door) -> None:
        _, first = await door.sign_in()
        both = await asyncio.gather(*(refresh(door, first["refresh_token"]) for _ in range(2)))
        assert [status for status, _ in both] == [200, 200]
        assert both[0][1]["refresh_token"] == both[1][1]["refresh_token"]

    async def test_a_token_that_comes_back_after_its_successor_was_used_ends_the_session(self, door: Door) -> None:
        _, first = await door.sign_in()
        _, second = await refresh(door, first["refresh_token"])
        _, third = await refresh(door, second["refresh_token"])
        status, problem = await refresh(door, first["refresh_token"])
        assert (status, problem["code"]) == (401, "refresh_invalid")
        assert (await refresh(door, third["refresh_token"]))[0] == 401

    async def test_after_the_grace_a_second_use_ends_the_session(self, door: Door) -> None:
        _, first = await door.sign_in()
        _, second = await refresh(door, first["refresh_token"])
        await later(door, TOKENS, "used_at", 31)
        assert (await refresh(door, first["refresh_token"]))[0] == 401
        assert (await refresh(door, second["refresh_token"]))[0] == 401

    async def test_without_a_grace_the_second_use_ends_the_session(
        self, open_door: OpenDoor, upstream: Upstream
    ) -> None:
        async with open_door(refresh_grace_seconds=0, **dict.fromkeys(NAMES, upstream.url)) as door:
            await door.account()
            _, first = await door.sign_in()
            _, second = await refresh(door, first["refresh_token"])
            await later(door, TOKENS, "used_at", 1)
            assert (await refresh(door, first["refresh_token"]))[0] == 401
            assert (await refresh(door, second["refresh_token"]))[0] == 401

    async def test_with_the_stolen_session_its_access_tokens_end_and_it_is_put_on_record(self, door: Door) -> None:
        _, first = await door.sign_in()
        _, second = await refresh(door, first["refresh_token"])
        _, third = await refresh(door, second["refresh_token"])
        await refresh(door, first["refresh_token"])
        headers = {"Authorization": f"Bearer {third['access_token']}"}
        async with door.http.get("/v1/inbox", headers=headers) as answer:
            assert answer.status == 401
            assert (await answer.json())["code"] == "session_ended"
        await door.gateway.context.audit.link_all()
        kinds = {entry.kind for entry in await door.gateway.context.audit.numbered(1, 100)}
        assert "session.token_reused" in kinds

    async def test_other_sessions_of_the_account_live_on(self, door: Door) -> None:
        _, stolen = await door.sign_in()
        _, other = await door.sign_in()
        _, second = await refresh(door, stolen["refresh_token"])
        await refresh(door, second["refresh_token"])
        assert (await refresh(door, stolen["refresh_token"]))[0] == 401
        assert (await refresh(door, other["refresh_token"]))[0] == 200

    async def test_neither_token_nor_successor_is_stored(self, door: Door) -> None:
        _, first = await door.sign_in()
        _, second = await refresh(door, first["refresh_token"])
        rows = await door.gateway.service.foundation.database[TOKENS].find({}).to_list(None)
        assert len(rows) == 2
        assert first["refresh_token"] not in str(rows)
        assert second["refresh_token"] not in str(rows)

    async def test_an_invented_token_is_refused(self, door: Door) -> None:
        assert (await refresh(door, "invented"))[0] == 401

    async def test_an_account_that_was_switched_off_gets_nothing(self, door: Door) -> None:
        _, body = await door.sign_in()
        rows = door.gateway.service.foundation.database["accounts"]
        await rows.update_one({"username": "wayan"}, {"$set": {"active": False}})
        assert (await refresh(door, body["refresh_token"]))[0] == 401


class TestLives:
    """How long a session goes on."""

    async def test_a_token_that_was_not_used_for_too_long_is_refused(self, door: Door) -> None:
        _, body = await door.sign_in()
        await later(door, TOKENS, "expires_at", 15 * 24 * 3600)
        assert (await refresh(door, body["refresh_token"]))[0] == 401

    async def test_a_session_ends_after_its_longest_life(self, door: Door) -> None:
        _, body = await door.sign_in()
        past = {"$set": {"expires_at": now() - timedelta(seconds=1)}}
        await door.gateway.service.foundation.database[SESSIONS].update_many({}, past)
        assert (await refresh(door, body["refresh_token"]))[0] == 401

    async def test_use_lets_it_go_on_but_never_past_its_longest_life(self, door: Door) -> None:
        _, body = await door.sign_in()
        rows = door.gateway.service.foundation.database[SESSIONS]
        until = now() + timedelta(hours=1)
        await rows.update_many({}, {"$set": {"until": until, "expires_at": until}})
        _, second = await refresh(door, body["refresh_token"])
        assert second["refresh_expires_at"] == until.isoformat().replace("+00:00", "Z")

    async def test_a_session_from_before_has_no_facts_and_goes_on(self, door: Door) -> None:
        _, body = await door.sign_in()
        rows = door.gateway.service.foundation.database[SESSIONS]
        new = ("keeping", "via", "second_factor", "remembered", "address", "user_agent", "last_used_at", "until")
        await rows.update_many({}, {"$unset": dict.fromkeys((*new, "open_for"), "")})
        assert (await refresh(door, body["refresh_token"]))[0] == 200

    async def test_beyond_the_most_an_account_may_have_the_longest_unused_ends(
        self, open_door: OpenDoor, upstream: Upstream
    ) -> None:
        async with open_door(sessions_per_account=2, **dict.fromkeys(NAMES, upstream.url)) as door:
            await door.account()
            (_, first), (_, second) = await door.sign_in(), await door.sign_in()
            await later(door, SESSIONS, "last_used_at", 601)
            _, first = await refresh(door, first["refresh_token"])
            _, third = await door.sign_in()
            assert (await refresh(door, second["refresh_token"]))[0] == 401
            assert (await refresh(door, first["refresh_token"]))[0] == 200
            assert (await refresh(door, third["refresh_token"]))[0] == 200

    async def test_but_none_whose_token_may_be_at_work(self, open_door: OpenDoor, upstream: Upstream) -> None:
        async with open_door(sessions_per_account=1, **dict.fromkeys(NAMES, upstream.url)) as door:
            await door.account()
            (_, first), (_, second) = await door.sign_in(), await door.sign_in()
            for body in (first, second):
                assert (await refresh(door, body["refresh_token"]))[0] == 200


class TestSignOut:
    """POST /v1/auth/logout of an app."""

    async def test_nothing_of_the_session_works_afterwards(self, door: Door) -> None:
        _, body = await door.sign_in()
        token = {"refresh_token": body["refresh_token"]}
        for _ in range(2):
            async with door.http.post("/v1/auth/logout", json=token) as answer:
                assert answer.status == 204
        assert (await refresh(door, body["refresh_token"]))[0] == 401
        headers = {"Authorization": f"Bearer {body['access_token']}"}
        for path in ("/v1/inbox", "/v1/me"):
            async with door.http.get(path, headers=headers) as answer:
                assert (answer.status, (await answer.json())["code"]) == (401, "session_ended")

    async def test_a_token_that_was_swapped_ends_its_session_too(self, door: Door) -> None:
        _, first = await door.sign_in()
        _, second = await refresh(door, first["refresh_token"])
        async with door.http.post("/v1/auth/logout", json={"refresh_token": first["refresh_token"]}) as answer:
            assert answer.status == 204
        assert (await refresh(door, second["refresh_token"]))[0] == 401

    async def test_an_invented_token_ends_nothing(self, door: Door) -> None:
        async with door.http.post("/v1/auth/logout", json={"refresh_token": "invented"}) as answer:
            assert answer.status == 204

    async def test_without_anything_to_end_it_is_no_error(self, door: Door) -> None:
        async with door.http.post("/v1/auth/logout") as answer:
            assert answer.status == 204
