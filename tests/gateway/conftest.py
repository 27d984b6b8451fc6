"""A gateway in front of small upstreams that the tests can look into."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
from joserfc.jwk import OKPKey

from gateway.auth.accounts import Account
from gateway.auth.tokens import Subject
from gateway.main import Gateway, build
from gateway.settings import GatewaySettings
from services.chassis.clock import now
from services.chassis.ids import new_id
from services.chassis.run import operations_app, serving
from tests.conftest import Serve, SettingsFor
from tests.gateway.upstream import Upstream

PASSWORD = "perahu-menuju-nusa-penida"
NOWHERE = "http://127.0.0.1:9"
NAMES = ("intake", "routing", "disposition", "schedule", "notify")


def private_pem() -> str:
    """A fresh Ed25519 key."""
    return OKPKey.generate_key("Ed25519").as_pem(private=True).decode()


@dataclass
class Door:
    """A running gateway, a client for it, and its address."""

    gateway: Gateway
    http: aiohttp.ClientSession
    url: str

    async def account(self, username: str = "wayan", *, person_id: str | None = None, roles: Any = ()) -> Account:
        """An account with ``PASSWORD``."""
        context = self.gateway.context
        account = Account(
            id=new_id(),
            username=username,
            password_hash=await context.passwords.hash(PASSWORD),
            person_id=person_id or new_id(),
            name="Wayan Sudira",
            roles=roles,
            created_at=now(),
        )
        await context.accounts.add(account)
        return account

    async def sign_in(self, username: str = "wayan", password: str = PASSWORD) -> tuple[int, dict[str, Any]]:
        """Status and body of a sign-in."""
        credentials = {"username": username, "password": password}
        async with self.http.post("/v1/auth/token", json=credentials) as answer:
            return answer.status, await answer.json()

    async def bearer(self, username: str = "wayan") -> dict[str, str]:
        """Headers of somebody who has just signed in."""
        _, body = await self.sign_in(username)
        return {"Authorization": f"Bearer {body['access_token']}"}

    @asynccontextmanager
    async def operations(self) -> AsyncIterator[aiohttp.ClientSession]:
        """A client for the port where the gateway tells how it is."""
        app = operations_app(self.gateway.service)
        async with serving(app, "127.0.0.1", 0) as url, aiohttp.ClientSession(base_url=url) as http:
            yield http

    def token_of(self, *, person_id: str | None = None, roles: Sequence[str] = ()) -> dict[str, str]:
        """Headers of somebody without an account, as if just signed in."""
        subject = Subject(person_id or new_id(), "Made Sutama", (), roles)
        return {"Authorization": f"Bearer {self.gateway.context.issuer.issue(subject)}"}


OpenDoor = Callable[..., AbstractAsyncContextManager[Door]]


@pytest.fixture
def open_door(settings_for: SettingsFor, serve: Serve) -> OpenDoor:
    """``async with open_door(intake=upstream_url, **settings) as door``; other upstreams lead nowhere."""

    @asynccontextmanager
    async def start(**overrides: Any) -> AsyncIterator[Door]:
        upstreams = {f"upstream_{name}": overrides.pop(name, NOWHERE) for name in NAMES}
        quick = {"argon2_memory_kib": 64, "argon2_passes": 1, "argon2_lanes": 1}
        given = {"signing_key": private_pem(), **quick, **upstreams, **overrides}
        gateway = build(settings_for(GatewaySettings, "gateway", **given))
        try:
            async with serve(gateway.service) as http:
                yield Door(gateway, http, str(http._base_url))
        finally:
            await gateway.context.apps.close()
            await gateway.upstreams.close()

    return start


@pytest.fixture
async def upstream() -> AsyncIterator[Upstream]:
    """A service that records what reaches it."""
    recorder = Upstream()
    async with serving(recorder, "127.0.0.1", 0) as url:
        recorder.url = url
        yield recorder


@pytest.fixture
async def door(open_door: OpenDoor, upstream: Upstream) -> AsyncIterator[Door]:
    """A gateway before the recording upstream, with the account ``wayan``."""
    async with open_door(**dict.fromkeys(NAMES, upstream.url)) as opened:
        await opened.account()
        yield opened
