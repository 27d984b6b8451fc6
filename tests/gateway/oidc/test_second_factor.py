"""Two factors: the provider's where it says it has seen them, else the house's own."""

import re
from typing import Any
from urllib.parse import parse_qs

import pyotp

from services.chassis.clock import now
from tests.gateway.oidc.conftest import PUBLIC, Trust, Trusting
from tests.gateway.oidc.test_apps_of_people import code_of, redeem

SUB = "248289761001"
SEALING = {"sealing_key": "c2VhbGluZyBrZXkgb2YgdGhpcnR5LXR3byBieXRlcyE="}


async def with_authenticator(trusting: Trusting) -> pyotp.TOTP:
    """``wayan`` has an authenticator."""
    context = trusting.door.gateway.context
    account = await context.accounts.named("wayan")
    assert account is not None
    made = await context.second_factors.begin(account.id, "wayan")
    totp = pyotp.TOTP(made.secret)

    async def work(tx: Any) -> None:
        assert await context.second_factors.confirm(account.id, totp.at(_a_step_ago()), tx.session)
        await context.accounts.change(account, {"second_factor": True}, tx.session)

    await context.uow.run(work)
    return totp


def _a_step_ago() -> int:
    """So that the present code is still to be used."""
    return int(now().timestamp()) - 30


class TestSecondFactor:
    async def test_the_house_asks_for_its_own_where_the_provider_saw_none(self, trust: Trust) -> None:
        async with trust(door=SEALING) as trusting, trusting.browser() as browser:
            totp = await with_authenticator(trusting)
            trusting.provider.user(SUB, preferred_username="wayan")
            page = await browser.sign_in(SUB, return_to="/kotak")
            assert page.status == 200
            assert "lontar_session" not in page.headers.get("Set-Cookie", "")
            found = re.search(r"url=" + re.escape(PUBLIC) + r"/kotak#([^\"]*)\"", page.text)
            assert found is not None
            said = parse_qs(found[1].replace("&amp;", "&"))
            assert said["sign_in"] == ["second_factor_required"]
            step = {"ticket": said["ticket"][0], "code": totp.now()}
            status, body = await trusting.post("/v1/auth/second-factor", step)
            assert status == 200, body
            assert body["access_token"]

    async def test_an_app_gets_the_ticket_as_after_a_password(self, trust: Trust) -> None:
        async with trust(door=SEALING) as trusting:
            await with_authenticator(trusting)
            trusting.provider.user(SUB, preferred_username="wayan")
            status, body = await redeem(trusting, await code_of(trusting))
            assert (status, body["code"]) == (401, "second_factor_required")
            assert body["ticket"]

    async def test_a_provider_that_has_seen_two_is_believed(self, trust: Trust) -> None:
        async with trust(door=SEALING) as trusting, trusting.browser() as browser:
            await with_authenticator(trusting)
            trusting.provider.user(SUB, preferred_username="wayan", amr=["pwd", "mfa"])
            assert (await browser.sign_in(SUB)).status == 200
            assert (await browser.me())["session"]["second_factor"] is True

    async def test_so_is_one_that_says_it_by_a_level(self, trust: Trust) -> None:
        async with trust(door=SEALING, second_factor_acr=("urn:two",)) as trusting, trusting.browser() as browser:
            await with_authenticator(trusting)
            trusting.provider.user(SUB, preferred_username="wayan", acr="urn:two")
            await browser.sign_in(SUB)
            assert (await browser.me())["session"]["second_factor"] is True

    async def test_words_the_operator_has_not_named_count_for_nothing(self, trust: Trust) -> None:
        async with trust(door=SEALING, second_factor_amr=()) as trusting:
            await with_authenticator(trusting)
            trusting.provider.user(SUB, preferred_username="wayan", amr=["mfa"], acr="urn:two")
            assert (await redeem(trusting, await code_of(trusting)))[0] == 401
