"""Reading heads: what has no end, and what is no HTTP."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

import orjson
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from services.chassis import lingering, wire
from services.chassis.run import running, serving
from services.chassis.service import Service
from services.chassis.settings import Settings
from tests.chassis.post import Post
from tests.gateway.raw import connect, exchange
from tests.signing import TokenSigner

GET = b"GET / HTTP/1.1\r\nHost: lontar\r\n"


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers with the length of the body and the caller's address."""
    request = Request(scope, receive)
    said = f"{len(await request.body())} from {request.client.host if request.client else None}"
    await PlainTextResponse(said)(scope, receive, send)


@pytest.fixture
async def url() -> AsyncIterator[str]:
    async with serving(echo, "127.0.0.1", 0) as address:
        yield address


def refused(answer: bytes) -> tuple[bytes, str]:
    """Status line and code of a problem."""
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"content-type: application/problem+json" in head
    assert b"connection: close" in head
    return head.split(b"\r\n")[0], orjson.loads(body)["code"]


class TestHead:
    async def test_one_without_end_is_cut_off(self, url: str) -> None:
        answer = await exchange(url, GET + b"X: " + b"a" * (wire.HEAD_BYTES + 1))
        assert refused(answer) == (b"HTTP/1.1 431 Request Header Fields Too Large", "head_too_large")

    async def test_also_one_of_empty_lines(self, url: str) -> None:
        answer = await exchange(url, b"\r\n" * (wire.HEAD_BYTES // 2 + 1))
        assert refused(answer)[1] == "head_too_large"

    async def test_a_long_body_is_no_head(self, url: str) -> None:
        body = b"b" * (4 * wire.HEAD_BYTES)
        request = GET.replace(b"GET", b"POST") + b"Content-Length: %d\r\n\r\n" % len(body) + body
        assert (await exchange(url, request + request)).count(b"%d from" % len(body)) == 2

    async def test_many_short_ones_on_one_connection_pass(self, url: str) -> None:
        one = GET + b"X: " + b"a" * (wire.HEAD_BYTES // 3) + b"\r\n\r\n"
        assert (await exchange(url, one * 6, 2.0)).count(b"0 from") == 6

    async def test_one_that_never_ends_is_not_waited_for(self, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(wire, "HEAD_SECONDS", 0.2)
        for begun in (GET, b"", b"\r\n"):
            assert refused(await exchange(url, begun, 5.0)) == (b"HTTP/1.1 408 Request Timeout", "head_timeout")

    async def test_nor_is_the_next_one_on_the_connection(self, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(wire, "HEAD_SECONDS", 0.2)
        answer = await exchange(url, GET + b"\r\n" + GET, 5.0)
        assert answer.startswith(b"HTTP/1.1 200")
        assert b"head_timeout" in answer

    async def test_patience_with_a_head_says_nothing_of_the_body(
        self, url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(wire, "HEAD_SECONDS", 0.1)
        reader, writer = await connect(url)
        writer.write(GET.replace(b"GET", b"POST") + b"Content-Length: 1\r\nConnection: close\r\n\r\n")
        await asyncio.sleep(0.3)
        writer.write(b"b")
        assert (await reader.read()).startswith(b"HTTP/1.1 200")
        writer.close()

    async def test_what_is_no_http_is_a_problem_too(self, url: str) -> None:
        answer = await exchange(url, GET + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n")
        assert refused(answer) == (b"HTTP/1.1 400 Bad Request", "bad_request")


class Curt:
    """An app that answers without having read anything."""

    def __init__(self) -> None:
        self.asked = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Any request."""
        self.asked += 1
        await PlainTextResponse("no")(scope, receive, send)


@pytest.fixture
async def curt() -> AsyncIterator[tuple[Curt, str]]:
    app = Curt()
    async with serving(app, "127.0.0.1", 0) as address:
        yield app, address


class TestAnsweredEarly:
    """An answer that is whole while its request is still coming."""

    POST = GET.replace(b"GET", b"POST") + b"Content-Length: 1000\r\n"

    async def test_the_connection_ends_soon_whatever_still_comes(
        self, curt: tuple[Curt, str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(lingering, "LINGER_SECONDS", 0.3)
        reader, writer = await connect(curt[1])
        writer.write(self.POST + b"\r\n")
        async with asyncio.timeout(30):
            assert b"connection: close" in await reader.readuntil(b"\r\n\r\nno")
            writer.write(b"x")
            assert await reader.read() == b""
        writer.close()

    async def test_nobody_waits_for_a_body_that_was_not_asked_for(
        self, curt: tuple[Curt, str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(lingering, "LINGER_SECONDS", 20)
        began = time.monotonic()
        answer = await exchange(curt[1], self.POST + b"Expect: 100-continue\r\n\r\n", 60)
        assert b"connection: close" in answer
        assert time.monotonic() - began < lingering.LINGER_SECONDS

    async def test_it_is_the_last_that_is_answered(self, curt: tuple[Curt, str]) -> None:
        app, url = curt
        reader, writer = await connect(url)
        writer.write(self.POST + b"\r\n")
        async with asyncio.timeout(30):
            await reader.readuntil(b"\r\n\r\nno")
            writer.write(b"x" * 1000 + GET + b"\r\n")
            assert await reader.read() == b""
        writer.close()
        assert app.asked == 1

    async def test_without_an_end_it_is_not_read_without_end(
        self, curt: tuple[Curt, str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(lingering, "LINGER_SECONDS", 0.5)
        sent = 0
        _, writer = await connect(curt[1])
        writer.write(GET.replace(b"GET", b"POST") + b"Transfer-Encoding: chunked\r\n\r\n")
        with contextlib.suppress(ConnectionError):
            async with asyncio.timeout(30):
                while True:
                    writer.write(b"10000\r\n" + b"x" * 65536 + b"\r\n")
                    await writer.drain()
                    sent += 65536
        assert sent < 8 * lingering.LINGER_BYTES

    async def test_one_whose_body_was_there_before_keeps_its_connection(self, curt: tuple[Curt, str]) -> None:
        answer = await exchange(curt[1], (self.POST + b"\r\n" + b"x" * 1000) * 2)
        assert answer.count(b"HTTP/1.1 200") == 2


@dataclass
class Behind:
    """A service that was told which proxies to trust."""

    service: Service

    async def seen(self) -> bytes:
        """The caller's address as the app sees it, when a client says it is another's."""
        self.service.app.mount("/who", echo)
        async with running(self.service, "serve") as url:
            request = GET.replace(b" / ", b" /who/ ") + b"X-Forwarded-For: 203.0.113.7\r\nConnection: close\r\n\r\n"
            return (await exchange(url, request)).rpartition(b" ")[2]


class TestForwarded:
    @pytest.mark.parametrize(("trusted", "seen"), [("", b"127.0.0.1"), ("127.0.0.0/8", b"203.0.113.7")])
    async def test_only_a_trusted_proxy_is_believed(
        self, settings: Settings, signer: TokenSigner, depot: str, trusted: str, seen: bytes
    ) -> None:
        told = settings.model_copy(update={"service": depot, "trusted_proxies": trusted})
        assert await Behind(Post(told, signer.keys).assembled()).seen() == seen
