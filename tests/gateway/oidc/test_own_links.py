"""One's own links, and leaving the provider too."""

import asyncio
from urllib.parse import parse_qs, urlsplit

from gateway.auth.oidc.handovers import challenge_of
from gateway.auth.oidc.proven import Proven
from tests.gateway.conftest import PASSWORD
from tests.gateway.oidc.conftest import PUBLIC, Trust, Trusting
from tests.gateway.oidc.test_apps_of_people import VERIFIER, code_of
from tests.gateway.oidc.test_second_factor import SEALING, with_authenticator

SUB = "248289761001"
LINKS = "/v1/me/oidc-links"


async def link(trusting: Trusting, headers: dict[str, str], **proof: str) -> tuple[int, dict[str, str]]:
    body = {"code": await code_of(trusting), "code_verifier": VERIFIER, "password": PASSWORD, **proof}
    return await trusting.post(LINKS, body, **headers)


class TestLink:
    async def test_a_signed_in_person_links_an_account_and_signs_in_by_it(self, trust: Trust) -> None:
        async with trust(matches=()) as trusting, trusting.browser() as browser:
            trusting.provider.user(SUB, preferred_username="w.sudira")
            headers = await trusting.door.bearer()
            status, made = await link(trusting, headers)
            assert status == 201
            assert (made["provider"], made["label"]) == ("kabupaten", "w.sudira")
            async with trusting.door.http.get(LINKS, headers=headers) as answer:
                assert [one["id"] for one in (await answer.json())["items"]] == [made["id"]]
            assert (await browser.sign_in(SUB)).status == 200
            [entry] = await trusting.noted("oidc.linked")
            assert (entry.actor.kind, entry.details["label"]) == ("person", "w.sudira")

    async def test_linking_twice_is_linking_once(self, trust: Trust) -> None:
        async with trust() as trusting:
            headers = await trusting.door.bearer()
            first, second = await link(trusting, headers), await link(trusting, headers)
            assert first[0] == second[0] == 201
            assert first[1]["id"] == second[1]["id"]
            assert len(await trusting.noted("oidc.linked")) == 1

    async def test_what_is_somebody_elses_stays_theirs(self, trust: Trust) -> None:
        async with trust(matches=()) as trusting:
            await trusting.door.account("made")
            assert (await link(trusting, await trusting.door.bearer()))[0] == 201
            status, body = await link(trusting, await trusting.door.bearer("made"))
            assert (status, body["code"]) == (409, "already_linked")

    async def test_one_at_a_provider_is_enough(self, trust: Trust) -> None:
        async with trust(matches=()) as trusting, trusting.browser() as browser:
            headers = await trusting.door.bearer()
            assert (await link(trusting, headers))[0] == 201
            page = await browser.sign_in(
                "another", redirect_uri="id.go.bali.lontar:/masuk", code_challenge=challenge_of(VERIFIER)
            )
            body = {"code": page.query["code"], "code_verifier": VERIFIER, "password": PASSWORD}
            assert (await trusting.post(LINKS, body, **headers))[0] == 409

    async def test_nobody_links_without_being_signed_in(self, trust: Trust) -> None:
        async with trust() as trusting:
            assert (await link(trusting, {}))[0] == 401

    async def test_a_session_alone_links_nothing(self, trust: Trust) -> None:
        async with trust(matches=()) as trusting:
            headers = await trusting.door.bearer()
            body = {"code": await code_of(trusting), "code_verifier": VERIFIER}
            assert (await trusting.post(LINKS, body, **headers))[0] == 422
            status, said = await trusting.post(LINKS, {**body, "password": "bukan kata sandinya"}, **headers)
            assert (status, said["code"]) == (403, "password_wrong")
            assert await trusting.noted("oidc.linked") == []
            [entry] = await trusting.noted("password.proved")
            assert (entry.outcome, entry.actor.name) == ("refused", "Wayan Sudira")
            status, _ = await trusting.post(LINKS, {**body, "password": PASSWORD}, **headers)
            assert status == 201, "a slip at the password does not send anybody back to the provider"

    async def test_a_second_factor_is_not_passed_over_by_a_provider_that_says_it_saw_two(self, trust: Trust) -> None:
        async with trust(door=SEALING, matches=()) as trusting:
            headers = await trusting.door.bearer()
            totp = await with_authenticator(trusting)
            trusting.provider.user(SUB, amr=["mfa"])
            status, said = await link(trusting, headers)
            assert (status, said["code"]) == (403, "code_wrong")
            assert (await link(trusting, headers, second_factor_code=totp.now()))[0] == 201

    async def test_whoever_has_no_password_is_told_where_to_get_one(self, trust: Trust) -> None:
        async with trust(matches=()) as trusting:
            headers = await trusting.door.bearer()
            rows = trusting.door.gateway.service.foundation.database["accounts"]
            await rows.update_one({"username": "wayan"}, {"$set": {"password_hash": None}})
            status, said = await link(trusting, headers)
            assert (status, said["code"]) == (409, "no_password")

    async def test_a_token_without_a_session_is_nobodys_own(self, trust: Trust) -> None:
        async with trust() as trusting:
            status, said = await link(trusting, trusting.door.token_of())
            assert (status, said["code"]) == (403, "session_needed")


class TestUnlink:
    async def test_a_link_taken_away_opens_nothing_any_more(self, trust: Trust) -> None:
        async with trust(matches=()) as trusting, trusting.browser() as browser:
            headers = await trusting.door.bearer()
            _, made = await link(trusting, headers)
            await browser.sign_in(SUB)
            async with trusting.door.http.delete(f"{LINKS}/{made['id']}", headers=headers) as answer:
                assert answer.status == 204
            assert (await browser.sign_in(SUB)).status == 403
            async with browser.http.get(f"{browser.door.url.rstrip('/')}/v1/me") as answer:
                assert answer.status == 401, "the session the provider had opened has ended"
            async with trusting.door.http.get("/v1/me", headers=headers) as answer:
                assert answer.status == 200
            assert len(await trusting.noted("oidc.unlinked")) == 1

    async def test_the_last_way_in_stays(self, trust: Trust) -> None:
        async with trust({"name": "provinsi"}, create_accounts=True, matches=()) as trusting:
            trusting.provider.user(SUB, preferred_username="arta")
            code = await code_of(trusting, provider="kabupaten")
            body = {"code": code, "code_verifier": VERIFIER}
            _, tokens = await trusting.post("/v1/auth/oidc/token", body)
            headers = {"Authorization": f"Bearer {tokens['access_token']}"}
            async with trusting.door.http.get(LINKS, headers=headers) as answer:
                [mine] = (await answer.json())["items"]
            async with trusting.door.http.delete(f"{LINKS}/{mine['id']}", headers=headers) as answer:
                assert (answer.status, (await answer.json())["code"]) == (409, "last_way_in")

    async def test_two_links_taken_away_at_once_leave_one(self, trust: Trust) -> None:
        async with trust({"name": "provinsi"}, matches=()) as trusting:
            headers = await trusting.door.bearer()
            context = trusting.door.gateway.context
            account = await context.accounts.named("wayan")
            assert account is not None
            made = [
                await context.openid.links.add(
                    Proven(provider=name, issuer=f"https://{name}", subject="1", claims={}, second_factor=False),
                    account.id,
                )
                for name in ("kabupaten", "provinsi")
            ]
            database = trusting.door.gateway.service.foundation.database
            await database["accounts"].update_one({"_id": account.id}, {"$set": {"password_hash": None}})

            async def take(identifier: str) -> int:
                async with trusting.door.http.delete(f"{LINKS}/{identifier}", headers=headers) as answer:
                    return answer.status

            assert sorted(await asyncio.gather(*(take(one.id) for one in made))) == [204, 409]

    async def test_another_persons_link_is_not_found(self, trust: Trust) -> None:
        async with trust(matches=()) as trusting:
            await trusting.door.account("made")
            _, made = await link(trusting, await trusting.door.bearer())
            headers = await trusting.door.bearer("made")
            async with trusting.door.http.delete(f"{LINKS}/{made['id']}", headers=headers) as answer:
                assert answer.status == 404


class TestSignOut:
    async def test_it_ends_here_and_leads_to_the_end_there(self, trust: Trust) -> None:
        async with trust() as trusting:
            trusting.provider.user(SUB, preferred_username="wayan")
            body = {"code": await code_of(trusting), "code_verifier": VERIFIER}
            _, tokens = await trusting.post("/v1/auth/oidc/token", body)
            headers = {"Authorization": f"Bearer {tokens['access_token']}"}
            status, said = await trusting.post("/v1/me/oidc-sign-out", {}, **headers)
            assert status == 200
            place = urlsplit(said["continue_at"])
            assert place.path == "/oauth2/end_session"
            query = {"client_id": ["lontar"], "post_logout_redirect_uri": [f"{PUBLIC}/"]}
            assert parse_qs(place.query) == query
            async with trusting.door.http.get("/v1/me", headers=headers) as answer:
                assert answer.status == 401

    async def test_after_a_password_there_is_nothing_to_end_there(self, trust: Trust) -> None:
        async with trust() as trusting:
            status, said = await trusting.post("/v1/me/oidc-sign-out", {}, **await trusting.door.bearer())
            assert (status, said["continue_at"]) == (200, None)
