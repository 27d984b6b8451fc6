"""The tus protocol through the gateway: its methods and fields pass both ways, and its bodies flow."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest
from starlette.types import Receive, Scope, Send

from services.chassis.run import serving
from tests.gateway.conftest import Door, OpenDoor
from tests.gateway.upstream import Upstream

HEADERS = {
    "Tus-Resumable": "1.0.0",
    "Upload-Offset": "3",
    "Upload-Length": "9",
    "Upload-Metadata": "filename YQ==",
    "Upload-Checksum": "sha1 YQ==",
    "X-HTTP-Method-Override": "PATCH",
    "Content-Type": "application/offset+octet-stream",
}


class Uploads:
    """A service that answers as intake does."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, dict[str, str]]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Any request."""
        self.seen.append((scope["method"], {name.decode(): value.decode() for name, value in scope["headers"]}))
        while (await receive()).get("more_body"):
            pass
        headers = [
            (b"location", b"/v1/uploads/7"),
            (b"upload-offset", b"3"),
            (b"upload-length", b"9"),
            (b"tus-resumable", b"1.0.0"),
            (b"upload-expires", b"Mon, 30 Nov 2026 00:00:00 GMT"),
            (b"cache-control", b"no-store"),
        ]
        status = {"POST": 201, "HEAD": 200}.get(scope["method"], 204)
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b""})


class TestFields:
    """What client and service tell each other."""

    @pytest.mark.parametrize("method", ["POST", "HEAD", "PATCH", "DELETE", "OPTIONS"])
    async def test_every_field_of_the_protocol_passes_both_ways(self, open_door: OpenDoor, method: str) -> None:
        uploads = Uploads()
        async with (
            serving(uploads, "127.0.0.1", 0) as url,
            open_door(intake=url) as door,
        ):
            await door.account()
            path = "/v1/uploads" if method in ("POST", "OPTIONS") else "/v1/uploads/7"
            body = b"abc" if method in ("POST", "PATCH") else None
            headers = HEADERS | await door.bearer()
            async with door.http.request(method, path, headers=headers, data=body) as answer:
                assert answer.status == {"POST": 201, "HEAD": 200}.get(method, 204)
                assert answer.headers["Location"] == "/v1/uploads/7"
                assert answer.headers["Upload-Offset"] == "3"
                assert answer.headers["Upload-Length"] == "9"
                assert answer.headers["Tus-Resumable"] == "1.0.0"
                assert answer.headers["Upload-Expires"] == "Mon, 30 Nov 2026 00:00:00 GMT"
                assert answer.headers["Cache-Control"] == "no-store"
        assert [seen[0] for seen in uploads.seen] == [method]
        arrived = uploads.seen[0][1]
        assert {name: arrived[name.lower()] for name in HEADERS} == HEADERS

    async def test_without_a_token_nothing_passes(self, door: Door, upstream: Upstream) -> None:
        for method in ("OPTIONS", "POST", "HEAD", "PATCH", "DELETE"):
            async with door.http.request(method, "/v1/uploads/7") as answer:
                assert answer.status == 401
        assert not upstream.seen


class TestBodies:
    """Stretches of a file."""

    async def test_bytes_reach_the_service_as_they_come(self, door: Door, upstream: Upstream) -> None:
        async def body() -> AsyncIterator[bytes]:
            yield b"one"
            async with asyncio.timeout(30):
                await upstream.arrived.wait()
            assert upstream.seen[-1].body == 3
            yield b"two"

        async with door.http.patch("/v1/uploads/7", data=body(), headers=await door.bearer()) as answer:
            assert (await answer.json())["received"] == 6

    async def test_a_stretch_that_takes_longer_than_an_answer_may_is_waited_for(
        self, open_door: OpenDoor, upstream: Upstream
    ) -> None:
        async def trickle() -> AsyncIterator[bytes]:
            for _ in range(12):
                yield b"x" * 800
                await asyncio.sleep(0.25)

        async with open_door(intake=upstream.url, read_timeout_seconds=2) as door:
            await door.account()
            headers = await door.bearer()
            async with door.http.patch("/v1/uploads/7", data=trickle(), headers=headers) as answer:
                assert (await answer.json())["received"] == 9600

    async def test_they_may_be_longer_than_a_letter_but_not_without_end(
        self, open_door: OpenDoor, upstream: Upstream
    ) -> None:
        async with open_door(intake=upstream.url, max_upload_bytes=1000, max_resumable_bytes=3_000_000) as door:
            await door.account()
            headers = await door.bearer()
            for size, status in ((3_000_000, 200), (3_000_001, 413)):
                async with door.http.patch("/v1/uploads/7", data=b"x" * size, headers=headers) as answer:
                    assert answer.status == status
        assert [seen.body for seen in upstream.seen] == [3_000_000]

    async def test_a_client_that_leaves_is_cut_off_at_the_service(self, door: Door, upstream: Upstream) -> None:
        async def breaking() -> AsyncIterator[bytes]:
            yield b"x" * 1000
            async with asyncio.timeout(30):
                while not (upstream.seen and upstream.seen[-1].body == 1000):
                    await asyncio.sleep(0.01)
            raise ConnectionResetError

        with pytest.raises(aiohttp.ClientError):
            await door.http.patch("/v1/uploads/7", data=breaking(), headers=await door.bearer())
        async with asyncio.timeout(30):
            while not upstream.seen[-1].cut:
                await asyncio.sleep(0.01)
        assert upstream.seen[-1].body == 1000
