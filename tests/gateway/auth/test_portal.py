"""Browsers: signed in by a cookie that no script reads and no other site can use."""

import asyncio
import base64
import hashlib
import secrets
import time
from datetime import timedelta
from typing import Any

import pytest
from starlette.responses import Response

from gateway.auth.cookie_marks import CookieMarks
from gateway.auth.cookies import cookie_of, set_cookies
from gateway.auth.csrf import csrf_token
from gateway.auth.sealing import Sealer
from gateway.auth.session_rows import LiveSession, Opened, fresh_secret
from gateway.auth.sessions import SESSIONS
from gateway.settings import GatewaySettings
from services.chassis.clock import now
from services.chassis.ids import new_id
from services.chassis.mongo import PyMongoError
from tests.conftest import SettingsFor
from tests.gateway.auth.browser import Browser
from tests.gateway.conftest import NAMES, NOWHERE, PASSWORD, Door, OpenDoor
from tests.gateway.upstream import Upstream

CHANGE = {"position_id": None}
LOOKED_FOR_SECONDS = 30
"""So long a look at a database that is away takes here."""


class TestSignIn:
    """POST /v1/auth/token with ``keeping: portal``."""

    async def test_the_answer_holds_no_token_and_the_cookies_do(self, door: Door) -> None:
        browser = Browser(door)
        body = await browser.sign_in()
        assert set(body) == {"csrf_token", "expires_at"}
        assert body["csrf_token"] == browser.cookies["lontar_csrf"]
        session, csrf = browser.attributes["lontar_session"], browser.attributes["lontar_csrf"]
        assert session["httponly"]
        assert "httponly" not in csrf
        assert session["samesite"] == csrf["samesite"] == "strict"
        assert session["path"] == csrf["path"] == "/"
        assert "max-age" not in session

    async def test_a_remembered_browser_keeps_them_as_long_as_the_session_may_live(self, door: Door) -> None:
        browser = Browser(door)
        await browser.sign_in(remember=True)
        assert int(browser.attributes["lontar_session"]["max-age"]) == pytest.approx(60 * 24 * 3600, abs=60)

    async def test_the_cookie_signs_in_and_a_service_gets_a_token_and_no_cookie(
        self, browser: Browser, upstream: Upstream
    ) -> None:
        status, _ = await browser.ask("GET", "/v1/inbox")
        assert status == 200
        assert upstream.seen[-1].values("authorization")[0].startswith("Bearer ey")
        assert not upstream.seen[-1].values("cookie")
        assert not upstream.seen[-1].values("x-csrf-token")

    async def test_only_a_hash_of_the_cookie_is_stored(self, door: Door, browser: Browser) -> None:
        rows = await door.gateway.service.foundation.database[SESSIONS].find({}).to_list(None)
        _, secret, _ = browser.cookies["lontar_session"].split(".")
        assert rows[0]["cookie_hash"] == hashlib.sha256(secret.encode()).hexdigest()
        assert secret not in str(rows)

    async def test_signing_in_anew_gives_a_new_cookie_and_ends_the_former_session(self, door: Door) -> None:
        browser = Browser(door)
        await browser.sign_in()
        former = dict(browser.cookies)
        await browser.sign_in()
        assert browser.cookies["lontar_session"] != former["lontar_session"]
        browser.cookies = former
        assert (await browser.ask("GET", "/v1/inbox"))[0] == 401

    async def test_another_site_cannot_sign_a_browser_in(self, door: Door) -> None:
        wanted = {"username": "wayan", "password": PASSWORD, "keeping": "portal"}
        status, problem = await Browser(door).ask(
            "POST", "/v1/auth/token", json=wanted, fields={"Sec-Fetch-Site": "cross-site"}
        )
        assert (status, problem["code"]) == (403, "cross_site")

    async def test_over_plain_http_from_elsewhere_it_is_refused(self, door: Door) -> None:
        wanted = {"username": "wayan", "password": PASSWORD, "keeping": "portal"}
        status, problem = await Browser(door).ask(
            "POST", "/v1/auth/token", json=wanted, fields={"Host": "surat.klungkungkab.go.id"}
        )
        assert (status, problem["code"]) == (400, "https_needed")

    async def test_unless_the_settings_allow_it(self, open_door: OpenDoor, upstream: Upstream) -> None:
        async with open_door(cookies_without_https=True, **dict.fromkeys(NAMES, upstream.url)) as door:
            await door.account()
            wanted = {"username": "wayan", "password": PASSWORD, "keeping": "portal"}
            status, _ = await Browser(door).ask("POST", "/v1/auth/token", json=wanted, fields={"Host": "192.168.1.5"})
            assert status == 200


class TestCookie:
    """What is taken for a session and what is not."""

    @pytest.mark.parametrize(
        "value",
        ["", "x", "a.b.0", f"{new_id()}.{'A' * 43}.0", f"{new_id()}.{'A' * 43}", f"{new_id()}.{'A' * 42}=.0", "ü"],
        ids=["nothing", "a letter", "three letters", "well formed", "without a version", "not base64", "not ASCII"],
    )
    async def test_rubbish_and_inventions_are_nobody(self, door: Door, value: str, upstream: Upstream) -> None:
        browser = Browser(door)
        browser.cookies = {"lontar_session": value}
        assert (await browser.ask("GET", "/v1/inbox"))[0] == 401
        assert not upstream.seen

    async def test_the_id_of_a_session_without_its_secret_is_nobody(self, door: Door, browser: Browser) -> None:
        session_id, secret, version = browser.cookies["lontar_session"].split(".")
        browser.cookies["lontar_session"] = f"{session_id}.{secret[::-1]}.{version}"
        assert (await browser.ask("GET", "/v1/inbox"))[0] == 401

    async def test_the_id_of_an_apps_session_is_no_cookie(self, door: Door) -> None:
        _, body = await door.sign_in()
        session = await door.gateway.context.sessions.of_refresh_token(body["refresh_token"])
        assert session
        browser = Browser(door)
        browser.cookies["lontar_session"] = f"{session.id}.{body['refresh_token']}.0"
        assert (await browser.ask("GET", "/v1/inbox"))[0] == 401

    async def test_a_token_shown_beside_it_is_what_counts(self, door: Door, browser: Browser) -> None:
        status, _ = await browser.ask("GET", "/v1/inbox", fields={"Authorization": "Bearer rubbish"})
        assert status == 401

    async def test_an_account_that_was_switched_off_is_out_when_it_is_read_anew(
        self, door: Door, browser: Browser
    ) -> None:
        rows = door.gateway.service.foundation.database["accounts"]
        await rows.update_one({"username": "wayan"}, {"$set": {"active": False}})
        assert (await browser.ask("GET", "/v1/inbox"))[0] == 401

    @pytest.fixture
    def asked(self, door: Door, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        """The sessions that were read."""
        sessions = door.gateway.context.sessions
        asked: list[str] = []
        of_cookie = sessions.of_cookie

        async def counting(session_id: str, secret: str) -> LiveSession | None:
            asked.append(session_id)
            return await of_cookie(session_id, secret)

        monkeypatch.setattr(sessions, "of_cookie", counting)
        return asked

    async def test_twenty_questions_of_a_page_read_the_session_once(self, browser: Browser, asked: list[str]) -> None:
        answers = await asyncio.gather(*(browser.ask("GET", "/v1/inbox") for _ in range(20)))
        assert {status for status, _ in answers} == {200}
        assert len(asked) == 1

    async def test_a_version_that_was_never_given_out_reads_the_session_once_too(
        self, browser: Browser, asked: list[str]
    ) -> None:
        browser.cookies["lontar_session"] = browser.cookies["lontar_session"].rpartition(".")[0] + ".999999999"
        for _ in range(3):
            assert (await browser.ask("GET", "/v1/inbox"))[0] == 200
        assert len(asked) == 1

    async def test_while_the_database_is_away_a_known_browser_goes_on_and_an_unknown_one_is_told(
        self, door: Door, browser: Browser, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        stranger = Browser(door)
        await stranger.sign_in()
        monkeypatch.setattr("gateway.auth.portal_reader.FRESH_SECONDS", 0.0)
        assert (await browser.ask("GET", "/v1/inbox"))[0] == 200
        asked: list[Any] = []
        found_away = asyncio.Event()

        async def away(*shown: Any) -> None:
            asked.append(shown)
            await asyncio.wait_for(found_away.wait(), LOOKED_FOR_SECONDS)
            raise PyMongoError("away")

        monkeypatch.setattr(door.gateway.context.sessions, "of_cookie", away)
        began = time.monotonic()
        for _ in range(2):
            answers = await asyncio.gather(*(browser.ask("GET", "/v1/inbox") for _ in range(20)))
            assert {status for status, _ in answers} == {200}
        assert time.monotonic() - began < LOOKED_FOR_SECONDS / 2
        assert len(asked) == 1
        found_away.set()
        assert (await stranger.ask("GET", "/v1/inbox"))[0] == 503


class TestMarks:
    """With a sealing key the gateway knows its own cookies before it looks them up."""

    async def test_an_invented_cookie_costs_no_trip_to_the_database(
        self, open_door: OpenDoor, upstream: Upstream, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        sealing_key = base64.b64encode(secrets.token_bytes(32)).decode()
        async with open_door(sealing_key=sealing_key, **dict.fromkeys(NAMES, upstream.url)) as door:
            await door.account()
            browser = Browser(door)
            await browser.sign_in()
            session_id, secret, _ = browser.cookies["lontar_session"].split(".")
            asked: list[Any] = []
            sessions = door.gateway.context.sessions

            class Counting:
                async def find_one(self, query: Any) -> None:
                    asked.append(query)

            monkeypatch.setattr(sessions, "_rows", Counting())
            for value in (
                f"{new_id()}.{secret}",
                f"{session_id}.{secret[:-1]}{'AB'[secret[-1] == 'A']}",
                f"{session_id}.{secret[:43]}",
            ):
                browser.cookies["lontar_session"] = f"{value}.0"
                assert (await browser.ask("GET", "/v1/inbox"))[0] == 401
            assert not asked

    async def test_marks_of_the_former_sealing_key_are_good(self, settings_for: SettingsFor) -> None:
        former, present = (base64.b64encode(secrets.token_bytes(32)).decode() for _ in range(2))
        upstreams = {f"upstream_{name}": NOWHERE for name in NAMES}
        before = CookieMarks(Sealer(settings_for(GatewaySettings, "gateway", sealing_key=former, **upstreams)))
        both = {"sealing_key": present, "former_sealing_key": former}
        after = CookieMarks(Sealer(settings_for(GatewaySettings, "gateway", **both, **upstreams)))
        session_id = new_id()
        assert after.may_be_ours(session_id, before.fresh(session_id))
        assert not after.may_be_ours(new_id(), before.fresh(session_id))
        assert not before.may_be_ours(session_id, after.fresh(session_id))


class TestLives:
    """How long a browser stays signed in."""

    async def test_unused_for_too_long_it_is_out(self, door: Door, browser: Browser) -> None:
        rows = door.gateway.service.foundation.database[SESSIONS]
        await rows.update_many({}, {"$set": {"expires_at": now() - timedelta(seconds=1)}})
        assert (await browser.ask("GET", "/v1/inbox"))[0] == 401

    async def test_use_keeps_it_in(self, door: Door, browser: Browser) -> None:
        rows = door.gateway.service.foundation.database[SESSIONS]
        soon = now() + timedelta(minutes=1)
        await rows.update_many({}, {"$set": {"expires_at": soon, "last_used_at": now() - timedelta(minutes=59)}})
        assert (await browser.ask("GET", "/v1/inbox"))[0] == 200
        (row,) = await rows.find({}).to_list(None)
        assert row["expires_at"] > soon
        assert now() - row["last_used_at"] < timedelta(seconds=30)

    async def test_but_never_past_its_longest_life(self, door: Door, browser: Browser) -> None:
        rows = door.gateway.service.foundation.database[SESSIONS]
        until = now() + timedelta(minutes=1)
        times = {"expires_at": until, "until": until, "last_used_at": now() - timedelta(minutes=30)}
        await rows.update_many({}, {"$set": times})
        assert (await browser.ask("GET", "/v1/inbox"))[0] == 200
        (row,) = await rows.find({}).to_list(None)
        assert row["expires_at"] == until


class TestCrossSite:
    """A cookie alone changes nothing, whoever makes the browser send it."""

    async def change(self, browser: Browser, **given: Any) -> tuple[int, str]:
        status, body = await browser.ask("PUT", "/v1/me/position", json=CHANGE, **given)
        return status, body.get("code", "")

    async def test_our_own_page_may(self, browser: Browser) -> None:
        assert await self.change(browser) == (200, "")

    async def test_without_the_token_nothing_is_changed(self, browser: Browser) -> None:
        assert await self.change(browser, csrf=False) == (403, "csrf_failed")

    @pytest.mark.parametrize(
        "token", ["x", "é", csrf_token(fresh_secret())], ids=["a letter", "not ASCII", "of another session"]
    )
    async def test_another_token_is_none(self, browser: Browser, token: str) -> None:
        browser.cookies["lontar_csrf"] = token  # even where the cookie itself could be planted
        assert await self.change(browser) == (403, "csrf_failed")

    @pytest.mark.parametrize("site", ["cross-site", "same-site"])
    async def test_another_site_is_refused_even_with_the_token(self, browser: Browser, site: str) -> None:
        assert await self.change(browser, fields={"Sec-Fetch-Site": site}) == (403, "cross_site")

    @pytest.mark.parametrize("origin", ["null", "https://evil.example", "http://127.0.0.1:1", "https://"])
    async def test_where_the_browser_says_an_origin_alone_it_must_be_ours(self, browser: Browser, origin: str) -> None:
        fields = {"Sec-Fetch-Site": "", "Sec-Fetch-Mode": "", "Origin": origin}
        assert await self.change(browser, fields=fields) == (403, "cross_site")

    async def test_our_own_origin_may(self, browser: Browser) -> None:
        fields = {"Sec-Fetch-Site": "", "Sec-Fetch-Mode": "", "Origin": browser.door.url.rstrip("/")}
        assert await self.change(browser, fields=fields) == (200, "")

    async def test_another_page_cannot_draw_our_answers_in(self, browser: Browser, upstream: Upstream) -> None:
        fields = {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "no-cors"}
        status, problem = await browser.ask("GET", "/v1/inbox", fields=fields)
        assert (status, problem["code"]) == (403, "cross_site")
        assert not upstream.seen

    async def test_a_link_to_us_may_be_followed(self, browser: Browser) -> None:
        fields = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
        assert (await browser.ask("GET", "/v1/inbox", fields=fields))[0] == 200

    async def test_an_app_with_a_token_needs_none_of_this(self, door: Door) -> None:
        async with door.http.put("/v1/me/position", json=CHANGE, headers=await door.bearer()) as answer:
            assert answer.status == 200


class TestSignOut:
    """POST /v1/auth/logout of a browser."""

    async def test_the_session_ends_and_the_cookies_go(self, browser: Browser) -> None:
        kept = dict(browser.cookies)
        assert (await browser.ask("POST", "/v1/auth/logout"))[0] == 204
        assert set(browser.cookies) == {"lontar_device"}, "only what tells a known device is left"
        browser.cookies = kept
        assert (await browser.ask("GET", "/v1/inbox"))[0] == 401

    async def test_another_page_cannot_sign_somebody_out(self, browser: Browser) -> None:
        assert (await browser.ask("POST", "/v1/auth/logout", csrf=False))[0] == 403
        assert (await browser.ask("GET", "/v1/inbox"))[0] == 200

    async def test_with_a_cookie_that_has_ended_it_is_no_error(self, browser: Browser) -> None:
        kept = dict(browser.cookies)
        for _ in range(2):
            assert (await browser.ask("POST", "/v1/auth/logout"))[0] == 204
            browser.cookies = dict(kept)


class TestNames:
    """Over HTTPS the cookies are bound to the host."""

    @staticmethod
    def scope(scheme: str, cookie: str = "") -> dict[str, Any]:
        return {"type": "http", "scheme": scheme, "headers": [(b"cookie", cookie.encode())]}

    @staticmethod
    def opened() -> Opened:
        at = now()
        session = LiveSession(id=new_id(), account_id=new_id(), created_at=at, last_used_at=at, expires_at=at, until=at)
        return Opened(session, fresh_secret())

    def test_over_https_they_are_secure_and_bear_the_prefix(self) -> None:
        response = Response()
        set_cookies(self.scope("https"), response, self.opened(), "token")
        for line in response.headers.getlist("set-cookie"):
            assert line.startswith("__Host-lontar_")
            assert "; Secure" in line
            assert "; Path=/" in line
            assert "Domain" not in line

    def test_over_https_a_cookie_without_the_prefix_counts_for_nothing(self) -> None:
        opened = self.opened()
        value = f"{opened.session_id}.{opened.secret}.0"
        assert cookie_of(self.scope("https", f"lontar_session={value}")) is None
        found = cookie_of(self.scope("https", f"other=1; __Host-lontar_session={value}"))
        assert found
        assert found.session_id == opened.session_id

    def test_what_prints_of_a_cookie_is_no_secret(self) -> None:
        opened = self.opened()
        found = cookie_of(self.scope("http", f"lontar_session={opened.session_id}.{opened.secret}.3"))
        assert found
        assert found.version == 3
        assert opened.secret not in repr(found)
