"""Acting as one of the positions one holds, without signing in again."""

from datetime import timedelta
from typing import Any

import pytest

from services.chassis.clock import now
from services.chassis.ids import new_id
from tests.events import deliver
from tests.gateway.auth.browser import Browser
from tests.gateway.conftest import Door
from tests.gateway.test_sign_in import assignment
from tests.gateway.upstream import Upstream


@pytest.fixture
async def positions(door: Door) -> dict[str, str]:
    """Wayan is secretary, and Plt. head: the ids of both."""
    account = await door.gateway.context.accounts.named("wayan")
    assert account
    own = assignment(account.person_id, "secretary", position_title="Sekretaris Dinas PU")
    acting = assignment(account.person_id, "head", capacity="plt", position_title="Kepala Dinas PU")
    for event in (own, acting):
        await deliver(door.gateway.service, event)
    return {"secretary": own.position_id, "head": acting.position_id, "assignment": acting.assignment_id}


async def switch(door: Door, headers: dict[str, str], position_id: str | None) -> tuple[int, dict[str, Any]]:
    """Status and body of a switch."""
    async with door.http.put("/v1/me/position", json={"position_id": position_id}, headers=headers) as answer:
        return answer.status, await answer.json()


def roles(body: dict[str, Any]) -> list[str]:
    """The roles of the positions one speaks for."""
    return [held["role"] for held in body["positions"]]


class TestSwitch:
    """PUT /v1/me/position."""

    async def test_P7_a_plt_acts_as_such_and_the_token_says_nothing_else(
        self, door: Door, positions: dict[str, str]
    ) -> None:
        status, body = await switch(door, await door.bearer(), positions["head"])
        assert status == 200
        assert roles(body) == ["head"]
        assert [(one["display"], one["acting"]) for one in body["available_positions"]] == [
            ("Sekretaris Dinas PU", False),
            ("Plt. Kepala Dinas PU", True),
        ]
        headers = {"Authorization": f"Bearer {body['access_token']}"}
        async with door.http.get("/v1/me", headers=headers) as answer:
            me = await answer.json()
        assert roles(me) == ["head"]
        assert me["positions"][0]["capacity"] == "plt"
        assert me["acting_position_id"] == positions["head"]
        assert me["acting_lapsed"] is False

    async def test_the_choice_stays_when_tokens_are_swapped(self, door: Door, positions: dict[str, str]) -> None:
        _, body = await door.sign_in()
        await switch(door, {"Authorization": f"Bearer {body['access_token']}"}, positions["head"])
        async with door.http.post("/v1/auth/refresh", json={"refresh_token": body["refresh_token"]}) as answer:
            headers = {"Authorization": f"Bearer {(await answer.json())['access_token']}"}
        async with door.http.get("/v1/me", headers=headers) as answer:
            assert roles(await answer.json()) == ["head"]

    async def test_other_sessions_of_the_person_act_as_before(self, door: Door, positions: dict[str, str]) -> None:
        await switch(door, await door.bearer(), positions["head"])
        async with door.http.get("/v1/me", headers=await door.bearer()) as answer:
            body = await answer.json()
        assert roles(body) == ["secretary", "head"]
        assert body["acting_position_id"] is None

    async def test_null_is_all_of_them_again(self, door: Door, positions: dict[str, str]) -> None:
        _, body = await switch(door, await door.bearer(), positions["head"])
        headers = {"Authorization": f"Bearer {body['access_token']}"}
        _, body = await switch(door, headers, None)
        assert roles(body) == ["secretary", "head"]
        assert all(one["acting"] for one in body["available_positions"])

    async def test_a_position_one_does_not_hold_is_refused(self, door: Door, positions: dict[str, str]) -> None:
        headers = await door.bearer()
        status, problem = await switch(door, headers, new_id())
        assert (status, problem["code"]) == (422, "position_not_held")
        async with door.http.get("/v1/me", headers=headers) as answer:
            assert (await answer.json())["acting_position_id"] is None

    async def test_a_stranger_is_refused(self, door: Door, positions: dict[str, str]) -> None:
        assert (await switch(door, {}, positions["head"]))[0] == 401

    async def test_a_browser_acts_as_the_other_at_its_next_request(
        self, door: Door, positions: dict[str, str], upstream: Upstream
    ) -> None:
        browser = Browser(door)
        await browser.sign_in()
        await browser.ask("GET", "/v1/inbox")
        status, body = await browser.ask("PUT", "/v1/me/position", json={"position_id": positions["head"]})
        assert status == 200
        assert body["access_token"] is None
        _, me = await browser.ask("GET", "/v1/me")
        assert roles(me) == ["head"]
        await browser.ask("GET", "/v1/inbox")
        verifier = door.gateway.service.foundation.verifier
        (sent,) = upstream.seen[-1].values("authorization")
        principal = await verifier.verify(sent.removeprefix("Bearer "))
        assert principal.position_ids == [positions["head"]]

    async def test_at_another_gateway_too_it_is_the_next_request(self, twins: tuple[Door, Door]) -> None:
        here, there = twins
        account = await here.gateway.context.accounts.named("wayan")
        assert account
        own, acting = assignment(account.person_id, "secretary"), assignment(account.person_id, "head", capacity="plh")
        for event in (own, acting):
            await deliver(here.gateway.service, event)
        browser, elsewhere = Browser(here), Browser(there)
        await browser.sign_in()
        elsewhere.cookies = browser.cookies
        assert roles((await elsewhere.ask("GET", "/v1/me"))[1]) == ["secretary", "head"]
        await browser.ask("PUT", "/v1/me/position", json={"position_id": acting.position_id})
        assert roles((await elsewhere.ask("GET", "/v1/me"))[1]) == ["head"]

    async def test_switches_are_put_on_record_with_the_capacity(self, door: Door, positions: dict[str, str]) -> None:
        await switch(door, await door.bearer(), positions["head"])
        audit = door.gateway.context.audit
        await audit.link_all()
        entry = next(one for one in await audit.numbered(1, 100) if one.kind == "session.position_switched")
        assert entry.details["from"] == "all"
        assert entry.details["to"] == positions["head"]
        assert entry.details["title"] == "Plt. Kepala Dinas PU"

    async def test_choosing_what_is_chosen_is_no_switch(self, door: Door, positions: dict[str, str]) -> None:
        headers = await door.bearer()
        for _ in range(2):
            assert (await switch(door, headers, positions["head"]))[0] == 200
        audit = door.gateway.context.audit
        await audit.link_all()
        kinds = [one.kind for one in await audit.numbered(1, 100)]
        assert kinds.count("session.position_switched") == 1


class TestLapsed:
    """The position one acts as is no longer held."""

    async def test_the_session_speaks_for_none_until_one_chooses_again(
        self, door: Door, positions: dict[str, str]
    ) -> None:
        _, body = await door.sign_in()
        await switch(door, {"Authorization": f"Bearer {body['access_token']}"}, positions["head"])
        account = await door.gateway.context.accounts.named("wayan")
        assert account
        ended = assignment(
            account.person_id,
            "head",
            capacity="plt",
            assignment_id=positions["assignment"],
            position_id=positions["head"],
            ends_on=(now() - timedelta(days=2)).date(),
        )
        await deliver(door.gateway.service, ended, seq=2)
        async with door.http.post("/v1/auth/refresh", json={"refresh_token": body["refresh_token"]}) as answer:
            headers = {"Authorization": f"Bearer {(await answer.json())['access_token']}"}
        async with door.http.get("/v1/me", headers=headers) as answer:
            me = await answer.json()
        assert me["positions"] == []
        assert me["acting_lapsed"] is True
        assert [one["role"] for one in me["available_positions"]] == ["secretary"]
        _, me = await switch(door, headers, None)
        assert roles(me) == ["secretary"]
