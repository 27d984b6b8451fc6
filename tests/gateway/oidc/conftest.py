"""A gateway that trusts a provider, and browsers that go between them."""

import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest

from tests.gateway.conftest import Door, OpenDoor
from tests.gateway.oidc.provider import Provider, running

PUBLIC = "http://127.0.0.1:1"
"""What the gateway believes its address to be; browsers here go to where it really is."""
START = "/v1/auth/oidc/start"
CLIENT_SECRET = "a secret: with % and / in it"
MATCHES = ({"claim": "preferred_username", "to": "username"}, {"claim": "email", "to": "username"})


@dataclass(frozen=True)
class Page:
    """What a browser was shown."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def location(self) -> str:
        return self.headers.get("Location", "")

    @property
    def query(self) -> dict[str, str]:
        """The parameters of where it leads."""
        return {name: values[0] for name, values in parse_qs(urlsplit(self.location).query).items()}


class Browser:
    """A browser with its own cookies."""

    def __init__(self, door: Door, http: aiohttp.ClientSession) -> None:
        self.door, self.http = door, http

    async def get(self, url: str, *, accept: str = "text/html", **query: str) -> Page:
        """Open an address, without following where it leads."""
        url = self.door.url.rstrip("/") + url.removeprefix(PUBLIC) if url.startswith((PUBLIC, "/")) else url
        asked = self.http.get(url, params=query or None, headers={"Accept": accept}, allow_redirects=False)
        async with asked as answer:
            return Page(answer.status, dict(answer.headers), await answer.text())

    async def start(self, **query: str) -> str:
        """Where the gateway sends the browser to sign in."""
        page = await self.get(START, **query)
        assert page.status == 303, page.text
        return page.location

    async def consent(self, url: str, subject: str, **form: str) -> str:
        """Sign in at the provider; where it sends the browser back to."""
        async with self.http.post(url, data={"sub": subject, **form}, allow_redirects=False) as answer:
            assert answer.status == 302, await answer.text()
            return answer.headers["Location"]

    async def sign_in(self, subject: str, **query: str) -> Page:
        """The whole way."""
        return await self.get(await self.consent(await self.start(**query), subject))

    async def me(self) -> dict[str, Any]:
        """Who the browser's cookies say it is."""
        async with self.http.get(f"{self.door.url.rstrip('/')}/v1/me") as answer:
            assert answer.status == 200, await answer.text()
            found: dict[str, Any] = await answer.json()
            return found


@dataclass
class Trusting:
    """A gateway that trusts ``provider``."""

    door: Door
    provider: Provider

    @asynccontextmanager
    async def browser(self) -> AsyncIterator[Browser]:
        """A browser without any cookies yet."""
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
            yield Browser(self.door, http)

    async def post(self, path: str, body: dict[str, str], **headers: str) -> tuple[int, dict[str, Any]]:
        """What an app sends."""
        async with self.door.http.post(path, json=body, headers=headers) as answer:
            return answer.status, await answer.json()

    async def noted(self, kind: str) -> list[Any]:
        """The entries of a kind in the record."""
        audit = self.door.gateway.context.audit
        await audit.link_all()
        return await audit.within("kind", kind, None, None)


Trust = Callable[..., AbstractAsyncContextManager[Trusting]]


@pytest.fixture
def provider() -> Iterator[Provider]:
    """A provider that does as it should."""
    with running() as started:
        yield started


@pytest.fixture
def trust(open_door: OpenDoor, provider: Provider, tmp_path: Path) -> Trust:
    """``async with trust(userinfo=True) as trusting``: a gateway that trusts the provider; ``wayan`` has an account."""
    secret = tmp_path / "client_secret"
    secret.write_text(CLIENT_SECRET + "\n")

    @asynccontextmanager
    async def start(
        *others: dict[str, Any], door: dict[str, Any] | None = None, account: bool = True, **given: Any
    ) -> AsyncIterator[Trusting]:
        usual = {
            "name": "kabupaten",
            "title": "SSO Kabupaten",
            "issuer": provider.url,
            "client_id": "lontar",
            "client_secret_file": str(secret),
            "matches": MATCHES,
        }
        providers = [{**usual, **given}, *({**usual, **given, **other} for other in others)]
        settings = {
            "public_url": PUBLIC,
            "oidc_providers": json.dumps(providers),
            "oidc_app_redirects": "id.go.bali.lontar:/masuk, http://127.0.0.1/masuk",
            **(door or {}),
        }
        async with open_door(**settings) as opened:
            if account:
                await opened.account("wayan")
            yield Trusting(opened, provider)

    return start
