"""Places at a service: nobody holds those of the others by being slow; raw sockets."""

import asyncio
import json
from contextlib import AsyncExitStack

import pytest

from services.chassis import wire
from tests.gateway.bad_services import bad_service
from tests.gateway.conftest import NAMES, Door, OpenDoor
from tests.gateway.raw import connect
from tests.gateway.upstream import Upstream
from tests.waiting import until

SOON = 30.0
STRANGERS = "/v1/public/track/ABC"
FEW = {"upstream_places_per_caller": 2, "upstream_concurrency": 4}


def head(path: str, *fields: str, method: str = "POST") -> bytes:
    """The head of a request."""
    return "".join(f"{line}\r\n" for line in (f"{method} {path} HTTP/1.1", "Host: x", *fields, "")).encode()


class Slow:
    """Somebody who begins a body and does not go on, until the block ends."""

    def __init__(self, door: Door, stack: AsyncExitStack) -> None:
        self._door, self._stack = door, stack

    async def begin(self, path: str, *fields: str) -> asyncio.StreamReader:
        """One more; what is answered can be read."""
        reader, writer = await connect(self._door.url)
        self._stack.callback(writer.close)
        writer.write(head(path, "Content-Length: 1000", *fields) + b"{")
        await asyncio.sleep(0.05)
        return reader


async def status(door: Door, path: str, headers: dict[str, str]) -> tuple[int, str | None]:
    """Status and code of a GET."""
    async with door.http.get(path, headers=headers) as answer:
        return answer.status, (await answer.json()).get("code")


async def dripped(door: Door, path: str, *fields: str, drop: bytes = b"x") -> tuple[bytes, str]:
    """Status line and code for a body of which a drop comes every fifth of a second."""
    reader, writer = await connect(door.url)
    writer.write(head(path, "Content-Type: application/json", *fields, "Content-Length: 15000"))

    async def drip() -> None:
        while True:
            writer.write(drop)
            await asyncio.sleep(0.2)

    dripping = asyncio.create_task(drip())
    async with asyncio.timeout(SOON):
        told, _, rest = (await reader.readuntil(b"\r\n\r\n")).partition(b"\r\n")
        length = int(rest.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
        document = json.loads(await reader.readexactly(length))
    dripping.cancel()
    writer.close()
    return told, document["code"]


class TestDocuments:
    """A service is told of them when they are whole."""

    async def test_ones_that_drip_hold_no_place(self, open_door: OpenDoor, upstream: Upstream) -> None:
        async with (
            open_door(**dict.fromkeys(NAMES, upstream.url), upstream_concurrency=2) as door,
            AsyncExitStack() as stack,
        ):
            await door.account()
            bearer = await door.bearer()
            slow = Slow(door, stack)
            for _ in range(4):
                await slow.begin(STRANGERS)
            assert await status(door, "/v1/inbox", bearer) == (200, None)
            assert [seen.path for seen in upstream.seen] == ["/v1/inbox"]

    @pytest.mark.parametrize("path", [STRANGERS, "/v1/auth/token"])
    async def test_are_waited_for_once_however_they_drip(
        self, open_door: OpenDoor, upstream: Upstream, path: str
    ) -> None:
        async with open_door(routing=upstream.url, client_idle_seconds=0.5) as door:
            assert await dripped(door, path) == (b"HTTP/1.1 408 Request Timeout", "body_timeout")
        assert not upstream.seen

    async def test_in_pieces_they_arrive_whole(self, open_door: OpenDoor, upstream: Upstream) -> None:
        async with open_door(routing=upstream.url) as door:
            reader, writer = await connect(door.url)
            writer.write(head(STRANGERS, "Transfer-Encoding: chunked") + b"3\r\nabc\r\n")
            await asyncio.sleep(0.2)
            assert not upstream.seen
            writer.write(b"3\r\ndef\r\n0\r\n\r\n")
            async with asyncio.timeout(SOON):
                assert b" 200 " in await reader.readline()
            writer.close()
        assert upstream.seen[0].body == 6


class TestFiles:
    """They flow, so they must."""

    async def test_ones_that_drip_are_given_up(self, open_door: OpenDoor, upstream: Upstream) -> None:
        async with open_door(intake=upstream.url, client_idle_seconds=0.5) as door:
            await door.account()
            bearer = f"Authorization: {(await door.bearer())['Authorization']}"
            answer = await dripped(door, "/v1/letters", bearer, drop=b"x" * 50)
        assert answer == (b"HTTP/1.1 408 Request Timeout", "body_timeout")
        await until(lambda: upstream.seen[0].cut)


class TestCallers:
    """Each has so many places at most."""

    async def test_one_too_many_is_refused_and_the_others_are_not(self, open_door: OpenDoor) -> None:
        async with (
            bad_service("slow") as service,
            open_door(routing=service.url, **FEW) as door,
        ):
            await door.account("wayan")
            await door.account("made")
            wayan, made = await door.bearer("wayan"), await door.bearer("made")
            held = [asyncio.ensure_future(status(door, "/v1/inbox", wayan)) for _ in range(2)]
            async with asyncio.timeout(SOON):
                while len(service.asked) < 2:
                    await asyncio.sleep(0.01)
            async with door.http.get("/v1/inbox", headers=wayan) as answer:
                assert answer.status == 429
                assert answer.headers["Retry-After"] == "1"
                assert (await answer.json())["code"] == "too_many_at_once"
            other = asyncio.ensure_future(status(door, "/v1/inbox", made))
            async with asyncio.timeout(SOON):
                while len(service.asked) < 3:
                    await asyncio.sleep(0.01)
            service.go_on.set()
            assert await asyncio.gather(*held, other) == [(200, None)] * 3
            assert await status(door, "/v1/inbox", wayan) == (200, None)

    async def test_alone_at_a_service_one_may_have_more(self, open_door: OpenDoor) -> None:
        async with (
            bad_service("slow") as service,
            open_door(routing=service.url, upstream_places_per_caller=2, upstream_concurrency=8) as door,
        ):
            await door.account()
            bearer = await door.bearer()
            held = [asyncio.ensure_future(status(door, "/v1/inbox", bearer)) for _ in range(4)]
            async with asyncio.timeout(SOON):
                while len(service.asked) < 4:
                    await asyncio.sleep(0.01)
            assert await status(door, "/v1/inbox", bearer) == (429, "too_many_at_once")
            service.go_on.set()
            assert await asyncio.gather(*held) == [(200, None)] * 4

    async def test_strangers_are_told_apart_by_their_network(self, open_door: OpenDoor, upstream: Upstream) -> None:
        async with open_door(**dict.fromkeys(NAMES, upstream.url), **FEW) as door, AsyncExitStack() as stack:
            await door.account()
            bearer = await door.bearer()
            slow = Slow(door, stack)
            told = [asyncio.ensure_future((await slow.begin(STRANGERS)).readline()) for _ in range(3)]
            refused, held = await asyncio.wait(told, timeout=SOON, return_when=asyncio.FIRST_COMPLETED)
            assert [b" 429 " in line.result() for line in refused] == [True]
            assert await status(door, "/v1/inbox", bearer) == (200, None)
            assert not any(line.done() for line in held)
            for line in held:
                line.cancel()

    async def test_whoever_reads_too_slowly_gives_the_place_back(
        self, open_door: OpenDoor, upstream: Upstream, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(wire, "UNREAD_SECONDS", 2.0)
        upstream.chunks = 800
        async with open_door(**dict.fromkeys(NAMES, upstream.url), upstream_concurrency=1) as door:
            await door.account()
            bearer = await door.bearer()
            reader, writer = await connect(door.url)
            authorization = f"Authorization: {bearer['Authorization']}"
            writer.write(head("/v1/letters/7/files/large", authorization, method="GET"))
            async with asyncio.timeout(SOON):
                while not upstream.seen:
                    await asyncio.sleep(0.01)
                assert (await status(door, "/v1/letters/7", bearer))[0] == 503
                while (await status(door, "/v1/letters/7", bearer))[0] != 200:
                    await reader.read(1000)
                    await asyncio.sleep(0.05)
            writer.close()
