"""The outermost layer as clients meet it, in front of the recording upstream and around the gateway's own pages."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import aiohttp
import pytest

from gateway.access_log import AccessLog
from gateway.edge import Edge
from services.chassis.run import running
from tests.gateway.conftest import NAMES, Door, OpenDoor
from tests.gateway.raw import exchange
from tests.gateway.upstream import Upstream
from tests.waiting import until

PORTAL = "https://portal.example.go.id"
SECRET = "rahasia-negara"


@pytest.fixture
async def guarded(open_door: OpenDoor, upstream: Upstream) -> AsyncIterator[Door]:
    """A gateway that answers to loopback alone, and lets the portal's pages ask."""
    settings = {"allowed_hosts": "127.0.0.1,*.example.go.id", "cors_origins": PORTAL}
    async with open_door(**dict.fromkeys(NAMES, upstream.url), **settings) as opened:
        yield opened


class TestSafeHeaders:
    """What every answer carries."""

    @pytest.mark.parametrize("path", ["/v1/inbox", "/v1/nowhere", "/v1/status", "/docs", "/lacak/style.css"])
    async def test_keep_browsers_from_guessing_framing_and_telling(self, door: Door, path: str) -> None:
        async with door.http.get(path, headers=door.token_of()) as answer:
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Referrer-Policy"] == "no-referrer"
            assert answer.headers["X-Frame-Options"] == "DENY"
            assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
            assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
            assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
            assert len(answer.headers.getall("Content-Security-Policy")) == 1

    async def test_nothing_is_kept_by_caches_unless_it_says_so(self, door: Door) -> None:
        async with door.http.get("/v1/inbox", headers=door.token_of()) as answer:
            assert answer.headers.getall("Cache-Control") == ["no-store"]
        async with door.http.get("/.well-known/jwks.json") as answer:
            assert answer.headers.getall("Cache-Control") == ["public, max-age=60"]

    @pytest.mark.parametrize(("said", "strict"), [("https", "max-age=31536000"), ("http", None)])
    async def test_https_alone_is_asked_for_where_one_came_by_it(
        self, open_door: OpenDoor, said: str, strict: str | None
    ) -> None:
        async with open_door(trusted_proxies="127.0.0.1") as door:
            headers = {"X-Forwarded-Proto": said, "X-Forwarded-For": "203.0.113.7"}
            async with (
                running(door.gateway.service, "serve") as url,
                aiohttp.ClientSession(base_url=url) as http,
                http.get("/docs", headers=headers) as answer,
            ):
                assert answer.headers.get("Strict-Transport-Security") == strict

    async def test_a_stranger_who_says_https_is_not_believed(self, door: Door) -> None:
        async with door.http.get("/docs", headers={"X-Forwarded-Proto": "https"}) as answer:
            assert "Strict-Transport-Security" not in answer.headers


class TestHost:
    """Whom the gateway answers to."""

    async def test_another_name_is_misdirected(self, guarded: Door, upstream: Upstream) -> None:
        token = guarded.token_of()["Authorization"]
        async with guarded.http.get("/v1/inbox", headers={"Host": "evil.example", "Authorization": token}) as answer:
            assert (answer.status, answer.content_type) == (421, "application/problem+json")
            problem = await answer.json()
            assert problem["code"] == "host_unknown"
            assert problem["instance"].endswith(answer.headers["X-Request-ID"])
        assert not upstream.seen

    async def test_none_or_two_are_no_request(self, guarded: Door, upstream: Upstream) -> None:
        for hosts in ("", "Host: 127.0.0.1\r\nHost: evil.example\r\n"):
            assert (await exchange(guarded.url, f"GET /v1/inbox HTTP/1.1\r\n{hosts}\r\n"))[9:12] == b"400"
        assert not upstream.seen


class TestCors:
    """Pages of other origins."""

    async def test_a_preflight_is_answered_here(self, guarded: Door, upstream: Upstream) -> None:
        asked = {"Origin": PORTAL, "Access-Control-Request-Method": "PATCH"}
        async with guarded.http.options("/v1/letters/7", headers=asked) as answer:
            assert answer.status == 204
            assert answer.headers["Access-Control-Allow-Origin"] == PORTAL
            assert "If-Match" in answer.headers["Access-Control-Allow-Headers"]
            assert "Origin" in ", ".join(answer.headers.getall("Vary"))
        assert not upstream.seen

    async def test_a_page_nobody_named_is_refused_before_anything_is_asked(
        self, guarded: Door, upstream: Upstream
    ) -> None:
        asked = {"Origin": "https://evil.example", "Access-Control-Request-Method": "GET"}
        async with guarded.http.options("/v1/letters/7", headers=asked) as answer:
            assert answer.status == 403
            assert (await answer.json())["code"] == "origin_refused"
            assert "Access-Control-Allow-Origin" not in answer.headers
        assert not upstream.seen

    async def test_answers_are_for_the_page_that_asked_refusals_too(self, guarded: Door) -> None:
        for headers, status in ((guarded.token_of(), 200), ({}, 401)):
            async with guarded.http.get("/v1/inbox", headers={"Origin": PORTAL, **headers}) as answer:
                assert answer.status == status
                assert answer.headers["Access-Control-Allow-Origin"] == PORTAL
                assert "RateLimit" in answer.headers["Access-Control-Expose-Headers"]
                assert "Access-Control-Allow-Credentials" not in answer.headers

    async def test_the_options_of_tus_still_reach_their_service(self, guarded: Door, upstream: Upstream) -> None:
        async with guarded.http.options("/v1/uploads", headers={"Origin": PORTAL, **guarded.token_of()}) as answer:
            assert answer.status == 200
        assert [one.method for one in upstream.seen] == ["OPTIONS"]


class TestConnection:
    """How long one is kept."""

    async def test_is_closed_in_order_after_so_many_answers(self, open_door: OpenDoor, upstream: Upstream) -> None:
        async with open_door(intake=upstream.url, connection_requests=3) as door:
            token = door.token_of()["Authorization"]
            request = f"GET /v1/register HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\n\r\n"
            answer = (await exchange(door.url, request * 5, seconds=10)).lower()
            assert answer.count(b"http/1.1 200") == 3
            assert answer.count(b"connection: close") == 1
        assert len(upstream.seen) == 3


class TestRequestId:
    """One id for all layers."""

    @pytest.mark.parametrize("given", ["kios-42", "kios:42_7.a", "x" * 64])
    async def test_a_harmless_one_is_kept(self, door: Door, upstream: Upstream, given: str) -> None:
        async with door.http.get("/v1/inbox", headers={"X-Request-ID": given, **door.token_of()}) as answer:
            assert answer.headers.getall("X-Request-ID") == [given]
        assert upstream.seen[-1].values("x-request-id") == [given]

    @pytest.mark.parametrize("given", ["a b", "x" * 65, '{"level":"ERROR"}', "%0d%0a"])
    async def test_another_is_replaced_everywhere(self, door: Door, upstream: Upstream, given: str) -> None:
        async with door.http.get("/v1/inbox", headers={"X-Request-ID": given, **door.token_of()}) as answer:
            (told,) = answer.headers.getall("X-Request-ID")
        assert told != given
        assert upstream.seen[-1].values("x-request-id") == [told]


class TestStreams:
    """Event streams are counted while they are open."""

    async def test_one_too_many_is_refused_and_one_that_ends_makes_room(
        self, open_door: OpenDoor, upstream: Upstream
    ) -> None:
        async with open_door(notify=upstream.url, streams_per_caller=1) as door:
            mine, others = door.token_of(), door.token_of()
            url = "/v1/notifications/stream"
            async with door.http.get(url, headers=mine) as first:
                assert await first.content.readline() == b"first\n"
                async with door.http.get(url, headers=mine) as second:
                    assert second.status == 429
                    assert (await second.json())["code"] == "too_many_streams"
                    assert second.headers["Retry-After"] == "30"
                async with door.http.get(url, headers=others) as third:
                    assert third.status == 200
                    third.close()
                first.close()
            await asyncio.wait_for(upstream.left.wait(), 30)

            async def open_again() -> int:
                async with door.http.get(url, headers=mine) as again:
                    again.close()
                    return again.status

            async with asyncio.timeout(30):
                while await open_again() != 200:
                    await asyncio.sleep(0.05)

    async def test_the_address_of_the_stream_is_refused_before_the_service_is_asked(
        self, open_door: OpenDoor, upstream: Upstream
    ) -> None:
        async with (
            open_door(notify=upstream.url, streams_at_most=1) as door,
            door.http.get("/v1/notifications/stream", headers=door.token_of()) as first,
        ):
            assert await first.content.readline() == b"first\n"
            asked = len(upstream.seen)
            async with door.http.get("/v1/notifications/stream", headers=door.token_of()) as second:
                assert second.status == 503
                assert (await second.json())["code"] == "streams_full"
            assert len(upstream.seen) == asked
            first.close()


class TestAccessLog:
    """What is told of a request, and what is not."""

    @pytest.fixture
    def lines(self, door: Door) -> list[dict[str, Any]]:
        """The lines of the door's log from now on."""
        told: list[dict[str, Any]] = []
        front: Any = door.gateway.service.front
        log = AccessLog("gateway", lambda text: told.extend(json.loads(line) for line in text.splitlines()))
        front.outermost = Edge(front.outermost._app, outside=replace(front.outermost.outside, access_log=log))
        return told

    async def test_says_who_came_by_which_row_and_how_it_went(
        self, door: Door, lines: list[dict[str, Any]], upstream: Upstream
    ) -> None:
        headers = {**door.token_of(person_id="0198-made"), "X-Request-ID": "kios-42"}
        async with door.http.get("/v1/letters/0198-letter/track", headers=headers) as answer:
            size = len(await answer.read())
        await until(lambda: bool(lines))
        (line,) = lines
        assert line.pop("ms") >= 0
        assert line.pop("time")
        line.pop("trace_id")
        assert line == {
            "level": "INFO",
            "logger": "gateway.access",
            "service": "gateway",
            "message": "request",
            "method": "GET",
            "route": "/v1/letters/*/track",
            "status": 200,
            "bytes": size,
            "network": "127.0.0.1",
            "nth": 1,
            "request_id": "kios-42",
            "who": "person:0198-made",
            "via": "bearer",
        }

    async def test_holds_no_address_query_token_cookie_or_body(
        self, door: Door, lines: list[dict[str, Any]], upstream: Upstream
    ) -> None:
        token = door.token_of()["Authorization"]
        sent = {"Authorization": token, "Cookie": f"session={SECRET}", "X-Other": SECRET}
        async with door.http.post(f"/v1/letters/{SECRET}/void?q={SECRET}", headers=sent, json={"note": SECRET}):
            pass
        async with door.http.get(f"/{SECRET}?q={SECRET}", headers=sent):
            pass
        async with door.http.post("/v1/auth/token", json={"username": SECRET, "password": SECRET}):
            pass
        await until(lambda: len(lines) == 3)
        assert SECRET not in json.dumps(lines)
        assert token.split()[1] not in json.dumps(lines)
        assert [line["route"] for line in lines] == ["/v1/letters/*/**", "unmatched", "/v1/auth/token"]

    async def test_tells_of_who_left_before_the_end(
        self, door: Door, lines: list[dict[str, Any]], upstream: Upstream
    ) -> None:
        async with door.http.get("/v1/notifications/stream", headers=door.token_of()) as answer:
            await answer.content.readline()
            answer.close()
        await until(lambda: bool(lines))
        assert (lines[0]["status"], lines[0]["cut"]) == (200, True)


async def test_settings_that_cannot_be_are_refused_at_the_start(open_door: OpenDoor) -> None:
    for wrong in ({"cors_origins": "*"}, {"allowed_hosts": "*"}):
        with pytest.raises(ValueError, match=r"cors_origins|allowed_hosts"):
            async with open_door(**wrong):
                pass
