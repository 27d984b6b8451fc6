"""No operation of the public API lets a token in that the gateway did not give: forged, foreign, expired or altered, at
the gateway and at each service reached directly (RFC 8725). And nothing a client says of itself beside it counts.

Each operation of the merged description is tried, so a new one is tried as soon as it is there.
"""

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

import aiohttp
import pytest
from joserfc.jwk import OKPKey

from deploy.demo.client import Json
from gateway.routes import RouteTable
from services.chassis.auth import Principal
from services.chassis.clock import now
from tests.flow.isolation.operations import Operation, operations
from tests.flow.rights.nothing import nowhere
from tests.house import House
from tests.people import held, principal
from tests.signing import TokenSigner

pytestmark = [pytest.mark.flow, pytest.mark.slow, pytest.mark.timeout(480)]
AT_ONCE = 32
MOST_ROLES = frozenset({"regency_admin", "auditor"})


@dataclass(frozen=True)
class Target:
    """An operation at one of the doors it can be reached by."""

    base: str
    operation: Operation

    @property
    def url(self) -> str:
        """Of a thing there is not; nobody gets as far as to find that out."""
        return self.base + self.operation.at(nowhere(self.operation.named))

    def __str__(self) -> str:
        return f"{self.operation.method} {self.base}{self.operation.path}"


@pytest.fixture(scope="module")
async def targets(house: House) -> list[Target]:
    """Every operation that is not for everybody: at the gateway, and at the service behind it."""
    async with house.person("bupati") as client:
        document = await client.get("/v1/openapi.json")
    table, ports = RouteTable(), house.stack.addresses.service_ports
    found = []
    for operation in operations(document).values():
        path = operation.at(nowhere(operation.named))
        route = table.match(path.encode(), operation.method)
        assert route is not None, f"{operation.id} has no route"
        if not route.open:
            found.append(Target(house.stack.base_url, operation))
            if route.upstream != "gateway":
                found.append(Target(f"http://127.0.0.1:{ports[route.upstream]}", operation))
    assert len(found) > 300, "hardly anything is tried"
    return found


@pytest.fixture(scope="module")
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    """Somebody outside."""
    # A service closes after five seconds what nobody uses: what might just be closed is not used again.
    lines = aiohttp.TCPConnector(keepalive_timeout=2)
    async with aiohttp.ClientSession(connector=lines, timeout=aiohttp.ClientTimeout(total=60)) as session:
        yield session


@pytest.fixture(scope="module")
async def published(house: House, http: aiohttp.ClientSession) -> Json:
    """The public key the gateway signs with now, as everybody may read it."""
    async with http.get(f"{house.stack.base_url}/.well-known/jwks.json") as response:
        keys: list[Json] = (await response.json())["keys"]
    return keys[0]


@pytest.fixture(scope="module")
async def true_token(house: House) -> str:
    """What the bupati holds."""
    async with house.person("bupati") as client:
        return client._token


def everybody() -> Principal:
    """Somebody who would be let in everywhere, were the token true."""
    return principal(held("leader"), held("registrar"), held("head"), name="Bupati", roles=MOST_ROLES)


def part(said: Json) -> str:
    """A part of a token."""
    return base64.urlsafe_b64encode(json.dumps(said).encode()).rstrip(b"=").decode()


def said_by(token: str, number: int) -> Json:
    """A part of a token, read."""
    text = token.split(".")[number]
    found: Json = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    return found


def sealed_with(secret: bytes, head: Json, claims: Json) -> str:
    """Signed with HMAC, under a secret that everybody may know."""
    signed = f"{part(head)}.{part(claims)}"
    mac = hmac.new(secret, signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def forgeries(published: Json, true: str) -> Iterator[tuple[str, str]]:
    """Tokens that are no good, by what is wrong with them."""
    kid, who = str(published["kid"]), everybody()
    head, _, signature = true.split(".")
    claims = said_by(true, 1)
    own, namesake = TokenSigner(kid="other"), TokenSigner(kid=kid)
    public = OKPKey.import_key({key: value for key, value in published.items() if key in ("kty", "crv", "x")})
    ago = int(now().timestamp()) - 3600
    yield "signed by somebody else", own.token(who)
    yield "signed by somebody else under our key's id", namesake.token(who)
    yield "expired and signed by somebody else", namesake.token(who, iat=ago, exp=ago + 600)
    yield "of another issuer", namesake.token(who, iss="https://evil.example")
    yield "for another audience", namesake.token(who, aud="lontar-apps")
    for alg in ("none", "None", "NONE"):
        yield f"unsigned, alg={alg}", f"{part({'alg': alg, 'typ': 'JWT'})}.{part(claims)}."
        yield f"unsigned, alg={alg}, our key's id", f"{part({'alg': alg, 'kid': kid})}.{part(claims)}.{signature}"
    for name, secret in (
        ("PEM", public.as_pem(private=False)),
        ("DER", public.as_der(private=False)),
        ("x", str(published["x"]).encode()),
    ):
        yield f"HS256 with the public key ({name})", sealed_with(secret, {"alg": "HS256", "kid": kid}, claims)
    brought = {
        "alg": "Ed25519",
        "kid": "mine",
        "jwk": own.key.as_dict(private=False),
        "jku": "https://evil.example/jwks",
    }
    yield "with a key of its own in its head", f"{part(brought)}.{own.token(who).split('.', 1)[1]}"
    yield "with the head swapped", f"{part({**said_by(true, 0), 'kid': 'other'})}.{true.split('.', 1)[1]}"
    yield "with more rights than were signed", f"{head}.{part({**claims, 'roles': ['regency_admin']})}.{signature}"
    yield "for longer than was signed", f"{head}.{part({**claims, 'exp': claims['exp'] + 3600})}.{signature}"
    yield "without its signature", f"{head}.{true.split('.')[1]}."
    yield "with a signature of nothing", f"{head}.{true.split('.')[1]}.{base64.urlsafe_b64encode(bytes(64)).decode()}"
    yield "no token at all", "true"


async def statuses(
    http: aiohttp.ClientSession, targets: list[Target], headers: dict[str, str]
) -> list[tuple[Target, int, str]]:
    """What each target answers."""
    turn = asyncio.Semaphore(AT_ONCE)

    async def ask(one: Target) -> tuple[Target, int, str]:
        async with turn, http.request(one.operation.method, one.url, headers=headers) as response:
            has_problem = response.content_type == "application/problem+json" and one.operation.method != "HEAD"
            told = await response.json() if has_problem else {}
            return one, response.status, str(told.get("code", ""))

    return list(await asyncio.gather(*(ask(one) for one in targets)))


class TestForged:
    async def test_no_operation_lets_any_of_them_in(
        self, http: aiohttp.ClientSession, targets: list[Target], published: Json, true_token: str
    ) -> None:
        tried = 0
        for number, (wrong, token) in enumerate(forgeries(published, true_token)):
            # each at a third of the doors, and each door by a third of them; the first at every door
            some = targets if number == 0 else targets[number % 3 :: 3]
            for target, status, code in await statuses(http, some, {"Authorization": f"Bearer {token}"}):
                tried += 1
                assert (status, code) in {(401, "token_invalid"), (401, "")}, f"{target} took a token {wrong}: {status}"
        assert tried > len(targets) * 6

    async def test_each_is_refused_at_every_door_of_a_kind(
        self, house: House, http: aiohttp.ClientSession, published: Json, true_token: str
    ) -> None:
        doors = [f"{house.stack.base_url}/v1/inbox", f"{house.stack.base_url}/v1/me"]
        ports = house.stack.addresses.service_ports
        paths = {"intake": "register", "routing": "inbox", "disposition": "dispositions?box=given"}
        paths |= {"schedule": "schedule/requests", "notify": "notifications"}
        doors += [f"http://127.0.0.1:{ports[service]}/v1/{path}" for service, path in paths.items()]
        for wrong, token in forgeries(published, true_token):
            for door in doors:
                async with http.get(door, headers={"Authorization": f"Bearer {token}"}) as response:
                    assert response.status == 401, f"{door} took a token {wrong}"
                    assert "www-authenticate" in response.headers

    async def test_the_true_one_is_let_in_at_all_of_them(
        self, http: aiohttp.ClientSession, targets: list[Target], true_token: str
    ) -> None:
        reads = [one for one in targets if one.operation.method == "GET" and "stream" not in one.operation.path]
        answers = await statuses(http, reads, {"Authorization": f"Bearer {true_token}"})
        assert [str(one) for one, status, _ in answers if status == 401 or status >= 500] == []


class TestNone:
    async def test_no_operation_answers_without_a_token(
        self, http: aiohttp.ClientSession, targets: list[Target]
    ) -> None:
        for target, status, code in await statuses(http, targets, {}):
            assert (status, code) in {(401, "token_missing"), (401, "")}, target

    @pytest.mark.parametrize("given", ["Basic YnVwYXRpOnNhbmRp", "Bearer", "Bearer ", "Token x", "bearer", "null"])
    async def test_what_is_no_token_is_none(self, house: House, http: aiohttp.ClientSession, given: str) -> None:
        for door in (house.stack.base_url, f"http://127.0.0.1:{house.stack.addresses.service_ports['routing']}"):
            async with http.get(f"{door}/v1/inbox", headers={"Authorization": given}) as response:
                assert response.status == 401


CLAIMS = {
    "X-Lontar-Person": "bupati",
    "X-Lontar-Roles": "regency_admin",
    "X-Lontar-Positions": "[]",
    "X-Forwarded-User": "bupati",
    "X-Forwarded-Email": "bupati@klungkung.example",
    "X-Forwarded-Preferred-Username": "bupati",
    "X-Remote-User": "bupati",
    "Remote-User": "bupati",
    "X-Auth-Request-User": "bupati",
    "X-Original-URL": "/v1/accounts",
    "X-Rewrite-URL": "/v1/accounts",
    "X-Forwarded-For": "127.0.0.1",
    "Forwarded": "for=127.0.0.1;by=gateway",
    "Proxy-Authorization": "Basic YnVwYXRpOnNhbmRp",
    "X-HTTP-Method-Override": "DELETE",
}
"""What a client may say of itself, as proxies of other houses say it of theirs."""


class TestClaims:
    async def test_nobody_becomes_somebody_by_saying_so(
        self, http: aiohttp.ClientSession, targets: list[Target]
    ) -> None:
        for target, status, code in await statuses(http, targets, CLAIMS):
            assert (status, code) in {(401, "token_missing"), (401, "")}, target

    async def test_somebody_stays_who_they_are_whatever_they_say(self, house: House) -> None:
        async with house.person("desa.sekartaji") as village:
            plain = {path: await village.get(path) for path in ("/v1/me", "/v1/boxes", "/v1/letters", "/v1/register")}
            for path, seen in plain.items():
                headers = CLAIMS | village._authorization()
                async with village._http.get(path, headers=headers) as response:
                    claimed = await response.json()
                assert {**claimed, "at": None} == {**seen, "at": None}, path
            async with village._http.get("/v1/accounts", headers=CLAIMS | village._authorization()) as response:
                assert response.status == 403

    async def test_a_second_authorization_is_nobodys(self, house: House, true_token: str) -> None:
        async with house.person("desa.sekartaji") as village:
            headers = [("Authorization", f"Bearer {village._token}"), ("Authorization", f"Bearer {true_token}")]
            async with village._http.get("/v1/me", headers=headers) as response:
                told = await response.json()
            assert response.status in (400, 401) or told["name"] == (await village.get("/v1/me"))["name"]
