"""Tokens: what is let in, what is refused, and how the keys are come by."""

import asyncio
import base64
import hmac
import json
from typing import Any

import aiohttp
import pytest
from fastapi import APIRouter, FastAPI
from joserfc import jwt
from joserfc.jwk import KeySet

from services.chassis import auth
from services.chassis.auth import Principal, TokenVerifier, bearer_token, keys_from_url
from services.chassis.clock import now
from services.chassis.errors import ServiceError
from services.chassis.run import serving
from tests.people import held, principal
from tests.signing import TokenSigner

IN_2100 = 4_102_444_800
"""An instant that has not come, in seconds since 1970: tests are named by their values, so it is a fixed one."""


class Keys:
    """A key source that counts how often it is asked and can be away."""

    def __init__(self, *signers: TokenSigner) -> None:
        self.signers = list(signers)
        self.asked = 0
        self.error: Exception | None = None

    async def __call__(self) -> KeySet:
        self.asked += 1
        await asyncio.sleep(0)
        if self.error:
            raise self.error
        return KeySet.import_key_set({"keys": [one.key.as_dict(private=False) for one in self.signers]})


def verifier_of(keys: auth.KeySource, **options: Any) -> TokenVerifier:
    return TokenVerifier(keys, issuer="lontar", audience="lontar", **options)


@pytest.fixture
def verifier(signer: TokenSigner) -> TokenVerifier:
    return verifier_of(signer.keys)


async def refusal(verifier: TokenVerifier, token: str) -> ServiceError:
    with pytest.raises(ServiceError) as caught:
        await verifier.verify(token)
    return caught.value


def encoded(part: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


class TestVerify:
    async def test_a_true_token_gives_the_principal(self, verifier: TokenVerifier, signer: TokenSigner) -> None:
        person = principal(held("head"), held("staff"), roles=frozenset({"regency_admin"}))
        seen = await verifier.verify(signer.token(person, scope="letters:read letters:register"))
        assert seen == person.model_copy(update={"scopes": frozenset({"letters:read", "letters:register"})})

    async def test_an_expired_token_says_so(self, verifier: TokenVerifier, signer: TokenSigner) -> None:
        error = await refusal(verifier, signer.token(principal(), exp=int(now().timestamp()) - 60))
        assert (error.status, error.code) == (401, "token_expired")
        assert error.headers["WWW-Authenticate"].startswith("Bearer")

    async def test_a_token_seen_before_is_refused_once_it_has_expired(
        self, verifier: TokenVerifier, signer: TokenSigner
    ) -> None:
        token = signer.token(principal(), exp=int(now().timestamp()) - auth.LEEWAY_SECONDS + 3)
        await verifier.verify(token)
        await asyncio.sleep(4.1)
        assert (await refusal(verifier, token)).code == "token_expired"

    @pytest.mark.parametrize(
        "claims",
        [
            {"iss": "somebody"},
            {"aud": "something else"},
            {"iss": None},
            {"aud": None},
            {"exp": None},
            {"sub": None},
            {"sub": ""},
            {"name": None},
            {"exp": "tomorrow"},
            {"nbf": IN_2100},
            {"iat": IN_2100},
            {"positions": [{"position_id": "x"}]},
            {"positions": 5},
            {"roles": 5},
        ],
        ids=lambda claims: "-".join(f"{name}={value}" for name, value in claims.items())[:40],
    )
    async def test_claims_that_are_not_ours_are_refused(
        self, verifier: TokenVerifier, signer: TokenSigner, claims: dict[str, Any]
    ) -> None:
        error = await refusal(verifier, signer.token(principal(), **claims))
        assert (error.status, error.code) == (401, "token_invalid")

    async def test_alg_none_is_refused(self, verifier: TokenVerifier, signer: TokenSigner) -> None:
        claims = signer.token(principal()).split(".")[1]
        for header in ({"alg": "none"}, {"alg": "none", "kid": "test"}, {"alg": "None", "kid": "test"}):
            assert (await refusal(verifier, f"{encoded(header)}.{claims}.")).code == "token_invalid"

    async def test_hmac_with_the_public_key_as_its_secret_is_refused(
        self, verifier: TokenVerifier, signer: TokenSigner
    ) -> None:
        claims = jwt.decode(signer.token(principal()), signer.key, algorithms=[auth.ALGORITHM]).claims
        for secret in (signer.key.as_pem(private=False), str(signer.key.as_dict(private=False)["x"]).encode()):
            signed = f"{encoded({'alg': 'HS256', 'kid': 'test'})}.{encoded(claims)}"
            code = base64.urlsafe_b64encode(hmac.digest(secret, signed.encode(), "sha256")).rstrip(b"=").decode()
            assert (await refusal(verifier, f"{signed}.{code}")).code == "token_invalid"

    async def test_another_key_under_the_same_id_is_refused(self, verifier: TokenVerifier) -> None:
        forger = TokenSigner(kid="test")
        assert (await refusal(verifier, forger.token(principal()))).code == "token_invalid"

    async def test_a_key_brought_along_in_the_header_is_not_used(
        self, verifier: TokenVerifier, signer: TokenSigner
    ) -> None:
        forger = TokenSigner(kid="test")
        claims = jwt.decode(signer.token(principal()), signer.key, algorithms=[auth.ALGORITHM]).claims
        header = {"alg": auth.ALGORITHM, "kid": "test", "jwk": forger.key.as_dict(private=False)}
        forged = jwt.encode(header, claims, forger.key, algorithms=[auth.ALGORITHM])
        assert (await refusal(verifier, forged)).code == "token_invalid"

    @pytest.mark.parametrize("position", [0, 1, 2])
    async def test_a_token_with_a_changed_part_is_refused(
        self, verifier: TokenVerifier, signer: TokenSigner, position: int
    ) -> None:
        parts, other = (signer.token(principal()).split("."), signer.token(principal(name="Ketut")).split("."))
        parts[position] = other[position] if position else encoded({"alg": "EdDSA", "kid": "test"})
        assert (await refusal(verifier, ".".join(parts))).code == "token_invalid"

    @pytest.mark.parametrize(
        "token",
        ["x", "..", "a.b.c", "é.é.é", "null.null.null", f"{encoded([])}.{encoded({})}.x", f"{encoded(5)}.x.x"],
    )
    async def test_what_is_no_token_is_refused(self, verifier: TokenVerifier, token: str) -> None:
        assert (await refusal(verifier, token)).code == "token_invalid"

    async def test_a_header_nested_too_deep_to_read_is_refused(self, verifier: TokenVerifier) -> None:
        bomb = base64.urlsafe_b64encode(b"[" * 30000).decode().rstrip("=")
        assert (await refusal(verifier, f"{bomb}.{encoded({})}.x")).code == "token_invalid"

    async def test_what_is_remembered_is_bounded(self, signer: TokenSigner) -> None:
        verifier = verifier_of(signer.keys, remember=8)
        for _ in range(50):
            await verifier.verify(signer.token(principal()))
        assert len(verifier._seen) <= 8


class TestKeys:
    async def test_are_fetched_when_first_needed_and_then_kept(self, signer: TokenSigner) -> None:
        keys = Keys(signer)
        verifier = verifier_of(keys)
        assert keys.asked == 0
        for _ in range(5):
            await verifier.verify(signer.token(principal()))
        assert keys.asked == 1

    async def test_are_fetched_once_however_many_need_them_at_first(self, signer: TokenSigner) -> None:
        keys = Keys(signer)
        verifier = verifier_of(keys)
        await asyncio.gather(*(verifier.verify(signer.token(principal())) for _ in range(20)))
        assert keys.asked == 1

    async def test_an_unknown_key_id_has_them_fetched_again(self, signer: TokenSigner) -> None:
        keys, newer = Keys(signer), TokenSigner(kid="newer")
        verifier = verifier_of(keys, refetch_seconds=0)
        await verifier.verify(signer.token(principal()))
        keys.signers.append(newer)
        await verifier.verify(newer.token(principal()))
        assert keys.asked == 2

    async def test_forged_key_ids_have_them_fetched_at_most_once_an_interval(self, signer: TokenSigner) -> None:
        keys = Keys(signer)
        verifier = verifier_of(keys, refetch_seconds=1)
        await verifier.verify(signer.token(principal()))
        await asyncio.sleep(1.05)
        forgeries = [TokenSigner(kid=f"forged-{number}").token(principal()) for number in range(20)]
        results = await asyncio.gather(*map(verifier.verify, forgeries), return_exceptions=True)
        assert {result.code for result in results if isinstance(result, ServiceError)} == {"token_invalid"}
        assert keys.asked == 2

    async def test_a_withdrawn_key_is_refused_after_the_next_fetch(self, signer: TokenSigner) -> None:
        keys, newer = Keys(signer), TokenSigner(kid="newer")
        verifier = verifier_of(keys, refetch_seconds=0)
        await verifier.verify(signer.token(principal()))
        keys.signers = [newer]
        await verifier.verify(newer.token(principal()))
        assert (await refusal(verifier, signer.token(principal(name="Made")))).code == "token_invalid"

    @pytest.mark.parametrize(
        "error",
        [aiohttp.ClientError("away"), OSError("refused"), TimeoutError(), ValueError("no JSON"), KeyError("keys")],
    )
    async def test_without_them_the_answer_is_503_with_retry_after(self, signer: TokenSigner, error: Exception) -> None:
        keys = Keys(signer)
        keys.error = error
        refused = await refusal(verifier_of(keys), signer.token(principal()))
        assert refused.status == 503
        assert "Retry-After" in refused.headers

    async def test_are_asked_for_again_soon_after_they_could_not_be_had(self, signer: TokenSigner) -> None:
        keys = Keys(signer)
        keys.error = OSError("refused")
        verifier = verifier_of(keys)
        assert (await refusal(verifier, signer.token(principal()))).status == 503
        keys.error = None
        await asyncio.sleep(1.1)
        await verifier.verify(signer.token(principal()))

    async def test_known_keys_outlive_the_absence_of_the_gateway(self, signer: TokenSigner) -> None:
        keys = Keys(signer)
        verifier = verifier_of(keys, refetch_seconds=0)
        await verifier.verify(signer.token(principal()))
        keys.error = OSError("refused")
        stranger = TokenSigner(kid="stranger")
        assert (await refusal(verifier, stranger.token(principal()))).code == "token_invalid"
        await verifier.verify(signer.token(principal(name="Putu")))

    async def test_a_slow_refetch_holds_up_nobody_whose_key_is_known(self, signer: TokenSigner) -> None:
        slow, reached, first = asyncio.Event(), asyncio.Event(), await signer.keys()
        answers = iter([first])

        async def source() -> KeySet:
            if answer := next(answers, None):
                return answer
            reached.set()
            await slow.wait()
            return first

        verifier = verifier_of(source, refetch_seconds=0)
        await verifier.verify(signer.token(principal()))
        forged = asyncio.create_task(refusal(verifier, TokenSigner(kid="forged").token(principal())))
        await reached.wait()
        async with asyncio.timeout(30):
            await verifier.verify(signer.token(principal(name="Komang")))
        slow.set()
        assert (await forged).code == "token_invalid"

    async def test_a_gateway_that_does_not_answer_is_waited_for_by_one_and_not_in_turn(
        self, signer: TokenSigner
    ) -> None:
        asked = 0

        async def source() -> KeySet:
            nonlocal asked
            asked += 1
            await asyncio.sleep(0.5)
            raise TimeoutError

        verifier = verifier_of(source)
        async with asyncio.timeout(5):  # twenty in turn would wait for ten
            refused = await asyncio.gather(*(refusal(verifier, signer.token(principal())) for _ in range(20)))
        assert {error.status for error in refused} == {503}
        assert asked == 1

    async def test_old_ones_are_fetched_anew_beside_the_work(self, signer: TokenSigner) -> None:
        keys, following = Keys(signer), TokenSigner(kid="following")
        verifier = verifier_of(keys, refetch_seconds=3600, stale_seconds=0.05)
        await verifier.verify(signer.token(principal()))
        keys.signers.append(following)
        await asyncio.sleep(0.1)
        await verifier.verify(signer.token(principal()))
        async with asyncio.timeout(30):
            while keys.asked == 1:
                await asyncio.sleep(0.01)
        await verifier.verify(following.token(principal()))

    async def test_what_a_withdrawn_key_had_signed_is_not_remembered_as_good(self, signer: TokenSigner) -> None:
        keys, newer = Keys(signer), TokenSigner(kid="newer")
        verifier = verifier_of(keys, refetch_seconds=0)
        token = signer.token(principal())
        await verifier.verify(token)
        keys.signers = [newer]
        await verifier.verify(newer.token(principal()))
        assert (await refusal(verifier, token)).code == "token_invalid"


class TestKeysFromUrl:
    async def test_reads_a_key_set(self, signer: TokenSigner) -> None:
        async with jwks(signer.key.as_dict(private=False)) as url:
            verifier = verifier_of(keys_from_url(url))
            assert (await verifier.verify(signer.token(principal(name="Luh")))).name == "Luh"

    @pytest.mark.parametrize("body", [{}, [], {"keys": 5}, {"keys": [{"kty": "nonsense"}]}, "text"])
    async def test_an_answer_that_is_no_key_set_counts_as_no_keys(self, signer: TokenSigner, body: Any) -> None:
        async with serving(answering(body), "127.0.0.1", 0) as url:
            assert (await refusal(verifier_of(keys_from_url(f"{url}/jwks")), signer.token(principal()))).status == 503


def answering(body: Any) -> FastAPI:
    app, router = FastAPI(), APIRouter()

    @router.get("/jwks")
    async def keys() -> Any:
        return body

    app.include_router(router)
    return app


class jwks:  # noqa: N801 - reads as a function
    """A server with one key."""

    def __init__(self, key: Any) -> None:
        self._serving = serving(answering({"keys": [key]}), "127.0.0.1", 0)

    async def __aenter__(self) -> str:
        return f"{await self._serving.__aenter__()}/jwks"

    async def __aexit__(self, *error: Any) -> None:
        await self._serving.__aexit__(*error)


class TestBearerToken:
    def test_is_what_follows_the_scheme(self) -> None:
        assert bearer_token("Bearer abc") == "abc"
        assert bearer_token("bearer  abc ") == "abc"

    @pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic abc", "abc"])
    def test_is_asked_for_where_there_is_none(self, header: str | None) -> None:
        with pytest.raises(ServiceError) as caught:
            bearer_token(header)
        assert (caught.value.status, caught.value.code) == (401, "token_missing")


class TestPrincipal:
    def test_finds_a_held_position(self) -> None:
        first, second = held("head"), held("staff")
        person = principal(first, second)
        assert person.holding(second.position_id) == second
        assert person.holding("another") is None

    def test_names_each_unit_once(self) -> None:
        first = held("head")
        second = held("staff", unit_id=first.unit_id)
        person = principal(first, second)
        assert person.unit_ids == [first.unit_id]
        assert person.in_unit(first.unit_id) == (first, second)
        assert person.position_ids == [first.position_id, second.position_id]

    def test_does_not_change(self) -> None:
        with pytest.raises(ValueError, match="frozen"):
            Principal(person_id="a", name="b").name = "c"  # type: ignore[misc]
