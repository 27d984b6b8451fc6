"""The way through: what is forwarded, what is kept back, what is refused."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest

from services.chassis.run import running, serving
from tests.gateway.conftest import Door, OpenDoor
from tests.gateway.raw import exchange
from tests.gateway.upstream import Upstream


class TestForwarding:
    """A request with a valid token."""

    async def test_method_path_query_body_and_status_pass(self, door: Door, upstream: Upstream) -> None:
        headers = await door.bearer()
        url = "/v1/letters/0198/%C3%A9tude?unit=a%26b&q=x+y"
        async with door.http.patch(url, data=b"hello", headers=headers) as answer:
            assert answer.status == 200
            assert await answer.json() == {
                "path": "/v1/letters/0198/%C3%A9tude",
                "query": "unit=a%26b&q=x+y",
                "received": 5,
            }
        assert upstream.seen[-1].method == "PATCH"

    async def test_identity_headers_of_the_client_do_not_arrive(self, door: Door, upstream: Upstream) -> None:
        lies = {
            "X-Lontar-Person": "bupati",
            "X-Forwarded-For": "10.0.0.1",
            "X-Forwarded-User": "bupati",
            "Forwarded": "for=10.0.0.1",
            "X-Real-IP": "10.0.0.1",
            "Remote-User": "bupati",
            "X-Auth-Request-User": "bupati",
            "Via": "1.1 elsewhere",
            "Cookie": "session=stolen",
        }
        async with door.http.get("/v1/inbox", headers={**await door.bearer(), **lies}) as answer:
            assert answer.status == 200
        seen = upstream.seen[-1]
        everything = " ".join(f"{name}={value}" for name, value in seen.headers)
        assert "bupati" not in everything
        assert "stolen" not in everything
        assert not seen.values("forwarded")
        assert not seen.values("x-real-ip")
        assert seen.values("x-forwarded-for") == ["127.0.0.1"]
        assert seen.values("x-forwarded-host") == [door.url.removeprefix("http://")]
        assert seen.values("x-forwarded-proto") == ["http"]

    async def test_hop_by_hop_headers_end_here_on_both_sides(self, door: Door, upstream: Upstream) -> None:
        hops = {"Connection": "keep-alive, X-Mine", "X-Mine": "1", "TE": "trailers", "Keep-Alive": "timeout=9"}
        async with door.http.get("/v1/inbox", headers={**await door.bearer(), **hops}) as answer:
            assert "X-Hop" not in answer.headers
            assert answer.headers.getall("X-Request-ID") != ["the-service-s-own"]
        seen = upstream.seen[-1]
        assert not seen.values("x-mine")
        assert not seen.values("te")
        assert not seen.values("keep-alive")

    async def test_connection_header_cannot_take_the_token_away(self, door: Door, upstream: Upstream) -> None:
        headers = {**await door.bearer(), "Connection": "Authorization"}
        async with door.http.get("/v1/inbox", headers=headers) as answer:
            assert answer.status == 200
        assert upstream.seen[-1].values("authorization")

    async def test_request_id_goes_both_ways(self, door: Door, upstream: Upstream) -> None:
        headers = {**await door.bearer(), "X-Request-ID": "scan-7"}
        async with door.http.get("/v1/inbox", headers=headers) as answer:
            assert answer.headers.getall("X-Request-ID") == ["scan-7"]
        assert upstream.seen[-1].values("x-request-id") == ["scan-7"]

    async def test_a_strange_request_id_is_replaced(self, door: Door, upstream: Upstream) -> None:
        headers = {**await door.bearer(), "X-Request-ID": "a b<script>"}
        async with door.http.get("/v1/inbox", headers=headers) as answer:
            assert len(answer.headers["X-Request-ID"]) == 36
        assert upstream.seen[-1].values("x-request-id") == [answer.headers["X-Request-ID"]]

    async def test_nothing_is_said_for_the_client(self, door: Door, upstream: Upstream) -> None:
        async with door.http.get("/v1/inbox", headers=await door.bearer(), skip_auto_headers=["User-Agent"]):
            pass
        assert not upstream.seen[-1].values("user-agent")
        assert not upstream.seen[-1].values("content-type")

    async def test_connections_to_the_service_are_kept(self, door: Door) -> None:
        headers = await door.bearer()
        for _ in range(5):
            async with door.http.get("/v1/inbox", headers=headers) as answer:
                await answer.read()
        instance = door.gateway.upstreams.by_name["routing"].instances[0]
        assert instance.kept == 1


class TestAddress:
    """Where a client comes from, as services are told."""

    @pytest.mark.parametrize("field", ["X-Forwarded-For", "x-forwarded-for", "X-Forwarded-Client", "X-Real-IP"])
    async def test_a_clients_own_word_counts_for_nothing_without_a_token_either(
        self, door: Door, upstream: Upstream, field: str
    ) -> None:
        async with door.http.get("/v1/public/track/7K3M", headers={field: "203.0.113.7"}) as answer:
            assert answer.status == 200
        seen = upstream.seen[-1]
        assert seen.values("x-forwarded-for") == ["127.0.0.1"]
        assert "203.0.113.7" not in str(seen.headers)

    @pytest.mark.parametrize(
        ("trusted", "said", "told"),
        [
            ("127.0.0.1", "203.0.113.7", "203.0.113.7"),
            ("127.0.0.0/8", "198.51.100.9, 203.0.113.7", "203.0.113.7"),
            ("127.0.0.1,192.0.2.0/24", "198.51.100.9, 203.0.113.7, 192.0.2.4", "203.0.113.7"),
            ("192.0.2.1", "203.0.113.7", "127.0.0.1"),
            ("", "203.0.113.7", "127.0.0.1"),
        ],
    )
    async def test_a_proxys_word_counts_where_the_settings_trust_it(
        self, open_door: OpenDoor, upstream: Upstream, trusted: str, said: str, told: str
    ) -> None:
        """The last in the row that is no trusted proxy itself: what stands before it, the client may have written."""
        async with open_door(routing=upstream.url, trusted_proxies=trusted) as door:
            service = door.gateway.service
            headers = {"X-Forwarded-For": said}
            async with (
                running(service, "serve") as url,
                aiohttp.ClientSession(base_url=url, headers=headers) as http,
                http.get("/v1/public/track/7K3M") as answer,
            ):
                assert answer.status == 200
        assert upstream.seen[-1].values("x-forwarded-for") == [told]


class TestOpen:
    """What is for everybody."""

    async def test_needs_no_token(self, door: Door, upstream: Upstream) -> None:
        async with door.http.get("/v1/public/track/7K3M?word=embung") as answer:
            assert answer.status == 200
        assert (upstream.seen[-1].path, upstream.seen[-1].query) == ("/v1/public/track/7K3M", "word=embung")

    async def test_tells_the_service_of_no_token_good_or_bad(self, door: Door, upstream: Upstream) -> None:
        for headers in (await door.bearer(), {"Authorization": "Bearer stale"}, {"Authorization": "Basic dTpw"}):
            async with door.http.get("/v1/public/track/7K3M", headers=headers) as answer:
                assert answer.status == 200
            assert upstream.seen[-1].values("authorization") == []

    async def test_nothing_else_is_open(self, door: Door, upstream: Upstream) -> None:
        for path in ("/v1/public/%74rack/../../inbox", "/v1/letters", "/v1/register", "/v1/search"):
            request = f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n"
            assert (await exchange(door.url, request))[9:12] in (b"401", b"404")
        assert not upstream.seen


class TestSharedAddress:
    """An address that two services serve, by method."""

    @pytest.fixture
    async def intake(self) -> AsyncIterator[Upstream]:
        recorder = Upstream()
        async with serving(recorder, "127.0.0.1", 0) as url:
            recorder.url = url
            yield recorder

    async def test_letters_are_listed_by_routing_and_registered_at_intake(
        self, open_door: OpenDoor, upstream: Upstream, intake: Upstream
    ) -> None:
        async with open_door(routing=upstream.url, intake=intake.url) as door:
            await door.account()
            headers = await door.bearer()
            for method in ("GET", "HEAD", "POST"):
                async with door.http.request(method, "/v1/letters", headers=headers) as answer:
                    assert answer.status == 200
        assert [one.method for one in upstream.seen] == ["GET", "HEAD"]
        assert [one.method for one in intake.seen] == ["POST"]

    @pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "PATCH"])
    async def test_another_method_is_a_405_that_names_them_all(
        self, door: Door, upstream: Upstream, method: str
    ) -> None:
        headers = await door.bearer()
        async with door.http.request(method, "/v1/letters", data=b"x" * 100_000, headers=headers) as answer:
            assert (answer.status, answer.content_type) == (405, "application/problem+json")
            assert answer.headers["Allow"] == "GET, HEAD, POST"
            assert (await answer.json())["code"] == "method_not_allowed"
        async with door.http.request(method, "/v1/letters") as answer:
            assert answer.status == 401
        assert not upstream.seen


class TestRefusing:
    """What never reaches a service."""

    async def test_an_unknown_address_is_a_404_problem(self, door: Door, upstream: Upstream) -> None:
        async with door.http.get("/v1/elsewhere", headers=await door.bearer()) as answer:
            assert answer.status == 404
            assert answer.content_type == "application/problem+json"
            assert (await answer.json())["code"] == "not_found"
        assert not upstream.seen

    @pytest.mark.parametrize(
        "path",
        [
            "/v1/letters/../../metrics",
            "/v1/letters/%2e%2e/%2e%2e/metrics",
            "/v1/letters/..%2f..%2fmetrics",
            "/v1/letters/a%5c..%5cb",
            "//v1/letters",
            "/v1//letters",
            "/v1/letters/%00",
            "/v1/letters/%ff",
            "/v1/letters/a;b",
            "/metrics/../v1/letters",
        ],
    )
    async def test_a_path_of_two_readings_reaches_no_service(self, door: Door, upstream: Upstream, path: str) -> None:
        token = (await door.bearer())["Authorization"]
        answer = await exchange(door.url, f"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 404")
        assert not upstream.seen

    async def test_a_service_that_is_down_is_a_503_with_retry_after(self, open_door: OpenDoor) -> None:
        async with open_door() as door:
            await door.account()
            async with door.http.get("/v1/inbox", headers=await door.bearer()) as answer:
                assert answer.status == 503
                assert answer.headers["Retry-After"] == "5"
                problem = await answer.json()
            assert problem["code"] == "upstream_unavailable"
            assert "coba lagi" in problem["detail"]
            assert problem["instance"].endswith(answer.headers["X-Request-ID"])

    async def test_a_large_upload_to_a_service_that_is_down_is_a_503(self, open_door: OpenDoor) -> None:
        async with open_door() as door:
            await door.account()
            body = b"x" * 3_000_000
            async with door.http.post("/v1/letters", data=body, headers=await door.bearer()) as answer:
                assert answer.status == 503

    async def test_a_service_that_says_nothing_is_a_504(self, open_door: OpenDoor) -> None:
        async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read()
            writer.close()

        server = await asyncio.start_server(silent, "127.0.0.1", 0)
        address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with server, open_door(routing=address, answer_timeout_seconds=0.2) as door:
            await door.account()
            async with door.http.get("/v1/inbox", headers=await door.bearer()) as answer:
                assert answer.status == 504
                assert (await answer.json())["code"] == "upstream_timeout"

    async def test_an_answer_cut_in_the_middle_is_cut_for_the_client(self, open_door: OpenDoor) -> None:
        async def cutting(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")
            await writer.drain()
            writer.close()

        server = await asyncio.start_server(cutting, "127.0.0.1", 0)
        address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with server, open_door(routing=address) as door:
            await door.account()
            async with door.http.get("/v1/inbox", headers=await door.bearer()) as answer:
                assert answer.status == 200
                with pytest.raises(aiohttp.ClientPayloadError):
                    await answer.read()

    @pytest.mark.parametrize(
        "framing",
        [
            "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
            "Transfer-Encoding: gzip, chunked\r\n",
            "Transfer-Encoding: identity\r\n",
            "Content-Length: 5\r\nContent-Length: 6\r\n",
            "Content-Length: +5\r\n",
        ],
    )
    async def test_doubtful_framing_is_refused(self, door: Door, upstream: Upstream, framing: str) -> None:
        token = (await door.bearer())["Authorization"]
        request = (
            f"POST /v1/letters HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\n{framing}\r\n0\r\n\r\n"
            f"GET /v1/inbox HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\n\r\n"
        )
        answer = await exchange(door.url, request)
        assert answer.startswith(b"HTTP/1.1 400")
        assert [seen.path for seen in upstream.seen if seen.path == "/v1/inbox"] == []
