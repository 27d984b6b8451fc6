"""Lines to services are shared by all who come: nobody leaves anything on one that another would meet; raw sockets."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import aiohttp
import pytest
from starlette.types import Receive, Scope, Send

from services.chassis.run import serving
from tests.gateway.conftest import NAMES, Door, OpenDoor
from tests.gateway.raw import exchange

UPGRADE = (
    "GET /v1/public/track/x HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: h2c\r\nContent-Length: {}\r\n\r\n"
)


class Hasty:
    """A service that answers before it has read a body, and tells what it was asked; ``slow`` paths take a while."""

    def __init__(self) -> None:
        self.paths: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Any request."""
        del receive
        self.paths.append(scope["path"])
        if "slow" in scope["path"]:
            await asyncio.sleep(0.3)
        told = json.dumps({"path": scope["path"]}).encode()
        length = (b"content-length", b"%d" % len(told))
        await send({"type": "http.response.start", "status": 200, "headers": [length]})
        await send({"type": "http.response.body", "body": told})


@pytest.fixture
def hasty() -> Hasty:
    return Hasty()


@pytest.fixture
async def before(open_door: OpenDoor, hasty: Hasty) -> AsyncIterator[Door]:
    """A gateway before it."""
    async with (
        serving(hasty, "127.0.0.1", 0) as url,
        open_door(**dict.fromkeys(NAMES, url), answer_timeout_seconds=2) as door,
    ):
        await door.account()
        yield door


class Early:
    """A service of raw sockets that refuses what comes with a body at once, and takes the body in afterwards."""

    OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
    CONFLICT = b"HTTP/1.1 409 Conflict\r\nContent-Length: 2\r\n\r\n{}"

    def __init__(self) -> None:
        self.lines = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        self.lines += 1
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
                length = int(head.partition(b"content-length: ")[2].split(b"\r\n")[0] or b"0")
                writer.write(self.CONFLICT if length else self.OK)
                while length > 0 and (piece := await reader.read(min(length, 65536))):
                    length -= len(piece)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


def poured(body: bytes) -> bytes:
    """A stranger's request with this body."""
    return b"POST /v1/public/track/y HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)


class TestUpgrade:
    """A body behind the wish for another protocol, of which the parser does not tell the end."""

    async def test_does_not_swallow_the_next_request(self, before: Door) -> None:
        bearer = await before.bearer()
        for _ in range(3):
            answer = await exchange(before.url, UPGRADE.format(15_000), 0.2)
            assert answer.startswith(b"HTTP/1.1 400")
            async with before.http.get("/v1/inbox", headers=bearer) as mine:
                assert (mine.status, await mine.json(content_type=None)) == (200, {"path": "/v1/inbox"})

    async def test_smuggles_nothing_past_the_routes(self, before: Door, hasty: Hasty) -> None:
        await exchange(before.url, UPGRADE.format(4000), 0.2)
        answer = await exchange(before.url, poured(b"\r\n" * 4000 + b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"), 0.5)
        assert b"/metrics" not in answer
        assert "/metrics" not in hasty.paths

    async def test_gives_nobody_what_another_asked_for(self, before: Door) -> None:
        await exchange(before.url, UPGRADE.format(4000), 0.2)
        left = b"GET /one HTTP/1.1\r\nHost: x\r\n\r\nGET /two-slow HTTP/1.1\r\nHost: x\r\n\r\n"
        await exchange(before.url, poured(b"\r\n" * 4000 + left), 0.1)
        for path in ("/v1/inbox/mine", "/v1/public/track/theirs"):
            async with (
                aiohttp.ClientSession(base_url=before.url, headers=await before.bearer()) as http,
                http.get(path) as answer,
            ):
                assert await answer.json(content_type=None) == {"path": path}


class TestAnsweredEarly:
    """A service that answers before it has the whole body."""

    async def test_its_line_is_not_kept(self, open_door: OpenDoor) -> None:
        """Whoever comes next would have their request taken for the rest of the body."""
        early = Early()
        async with AsyncExitStack() as stack:
            server = await stack.enter_async_context(await asyncio.start_server(early.serve, "127.0.0.1", 0))
            url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            door = await stack.enter_async_context(open_door(intake=url, answer_timeout_seconds=2))
            await door.account()
            bearer = await door.bearer()
            for number in range(1, 4):
                async with door.http.post("/v1/letters", data=b"x" * 6_000_000, headers=bearer) as answer:
                    assert answer.status == 409
                async with door.http.get("/v1/register", headers=bearer) as answer:
                    assert answer.status == 200
                assert early.lines == number + 1
