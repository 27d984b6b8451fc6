"""A person signs in with a browser, the whole way through a real provider."""

from urllib.parse import parse_qs, urlsplit

from tests.gateway.oidc.conftest import PUBLIC, START, Trust
from tests.gateway.oidc.provider import TOKEN

SUB = "248289761001"


class TestSignIn:
    async def test_H10_a_person_the_provider_knows_is_signed_in_with_cookies(self, trust: Trust) -> None:
        async with trust() as trusting, trusting.browser() as browser:
            trusting.provider.user(SUB, preferred_username="Wayan", name="Wayan Sudira")
            page = await browser.sign_in(SUB, return_to="/kotak-masuk?hari=ini")
            assert page.status == 200
            assert f'url={PUBLIC}/kotak-masuk?hari=ini"' in page.text
            me = await browser.me()
            assert me["name"] == "Wayan Sudira"
            assert (me["session"]["via"], me["session"]["keeping"]) == ("oidc", "portal")
            [entry] = await trusting.noted("sign_in.oidc")
            assert (entry.outcome, entry.actor.name) == ("done", "Wayan Sudira")
            assert entry.details == {"provider": "kabupaten", "second_factor": "none"}

    async def test_what_goes_to_the_provider_gives_nothing_away(self, trust: Trust) -> None:
        async with trust() as trusting, trusting.browser() as browser:
            page = await browser.get(START)
            query = {name: values[0] for name, values in parse_qs(urlsplit(page.location).query).items()}
            assert query["response_type"] == "code"
            assert query["code_challenge_method"] == "S256"
            assert query["redirect_uri"] == f"{PUBLIC}/v1/auth/oidc/callback/kabupaten"
            assert query["scope"] == "openid profile email"
            assert len(query["state"]) == len(query["nonce"]) == len(query["code_challenge"]) == 43
            assert page.headers["Cache-Control"] == "no-store"
            cookie = page.headers["Set-Cookie"]
            assert "HttpOnly" in cookie
            assert "SameSite=lax" in cookie
            assert not any(value in cookie for value in (query["state"], query["nonce"], query["code_challenge"]))

    async def test_the_client_shows_its_secret_to_the_provider_alone(self, trust: Trust) -> None:
        async with trust() as trusting, trusting.browser() as browser:
            trusting.provider.user(SUB, preferred_username="wayan")
            await browser.sign_in(SUB)
            [form] = trusting.provider.asked(TOKEN)
            assert form["authorization"].startswith("Basic ")
            assert "client_secret" not in form
            assert len(form["code_verifier"]) == 43

    async def test_a_secret_may_go_in_the_form(self, trust: Trust) -> None:
        async with trust(authentication="client_secret_post") as trusting, trusting.browser() as browser:
            trusting.provider.user(SUB, preferred_username="wayan")
            assert (await browser.sign_in(SUB)).status == 200
            [form] = trusting.provider.asked(TOKEN)
            assert form["client_secret"] == "a secret: with % and / in it"

    async def test_claims_may_come_from_userinfo(self, trust: Trust) -> None:
        def without_name(claims: dict[str, object]) -> dict[str, object]:
            return {name: value for name, value in claims.items() if name != "preferred_username"}

        async with trust(userinfo=True) as trusting, trusting.browser() as browser:
            trusting.provider.user(SUB, preferred_username="wayan")
            trusting.provider.bent.claims = without_name
            assert (await browser.sign_in(SUB)).status == 200

    async def test_userinfo_of_somebody_else_is_refused(self, trust: Trust) -> None:
        async with trust(userinfo=True) as trusting, trusting.browser() as browser:
            trusting.provider.user(SUB, preferred_username="wayan")
            trusting.provider.bent.bodies["/userinfo"] = lambda said: {**said, "sub": "another"}
            assert (await browser.sign_in(SUB)).status == 401

    async def test_two_tabs_do_not_disturb_each_other(self, trust: Trust) -> None:
        async with trust() as trusting, trusting.browser() as browser:
            trusting.provider.user(SUB, preferred_username="wayan")
            first, second = await browser.start(), await browser.start()
            assert (await browser.get(await browser.consent(second, SUB))).status == 200
            assert (await browser.get(await browser.consent(first, SUB))).status == 200

    async def test_S4_one_gateway_may_send_a_browser_off_and_another_take_it_back(self, trust: Trust) -> None:
        async with trust() as one:
            same = one.door.gateway.service.foundation.database.name
            async with trust(door={"mongo_database": same}, account=False) as other, one.browser() as browser:
                one.provider.user(SUB, preferred_username="wayan")
                back = await browser.consent(await browser.start(), SUB)
                browser.door = other.door
                assert (await browser.get(back)).status == 200
                assert (await browser.me())["session"]["via"] == "oidc"

    async def test_a_provider_that_signs_with_a_new_key_is_believed(self, trust: Trust) -> None:
        async with trust() as trusting, trusting.browser() as browser:
            trusting.provider.user(SUB, preferred_username="wayan")
            assert (await browser.sign_in(SUB)).status == 200
            directory = trusting.door.gateway.context.openid.directories["kabupaten"]
            directory._keys._got_at = directory._keys._asked_at = float("-inf")  # as if they were fetched long ago
            trusting.provider.new_key()
            assert (await browser.sign_in(SUB)).status == 200

    async def test_declining_at_the_provider_is_told(self, trust: Trust) -> None:
        async with trust() as trusting, trusting.browser() as browser:
            back = await browser.consent(await browser.start(return_to="/kotak"), SUB, action="deny")
            state = (await browser.get(back)).status
            assert state == 400  # this provider forgets the state when it says no
            back = f"{PUBLIC}/v1/auth/oidc/callback/kabupaten"
            state_again = parse_qs(urlsplit(await browser.start(return_to="/kotak")).query)["state"][0]
            page = await browser.get(back, error="access_denied", state=state_again)
            assert page.status == 401
            assert "dibatalkan" in page.text
            assert "return_to=%2Fkotak" in page.text
            [entry] = await trusting.noted("sign_in.oidc")
            assert (entry.outcome, entry.actor) == ("refused", None)


class TestProviders:
    async def test_a_page_can_show_a_button_for_each(self, trust: Trust) -> None:
        async with trust({"name": "provinsi", "title": "SSO Provinsi"}) as trusting:
            async with trusting.door.http.get("/v1/auth/oidc/providers") as answer:
                items = (await answer.json())["items"]
            assert [one["name"] for one in items] == ["kabupaten", "provinsi"]
            assert items[1]["start"] == "/v1/auth/oidc/start?provider=provinsi"

    async def test_with_several_one_must_be_chosen(self, trust: Trust) -> None:
        async with trust({"name": "provinsi"}) as trusting, trusting.browser() as browser:
            assert (await browser.get(START)).status == 422
            assert (await browser.get(START, provider="provinsi")).status == 303
            assert (await browser.get(START, provider="unknown")).status == 404


class TestReturnTo:
    async def test_people_are_led_to_this_house_alone(self, trust: Trust) -> None:
        addresses = (
            "https://evil.example/",
            "//evil.example/",
            "/\\evil.example/",
            "\\\\evil.example",
            "javascript:alert(1)",
            "evil.example",
            "/\t/evil.example",
            "/a\r\nSet-Cookie: a=b",
            "/kotak#part",
            "",
            "/" + "a" * 600,
        )
        async with trust() as trusting, trusting.browser() as browser:
            found = {address: (await browser.get(START, return_to=address)).status for address in addresses}
        assert found == dict.fromkeys(addresses, 422)
