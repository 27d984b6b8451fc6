"""What somebody could try, at the provider or on the way. Nobody gets a session by any of it."""

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from tests.gateway.oidc.conftest import CLIENT_SECRET, PUBLIC, START, Browser, Page, Trust, Trusting
from tests.gateway.oidc.provider import METADATA, TOKEN, Bent, Claims, signed

SUB = "248289761001"
CALLBACK = f"{PUBLIC}/v1/auth/oidc/callback/kabupaten"


def part(said: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(said).encode()).rstrip(b"=").decode()


def without(name: str) -> Callable[[Claims], Claims]:
    return lambda claims: {key: value for key, value in claims.items() if key != name}


def changed(**fields: Any) -> Callable[[Claims], Claims]:
    return lambda claims: {**claims, **fields}


def later(name: str, seconds: int) -> Callable[[Claims], Claims]:
    return lambda claims: {**claims, name: claims[name] + seconds}


CLAIMS: dict[str, Callable[[Claims], Claims]] = {
    "another issuer": changed(iss="http://localhost:1"),
    "no issuer": without("iss"),
    "another audience": changed(aud="another-client"),
    "one more audience": changed(aud=["lontar", "another-client"]),
    "no audience": without("aud"),
    "issued to another client": changed(azp="another-client"),
    "nonce of another sign-in": changed(nonce="x" * 43),
    "no nonce": without("nonce"),
    "nonce that is no text": changed(nonce=["x"]),
    "expired": later("exp", -7200),
    "no expiry": without("exp"),
    "issued long ago": later("iat", -3600),
    "issued in the future": later("iat", 3600),
    "no time of issue": without("iat"),
    "no subject": without("sub"),
    "an empty subject": changed(sub=""),
    "an endless subject": changed(sub="x" * 300),
    "of another access token": changed(at_hash="x" * 22),
}


def unsigned(claims: Claims, _: RSAKey) -> str:
    return f"{part({'alg': 'none'})}.{part(claims)}."


def by_public_key(claims: Claims, key: RSAKey) -> str:
    return _by_secret(claims, key.as_pem(private=False), str(key.kid))


def by_client_secret(claims: Claims, key: RSAKey) -> str:
    return _by_secret(claims, CLIENT_SECRET.encode(), str(key.kid))


def _by_secret(claims: Claims, secret: bytes, kid: str) -> str:
    signing = f"{part({'alg': 'HS256', 'kid': kid})}.{part(claims)}"
    made = hmac.digest(secret, signing.encode(), hashlib.sha256)
    return f"{signing}.{base64.urlsafe_b64encode(made).rstrip(b'=').decode()}"


def by_a_swapped_key(claims: Claims, key: RSAKey) -> str:
    return signed(claims, RSAKey.generate_key(2048), kid=key.kid)


def by_a_key_it_brings(claims: Claims, key: RSAKey) -> str:
    own = RSAKey.generate_key(2048)
    header = {"alg": "RS256", "kid": key.kid, "jwk": own.as_dict(private=False)}
    return jwt.encode(header, claims, own, algorithms=["RS256"])


def by_an_unknown_key(claims: Claims, _: RSAKey) -> str:
    return signed(claims, RSAKey.generate_key(2048), kid="unknown")


def with_a_changed_word(claims: Claims, key: RSAKey) -> str:
    head, _, seal = signed(claims, key).split(".")
    return f"{head}.{part({**claims, 'preferred_username': 'wayan'})}.{seal}"


def critical(claims: Claims, key: RSAKey) -> str:
    return f"{part({'alg': 'RS256', 'kid': key.kid, 'crit': ['exp'], 'exp': 1})}.{part(claims)}.c2lnbmF0dXJl"


TOKENS: dict[str, Callable[[Claims, RSAKey], str]] = {
    "unsigned": unsigned,
    "signed by the public key as a secret": by_public_key,
    "signed by the client's secret": by_client_secret,
    "signed by another key under its name": by_a_swapped_key,
    "signed by a key it brings along": by_a_key_it_brings,
    "signed by an unknown key": by_an_unknown_key,
    "with a word changed": with_a_changed_word,
    "with a header we must understand": critical,
    "no token": lambda *_: "junk",
    "no token in three parts": lambda *_: "a.b.c",
    "endless": lambda *_: "x" * 40_000,
    "empty": lambda *_: "",
}
ANSWERS: dict[str, Callable[[Claims], Any]] = {
    "no ID token": without("id_token"),
    "no access token": without("access_token"),
    "another kind of token": changed(token_type="mac"),
    "an ID token that is no text": changed(id_token=1),
    "a list": lambda _: [],
    "an error": lambda _: {"error": "invalid_client"},
}


async def refused(trusting: Trusting, browser: Browser, page: Page, status: int = 401) -> None:
    """The page says no, and nobody is signed in."""
    assert page.status == status, page.text
    await nobody(trusting, browser)


async def nobody(trusting: Trusting, browser: Browser) -> None:
    """Nobody is signed in."""
    async with browser.http.get(f"{browser.door.url.rstrip('/')}/v1/me") as answer:
        assert answer.status == 401
    database = trusting.door.gateway.service.foundation.database
    assert await database["sessions"].count_documents({}) == 0


async def statuses(trust: Trust, bends: dict[str, Callable[[Bent], None]]) -> dict[str, int]:
    """What a sign-in ends with for each way the provider is bent; none of them lets anybody in."""
    found = {}
    async with trust() as trusting, trusting.browser() as browser:
        trusting.provider.user(SUB, preferred_username="wayan")
        for what, bend in bends.items():
            trusting.provider.bent = Bent()
            bend(trusting.provider.bent)
            found[what] = (await browser.sign_in(SUB)).status
        await nobody(trusting, browser)
    return found


def claiming(change: Callable[[Claims], Claims]) -> Callable[[Bent], None]:
    return lambda bent: setattr(bent, "claims", change)


def forging(forge: Callable[[Claims, RSAKey], str]) -> Callable[[Bent], None]:
    return lambda bent: setattr(bent, "sign", forge)


def answering(change: Callable[[Claims], Any]) -> Callable[[Bent], None]:
    return lambda bent: bent.bodies.update({TOKEN: change})


class TestIdToken:
    async def test_a_token_that_is_not_for_this_sign_in_is_refused(self, trust: Trust) -> None:
        bends = {what: claiming(change) for what, change in CLAIMS.items()}
        assert await statuses(trust, bends) == dict.fromkeys(CLAIMS, 401)

    async def test_a_token_the_provider_has_not_signed_is_refused(self, trust: Trust) -> None:
        bends = {what: forging(forge) for what, forge in TOKENS.items()}
        assert await statuses(trust, bends) == dict.fromkeys(TOKENS, 401)

    async def test_an_unchanged_one_is_believed_so_the_refusals_above_mean_something(self, trust: Trust) -> None:
        async with trust() as trusting, trusting.browser() as browser:
            trusting.provider.user(SUB, preferred_username="wayan")
            trusting.provider.bent.sign = signed
            assert (await browser.sign_in(SUB)).status == 200

    async def test_a_key_that_is_a_shared_secret_is_none_of_its_keys(self, trust: Trust) -> None:
        async with trust() as trusting, trusting.browser() as browser:
            trusting.provider.user(SUB, preferred_username="wayan")
            secret = OctKey.generate_key(256)
            described = {**secret.as_dict(private=True), "kid": "shared", "alg": "RS256"}
            trusting.provider.bent.bodies["/jwks"] = lambda _: {"keys": [described]}
            trusting.provider.bent.sign = lambda claims, key: signed(claims, key, kid="shared")
            await refused(trusting, browser, await browser.sign_in(SUB))


class TestTokenAnswer:
    async def test_an_answer_that_is_none_is_refused(self, trust: Trust) -> None:
        bends = {what: answering(change) for what, change in ANSWERS.items()}
        assert await statuses(trust, bends) == dict.fromkeys(ANSWERS, 401)

    async def test_a_provider_in_trouble_is_waited_for(self, trust: Trust) -> None:
        async with trust() as trusting, trusting.browser() as browser:
            back = await browser.consent(await browser.start(), SUB)
            trusting.provider.bent.statuses[TOKEN] = 500
            page = await browser.get(back)
            await refused(trusting, browser, page, 503)
            assert page.headers["Retry-After"]


class TestCallback:
    async def test_it_works_once(self, trust: Trust) -> None:
        async with trust() as trusting, trusting.browser() as browser:
            trusting.provider.user(SUB, preferred_username="wayan")
            back = await browser.consent(await browser.start(), SUB)
            assert (await browser.get(back)).status == 200
            again = await browser.get(back)
            assert again.status == 400
            assert "Silakan mulai lagi" in again.text

    async def test_another_browser_cannot_finish_what_this_one_began(self, trust: Trust) -> None:
        async with trust() as trusting, trusting.browser() as mine, trusting.browser() as theirs:
            trusting.provider.user(SUB, preferred_username="wayan")
            back = await mine.consent(await mine.start(), SUB)
            await refused(trusting, theirs, await theirs.get(back), 400)
            assert (await mine.get(back)).status == 200

    async def test_a_code_from_somebody_elses_sign_in_is_of_no_use(self, trust: Trust) -> None:
        async with trust() as trusting, trusting.browser() as mine, trusting.browser() as theirs:
            trusting.provider.user(SUB, preferred_username="wayan")
            stolen = parse_qs(urlsplit(await mine.consent(await mine.start(), SUB)).query)["code"][0]
            state = parse_qs(urlsplit(await theirs.start()).query)["state"][0]
            await refused(trusting, theirs, await theirs.get(CALLBACK, code=stolen, state=state))

    async def test_a_used_code_is_of_no_use(self, trust: Trust) -> None:
        async with trust() as trusting, trusting.browser() as browser, trusting.browser() as theirs:
            trusting.provider.user(SUB, preferred_username="wayan")
            back = await browser.consent(await browser.start(), SUB)
            used = parse_qs(urlsplit(back).query)["code"][0]
            assert (await browser.get(back)).status == 200
            state = parse_qs(urlsplit(await theirs.start()).query)["state"][0]
            assert (await theirs.get(CALLBACK, code=used, state=state)).status == 401

    async def test_the_answer_of_one_provider_is_not_taken_for_anothers(self, trust: Trust) -> None:
        async with trust({"name": "provinsi"}) as trusting, trusting.browser() as browser:
            trusting.provider.user(SUB, preferred_username="wayan")
            back = await browser.consent(await browser.start(provider="kabupaten"), SUB)
            await refused(trusting, browser, await browser.get(back.replace("/kabupaten", "/provinsi")), 400)

    async def test_an_issuer_that_names_itself_must_be_the_right_one(self, trust: Trust) -> None:
        async with trust() as trusting, trusting.browser() as browser:
            trusting.provider.user(SUB, preferred_username="wayan")
            back = await browser.consent(await browser.start(), SUB)
            await refused(trusting, browser, await browser.get(f"{back}&{urlencode({'iss': 'http://localhost:1'})}"))

    async def test_a_provider_that_says_it_names_itself_must(self, trust: Trust) -> None:
        named = changed(authorization_response_iss_parameter_supported=True)
        async with trust() as trusting, trusting.browser() as browser:
            trusting.provider.user(SUB, preferred_username="wayan")
            trusting.provider.bent.bodies[METADATA] = named
            await refused(trusting, browser, await browser.sign_in(SUB))
            back = await browser.consent(await browser.start(), SUB)
            assert (await browser.get(f"{back}&{urlencode({'iss': trusting.provider.url})}")).status == 200

    async def test_what_is_said_twice_is_not_believed(self, trust: Trust) -> None:
        async with trust() as trusting, trusting.browser() as browser:
            back = await browser.consent(await browser.start(), SUB)
            await refused(trusting, browser, await browser.get(f"{back}&code=another"), 400)

    async def test_without_a_sign_in_of_ours_there_is_nothing_to_finish(self, trust: Trust) -> None:
        async with trust() as trusting, trusting.browser() as browser:
            for query in ("", "?state=", "?state=unknown&code=x", "?code=x", "?error=access_denied"):
                await refused(trusting, browser, await browser.get(CALLBACK + query), 400)

    async def test_a_program_gets_the_refusal_as_a_problem(self, trust: Trust) -> None:
        async with trust() as trusting, trusting.browser() as browser:
            page = await browser.get(CALLBACK, accept="application/json", state="x")
            assert page.status == 400
            assert json.loads(page.text)["code"] == "attempt_unknown"


class TestMetadata:
    @pytest.mark.parametrize(
        "bend",
        [
            changed(issuer="http://localhost:1"),
            changed(token_endpoint="http://evil.example/token"),
            changed(jwks_uri="file:///etc/passwd"),
            without("authorization_endpoint"),
            lambda _: [],
        ],
    )
    async def test_a_provider_that_speaks_for_another_is_not_asked(self, trust: Trust, bend: Any) -> None:
        async with trust() as trusting, trusting.browser() as browser:
            trusting.provider.bent.bodies[METADATA] = bend
            assert (await browser.get(START)).status == 503

    async def test_a_provider_that_is_away_is_told_so(self, trust: Trust) -> None:
        async with trust(issuer="http://127.0.0.1:9") as trusting, trusting.browser() as browser:
            page = await browser.get(START, accept="application/json")
            assert page.status == 503
            assert json.loads(page.text)["code"] == "provider_away"

    async def test_a_person_is_told_on_a_page_with_a_way_to_try_again(self, trust: Trust) -> None:
        async with trust(issuer="http://127.0.0.1:9") as trusting, trusting.browser() as browser:
            page = await browser.get(START, return_to="/surat")
            assert (page.status, page.headers["Retry-After"]) == (503, "10")
            assert "<h1>Belum dapat masuk</h1>" in page.text
            assert f'href="{START}?provider=kabupaten&amp;return_to=%2Fsurat"' in page.text
            assert (await browser.get("/masuk/style.css")).headers["Content-Type"].startswith("text/css")
            unknown = await browser.get(START, provider="lain")
            assert (unknown.status, "Kembali ke halaman depan" in unknown.text) == (404, True)

    async def test_an_app_is_told_at_its_own_address(self, trust: Trust) -> None:
        async with trust(issuer="http://127.0.0.1:9") as trusting, trusting.browser() as browser:
            app = {"redirect_uri": "id.go.bali.lontar:/masuk", "code_challenge": "c" * 43, "state": "s1"}
            page = await browser.get(START, **app)
            assert page.status == 303
            assert page.location.startswith("id.go.bali.lontar:/masuk?")
            assert page.query == {
                "error": "temporarily_unavailable",
                "error_description": "provider_away",
                "state": "s1",
            }

    async def test_known_metadata_outlive_a_providers_absence(self, trust: Trust) -> None:
        async with trust() as trusting, trusting.browser() as browser:
            assert (await browser.get(START)).status == 303
            trusting.provider.bent.statuses[METADATA] = 500
            metadata = trusting.door.gateway.context.openid.directories["kabupaten"]._metadata
            metadata._got_at -= 2 * 3600
            metadata._asked_at = float("-inf")
            assert (await browser.get(START)).status == 303

    async def test_those_who_wait_for_a_provider_that_is_silent_wait_once(
        self, trust: Trust, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("gateway.auth.oidc.fetching.SECONDS", 1.0)
        silent = await asyncio.start_server(lambda *_: asyncio.sleep(60), "127.0.0.1", 0)
        port = silent.sockets[0].getsockname()[1]
        async with silent, trust(issuer=f"http://127.0.0.1:{port}") as trusting, trusting.browser() as browser:
            async with asyncio.timeout(20):  # one after the other they would wait for half a minute
                pages = await asyncio.gather(*(browser.get(START) for _ in range(30)))
            assert {page.status for page in pages} == {503}

    async def test_a_provider_that_comes_back_is_asked_again(
        self, trust: Trust, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("gateway.auth.oidc.metadata.AGAIN_SECONDS", 0)
        async with trust() as trusting, trusting.browser() as browser:
            trusting.provider.bent.statuses[METADATA] = 500
            assert (await browser.get(START)).status == 503
            trusting.provider.bent.statuses.clear()
            assert (await browser.get(START)).status == 303
