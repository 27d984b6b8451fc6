"""An app signs somebody in with the system's browser, and gets a session of its own (RFC 8252)."""

import asyncio
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from gateway.auth.oidc.handovers import challenge_of
from tests.gateway.oidc.conftest import PUBLIC, START, Trust, Trusting

SUB = "248289761001"
VERIFIER = "v" * 43
APP = "id.go.bali.lontar:/masuk"
ASKED = {"redirect_uri": APP, "code_challenge": challenge_of(VERIFIER), "state": "of the app"}


async def code_of(trusting: Trusting, **asked: str) -> str:
    """The code an app gets."""
    async with trusting.browser() as browser:
        page = await browser.sign_in(SUB, **{**ASKED, **asked})
        assert page.status == 303, page.text
        return page.query["code"]


async def redeem(trusting: Trusting, code: str, verifier: str = VERIFIER) -> tuple[int, dict[str, Any]]:
    return await trusting.post("/v1/auth/oidc/token", {"code": code, "code_verifier": verifier})


class TestHandover:
    async def test_the_app_swaps_its_code_for_tokens(self, trust: Trust) -> None:
        async with trust() as trusting, trusting.browser() as browser:
            trusting.provider.user(SUB, preferred_username="wayan")
            page = await browser.sign_in(SUB, **ASKED)
            assert page.location.startswith(f"{APP}?")
            assert page.query["state"] == "of the app"
            assert "lontar_session" not in page.headers.get("Set-Cookie", "")
            status, tokens = await redeem(trusting, page.query["code"])
            assert status == 200
            bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
            async with trusting.door.http.get("/v1/me", headers=bearer) as answer:
                assert (await answer.json())["session"]["via"] == "oidc"
            status, _ = await trusting.post("/v1/auth/refresh", {"refresh_token": tokens["refresh_token"]})
            assert status == 200

    async def test_a_code_works_once(self, trust: Trust) -> None:
        async with trust() as trusting:
            trusting.provider.user(SUB, preferred_username="wayan")
            code = await code_of(trusting)
            answers = await asyncio.gather(*(redeem(trusting, code) for _ in range(4)))
            assert sorted(status for status, _ in answers) == [200, 401, 401, 401]

    async def test_a_wrong_verifier_uses_it_up(self, trust: Trust) -> None:
        async with trust() as trusting:
            trusting.provider.user(SUB, preferred_username="wayan")
            code = await code_of(trusting)
            status, body = await redeem(trusting, code, "w" * 43)
            assert (status, body["code"]) == (401, "handover_invalid")
            assert (await redeem(trusting, code))[0] == 401

    async def test_an_old_code_is_none(self, trust: Trust, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("gateway.auth.oidc.handovers.SECONDS", -1)
        async with trust() as trusting:
            trusting.provider.user(SUB, preferred_username="wayan")
            assert (await redeem(trusting, await code_of(trusting)))[0] == 401

    async def test_an_app_on_this_machine_takes_any_port(self, trust: Trust) -> None:
        async with trust() as trusting:
            trusting.provider.user(SUB, preferred_username="wayan")
            assert await code_of(trusting, redirect_uri="http://127.0.0.1:50123/masuk")

    async def test_a_page_of_this_house_may_ask_for_a_code_too(self, trust: Trust) -> None:
        async with trust() as trusting, trusting.browser() as browser:
            trusting.provider.user(SUB, preferred_username="wayan")
            page = await browser.sign_in(SUB, **{**ASKED, "redirect_uri": "/akun/tautan?x=1"})
            assert page.location.startswith(f"{PUBLIC}/akun/tautan?x=1&code=")

    async def test_nobody_is_let_in_without_an_account(self, trust: Trust) -> None:
        async with trust() as trusting:
            trusting.provider.user(SUB, preferred_username="stranger")
            status, body = await redeem(trusting, await code_of(trusting))
            assert (status, body["code"]) == (403, "account_not_linked")

    async def test_the_app_is_told_that_it_did_not_work(self, trust: Trust) -> None:
        async with trust() as trusting, trusting.browser() as browser:
            start = await browser.start(**ASKED)
            state = parse_qs(urlsplit(start).query)["state"][0]
            back = f"{PUBLIC}/v1/auth/oidc/callback/kabupaten"
            page = await browser.get(back, state=state, error="access_denied")
            assert page.location.startswith(f"{APP}?")
            said = {"error": "access_denied", "error_description": "sign_in_declined", "state": "of the app"}
            assert page.query == said


class TestRedirects:
    async def test_codes_go_to_apps_the_operator_has_named_alone(self, trust: Trust) -> None:
        addresses = (
            "https://evil.example/masuk",
            "id.go.bali.lontar:/masuk/../else",
            "id.go.bali.lontar:/masuk?x=1",
            "id.go.bali.lontar.evil:/masuk",
            "http://127.0.0.1:50123/else",
            "http://127.0.0.1:50123@evil.example/masuk",
            "http://127.0.0.1.evil.example:80/masuk",
            "http://localhost:50123/masuk",
            "//evil.example/masuk",
        )
        async with trust() as trusting, trusting.browser() as browser:
            found = {one: (await browser.get(START, **{**ASKED, "redirect_uri": one})).status for one in addresses}
        assert found == dict.fromkeys(addresses, 422)

    async def test_an_app_without_a_challenge_gets_no_code(self, trust: Trust) -> None:
        async with trust() as trusting, trusting.browser() as browser:
            for missing in ("redirect_uri", "code_challenge"):
                asked = {name: value for name, value in ASKED.items() if name != missing}
                assert (await browser.get(START, **asked)).status == 422
