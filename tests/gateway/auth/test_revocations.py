"""A session that was ended at one gateway ends at the others, within two seconds, whatever tokens of it live."""

import asyncio
import time

import pytest

from gateway.auth import revocations
from services.chassis.mongo import PyMongoError
from tests.gateway.auth.browser import Browser
from tests.gateway.conftest import NAMES, Door, OpenDoor
from tests.gateway.upstream import Upstream

PROMISED_SECONDS = 2.0


async def status_of(door: Door, headers: dict[str, str]) -> int:
    """What the door says to a token."""
    async with door.http.get("/v1/inbox", headers=headers) as answer:
        return answer.status


class TestEnded:
    """Two gateways on one database."""

    async def test_S4_a_session_ended_here_is_ended_there_within_two_seconds(self, twins: tuple[Door, Door]) -> None:
        here, there = twins
        _, body = await here.sign_in()
        headers = {"Authorization": f"Bearer {body['access_token']}"}
        assert await status_of(there, headers) == 200
        await here.http.post("/v1/auth/logout", json={"refresh_token": body["refresh_token"]})
        assert await status_of(here, headers) == 401
        ended = time.monotonic()
        while await status_of(there, headers) == 200:
            assert time.monotonic() - ended < PROMISED_SECONDS + 1, "it still opens the other door"
            await asyncio.sleep(0.05)

    async def test_a_browser_that_is_known_there_is_ended_too(self, twins: tuple[Door, Door]) -> None:
        here, there = twins
        browser = Browser(here)
        await browser.sign_in()
        elsewhere = Browser(there)
        elsewhere.cookies = browser.cookies
        assert (await elsewhere.ask("GET", "/v1/inbox"))[0] == 200
        assert (await browser.ask("POST", "/v1/auth/logout"))[0] == 204
        elsewhere.cookies = {**elsewhere.cookies}
        ended = time.monotonic()
        while (await elsewhere.ask("GET", "/v1/inbox"))[0] == 200:
            assert time.monotonic() - ended < PROMISED_SECONDS + 1, "it still opens the other door"
            await asyncio.sleep(0.05)

    async def test_whoever_was_asked_nothing_for_long_knows_at_the_first_question(
        self, twins: tuple[Door, Door]
    ) -> None:
        here, there = twins
        _, body = await here.sign_in()
        await here.http.post("/v1/auth/logout", json={"refresh_token": body["refresh_token"]})
        assert await status_of(there, {"Authorization": f"Bearer {body['access_token']}"}) == 401

    async def test_what_goes_on_for_long_learns_of_the_end(self, twins: tuple[Door, Door]) -> None:
        here, there = twins
        _, body = await here.sign_in()
        session_id = (await here.gateway.context.sessions.of_refresh_token(body["refresh_token"])).id  # type: ignore[union-attr]
        waiting = asyncio.create_task(there.gateway.context.revocations.until_ended(session_id))
        await asyncio.sleep(0)
        await here.gateway.context.sessions.end(session_id, "revoked")
        await asyncio.wait_for(waiting, PROMISED_SECONDS + 1)
        assert not there.gateway.context.revocations._watched

    async def test_all_sessions_of_an_account_end_with_the_act_that_ends_them(self, twins: tuple[Door, Door]) -> None:
        here, there = twins
        bodies = [(await here.sign_in())[1] for _ in range(3)]
        account = await here.gateway.context.accounts.named("wayan")
        assert account
        ended = await here.gateway.context.sessions.end_all(account.id, "deactivated")
        assert len(ended) == 3
        for body in bodies:
            assert await status_of(there, {"Authorization": f"Bearer {body['access_token']}"}) == 401


class TestStreams:
    """What was opened while the session lived."""

    async def test_a_stream_of_events_ends_with_its_session(self, twins: tuple[Door, Door]) -> None:
        here, there = twins
        _, body = await here.sign_in()
        headers = {"Authorization": f"Bearer {body['access_token']}"}
        async with there.http.get("/v1/notifications/stream", headers=headers) as stream:
            assert await stream.content.readline() == b"first\n"
            await here.http.post("/v1/auth/logout", json={"refresh_token": body["refresh_token"]})
            async with asyncio.timeout(PROMISED_SECONDS + 1):
                assert await stream.content.read() == b""

    async def test_a_browsers_stream_too(self, door: Door, browser: Browser) -> None:
        async with browser.request("GET", "/v1/notifications/stream") as stream:
            assert await stream.content.readline() == b"first\n"
            assert (await browser.ask("POST", "/v1/auth/logout"))[0] == 204
            async with asyncio.timeout(PROMISED_SECONDS + 1):
                assert await stream.content.read() == b""

    async def test_none_lives_longer_than_a_token(self, open_door: OpenDoor, upstream: Upstream) -> None:
        async with open_door(access_token_seconds=5, **dict.fromkeys(NAMES, upstream.url)) as door:
            await door.account()
            opened = time.monotonic()
            async with door.http.get("/v1/notifications/stream", headers=await door.bearer()) as stream:
                assert await stream.content.readline() == b"first\n"
                async with asyncio.timeout(60):
                    assert await stream.content.read() == b""
            assert time.monotonic() - opened >= 5


class TestOutage:
    """While the ends cannot be read."""

    async def test_what_was_ended_stays_so_and_the_others_go_on(
        self, door: Door, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        _, ended = await door.sign_in()
        _, body = await door.sign_in()
        await door.http.post("/v1/auth/logout", json={"refresh_token": ended["refresh_token"]})
        known = door.gateway.context.revocations

        class Away:
            def find(self, *_: object) -> None:
                raise PyMongoError("away")

        monkeypatch.setattr(known, "_rows", Away())
        monkeypatch.setattr(known, "_read_at", float("-inf"))
        assert await status_of(door, {"Authorization": f"Bearer {ended['access_token']}"}) == 401
        assert await status_of(door, {"Authorization": f"Bearer {body['access_token']}"}) == 200

    async def test_only_one_waits_for_a_database_that_hangs(self, door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
        _, body = await door.sign_in()
        headers = {"Authorization": f"Bearer {body['access_token']}"}
        known = door.gateway.context.revocations
        monkeypatch.setattr(revocations, "PATIENCE_SECONDS", 3.0)

        class Hanging:
            def find(self, *_: object) -> "Hanging":
                return self

            async def to_list(self, _: object) -> None:
                await asyncio.sleep(120)

        monkeypatch.setattr(known, "_rows", Hanging())
        monkeypatch.setattr(known, "_read_at", float("-inf"))
        assert await status_of(door, headers) == 200
        asked = time.monotonic()
        assert await status_of(door, headers) == 200
        assert time.monotonic() - asked < revocations.PATIENCE_SECONDS
        assert known._reading
        known._reading.cancel()
