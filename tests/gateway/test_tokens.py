"""Which tokens open the door: those this gateway signed, while they live, and no others."""

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, OKPKey

from services.chassis.auth import ALGORITHM, TokenVerifier
from services.chassis.clock import now
from services.chassis.ids import new_id
from tests.conftest import SettingsFor
from tests.gateway.conftest import NAMES, Door, OpenDoor, private_pem
from tests.gateway.upstream import Upstream


def _part(value: bytes | dict[str, Any]) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _claims(**given: Any) -> dict[str, Any]:
    issued = int(now().timestamp())
    return {
        "iss": "lontar",
        "aud": "lontar",
        "sub": new_id(),
        "name": "Palsu",
        "scope": "letters:read",
        "iat": issued,
        "exp": issued + 600,
        **given,
    }


async def _status(door: Door, token: str | None, path: str = "/v1/inbox") -> tuple[int, str]:
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    async with door.http.get(path, headers=headers) as answer:
        if answer.status == 401:
            assert answer.content_type == "application/problem+json"
            assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        return answer.status, (await answer.json()).get("code", "")


@pytest.fixture
async def pem() -> str:
    """The gateway's signing key, known to the test."""
    return private_pem()


class TestForged:
    """Each of these is a 401 and reaches no service."""

    async def test_no_token(self, door: Door, upstream: Upstream) -> None:
        assert await _status(door, None) == (401, "token_missing")
        assert not upstream.seen

    async def test_another_scheme(self, door: Door, upstream: Upstream) -> None:
        async with door.http.get("/v1/inbox", headers={"Authorization": "Basic d2F5YW46eA=="}) as answer:
            assert answer.status == 401
        assert not upstream.seen

    async def test_alg_none(self, door: Door, upstream: Upstream) -> None:
        kid = door.gateway.context.keys.kid
        token = f"{_part({'alg': 'none', 'typ': 'JWT', 'kid': kid})}.{_part(_claims())}."
        assert await _status(door, token) == (401, "token_invalid")
        assert not upstream.seen

    async def test_hmac_with_the_public_key_as_secret(self, door: Door, upstream: Upstream) -> None:
        (public,) = door.gateway.context.keys.jwks()["keys"]
        head = f"{_part({'alg': 'HS256', 'typ': 'JWT', 'kid': public['kid']})}.{_part(_claims())}"
        secret = base64.urlsafe_b64decode(public["x"] + "=")
        token = f"{head}.{_part(hmac.digest(secret, head.encode(), hashlib.sha256))}"
        assert await _status(door, token) == (401, "token_invalid")
        assert not upstream.seen

    async def test_another_key_under_our_key_id(self, door: Door, upstream: Upstream) -> None:
        other = OKPKey.generate_key("Ed25519")
        header = {"alg": ALGORITHM, "kid": door.gateway.context.keys.kid}
        token = jwt.encode(header, _claims(), other, algorithms=[ALGORITHM])
        assert await _status(door, token) == (401, "token_invalid")
        assert not upstream.seen

    async def test_a_key_brought_along_in_the_header(self, door: Door, upstream: Upstream) -> None:
        other = OKPKey.generate_key("Ed25519")
        header = {"alg": ALGORITHM, "jwk": other.as_dict(private=False)}
        token = jwt.encode(header, _claims(), other, algorithms=[ALGORITHM])
        assert await _status(door, token) == (401, "token_invalid")
        assert not upstream.seen

    async def test_a_changed_claim(self, door: Door, upstream: Upstream) -> None:
        token = (await door.bearer())["Authorization"].removeprefix("Bearer ")
        head, body, signature = token.split(".")
        claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        claims["scope"] = "letters:read organisation:write"
        assert await _status(door, f"{head}.{_part(claims)}.{signature}") == (401, "token_invalid")
        assert not upstream.seen

    @pytest.mark.parametrize(
        ("claims", "code"),
        [
            ({"exp": 1}, "token_expired"),
            ({"iss": "someone-else"}, "token_invalid"),
            ({"aud": "another-house"}, "token_invalid"),
            ({"name": None}, "token_invalid"),
        ],
    )
    async def test_foreign_or_expired_claims(
        self, open_door: OpenDoor, upstream: Upstream, pem: str, claims: dict[str, Any], code: str
    ) -> None:
        async with open_door(signing_key=pem, **dict.fromkeys(NAMES, upstream.url)) as door:
            header = {"alg": ALGORITHM, "kid": door.gateway.context.keys.kid}
            key = door.gateway.context.keys.signing
            token = jwt.encode(header, _claims(**claims), key, algorithms=[ALGORITHM])
            assert await _status(door, token) == (401, code)
        assert not upstream.seen

    @pytest.mark.parametrize("token", ["x", "a.b.c", "....", "ä.ö.ü", "e30.e30.e30"])
    async def test_rubbish(self, door: Door, upstream: Upstream, token: str) -> None:
        headers = {"Authorization": f"Bearer {token}"}
        async with door.http.get("/v1/me", headers=headers) as answer:
            assert answer.status == 401
        async with door.http.get("/v1/inbox", headers=headers) as answer:
            assert answer.status == 401
        assert not upstream.seen


class TestKeys:
    """GET /.well-known/jwks.json."""

    async def test_only_the_public_half_is_published_under_its_thumbprint(self, door: Door) -> None:
        async with door.http.get("/.well-known/jwks.json") as answer:
            document = await answer.json()
        (key,) = document["keys"]
        assert set(key) == {"kty", "crv", "x", "kid", "use", "alg"}
        assert key["kid"] == OKPKey.import_key({k: key[k] for k in ("kty", "crv", "x")}).thumbprint()

    async def test_a_service_verifies_with_the_published_keys(self, door: Door) -> None:
        _, body = await door.sign_in()
        async with door.http.get("/.well-known/jwks.json") as answer:
            published = KeySet.import_key_set(await answer.json())

        async def keys() -> KeySet:
            return published

        principal = await TokenVerifier(keys, issuer="lontar", audience="lontar").verify(body["access_token"])
        assert principal.name == "Wayan Sudira"
        assert principal.scopes == {"letters:read"}

    async def test_a_token_of_the_former_key_lives_on_after_the_change(
        self, open_door: OpenDoor, upstream: Upstream, pem: str
    ) -> None:
        everywhere = dict.fromkeys(NAMES, upstream.url)
        async with open_door(signing_key=pem, **everywhere) as before:
            await before.account()
            token = (await before.bearer())["Authorization"].removeprefix("Bearer ")
        former = OKPKey.import_key(pem).as_pem(private=False).decode()
        async with open_door(former_key=former, **everywhere) as after:
            assert (await _status(after, token))[0] == 200
            assert len(after.gateway.context.keys.jwks()["keys"]) == 2
        async with open_door(**everywhere) as later:
            assert await _status(later, token) == (401, "token_invalid")

    async def test_a_public_key_cannot_sign(self, open_door: OpenDoor, pem: str) -> None:
        public = OKPKey.import_key(pem).as_pem(private=False).decode()
        with pytest.raises(ValueError, match="not a private key"):
            async with open_door(signing_key=public):
                raise AssertionError("it started")

    async def test_the_key_may_be_given_as_a_file(self, settings_for: SettingsFor, tmp_path: Any, pem: str) -> None:
        from gateway.settings import GatewaySettings

        path = tmp_path / "key"
        path.write_text(pem)
        upstreams = {f"upstream_{name}": "http://127.0.0.1:9" for name in NAMES}
        settings = settings_for(GatewaySettings, "gateway", signing_key_file=path, **upstreams)
        assert settings.signing_key.get_secret_value() == pem.strip()
        assert pem.strip() not in repr(settings)


class TestOpenDoors:
    """What needs no token."""

    @pytest.mark.parametrize("path", ["/docs", "/status", "/v1/status", "/.well-known/jwks.json"])
    async def test_public_addresses(self, door: Door, path: str) -> None:
        async with door.http.get(path) as answer:
            assert answer.status == 200

    @pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/statusz"])
    async def test_how_it_is_made_is_told_on_another_port_alone(self, door: Door, path: str) -> None:
        async with door.http.get(path) as outside, door.operations() as http, http.get(path) as inside:
            assert outside.status == 404
            assert inside.status in (200, 503)

    async def test_ready_needs_the_consumer_and_the_first_account(self, door: Door) -> None:
        async with door.operations() as http, http.get("/readyz") as answer:
            assert answer.status == 503
            parts = (await answer.json())["parts"]
        assert parts["database"] is True
        assert parts["consumer"] is False
        assert parts["first_account"] is False
