"""Browsers behind a proxy that ends TLS: the cookies are bound to the host and to HTTPS."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from services.chassis.run import running
from tests.gateway.auth.browser import Browser
from tests.gateway.conftest import NAMES, Door, OpenDoor
from tests.gateway.upstream import Upstream

TLS = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.7", "Host": "surat.example.go.id"}
SESSION = "__Host-lontar_session"


@pytest.fixture
async def browser(open_door: OpenDoor, upstream: Upstream) -> AsyncIterator[Browser]:
    """A browser that has signed in through a trusted proxy."""
    async with open_door(trusted_proxies="127.0.0.1", **dict.fromkeys(NAMES, upstream.url)) as door:
        await door.account()
        async with running(door.gateway.service, "serve") as url, aiohttp.ClientSession(base_url=url) as http:
            opened = Browser(Door(door.gateway, http, url))
            opened.always = TLS
            await opened.sign_in()
            yield opened


class TestHttps:
    """What the browser says over HTTPS, as the proxy tells it."""

    async def test_both_cookies_are_secure_and_bound_to_the_host(self, browser: Browser) -> None:
        for name in (SESSION, "__Host-lontar_csrf"):
            assert browser.attributes[name]["secure"]
            assert browser.attributes[name]["path"] == "/"
            assert "domain" not in browser.attributes[name]

    async def test_they_sign_in_and_the_session_knows_where_from(self, browser: Browser) -> None:
        status, body = await browser.ask("GET", "/v1/me/sessions")
        assert status == 200
        assert body["items"][0]["address"] == "203.0.113.7"

    async def test_changes_need_the_token_here_too(self, browser: Browser) -> None:
        change = {"position_id": None}
        assert (await browser.ask("PUT", "/v1/me/position", json=change))[0] == 200
        assert (await browser.ask("PUT", "/v1/me/position", json=change, csrf=False))[0] == 403

    async def test_our_own_origin_is_known_without_fetch_metadata(self, browser: Browser) -> None:
        for origin, expected in (("https://surat.example.go.id", 200), ("http://surat.example.go.id", 403)):
            fields = {"Sec-Fetch-Site": "", "Sec-Fetch-Mode": "", "Origin": origin}
            status, _ = await browser.ask("PUT", "/v1/me/position", json={"position_id": None}, fields=fields)
            assert status == expected

    async def test_a_cookie_planted_under_the_plain_name_counts_for_nothing(self, browser: Browser) -> None:
        browser.cookies = {"lontar_session": browser.cookies[SESSION]}
        assert (await browser.ask("GET", "/v1/inbox"))[0] == 401

    async def test_over_plain_http_it_does_not_sign_in(self, browser: Browser) -> None:
        browser.always = {**TLS, "X-Forwarded-Proto": "http"}
        assert (await browser.ask("GET", "/v1/inbox"))[0] == 401

    async def test_signing_out_clears_both(self, browser: Browser) -> None:
        assert (await browser.ask("POST", "/v1/auth/logout"))[0] == 204
        assert not [name for name in browser.cookies if name.startswith("__Host-")]
