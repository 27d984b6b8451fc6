"""Bodies flow: nothing is gathered, nothing is waited for, memory stays flat."""

import asyncio
import gc
import json
import tracemalloc
from collections.abc import AsyncIterator

import pytest

from tests.gateway.conftest import NAMES, Door, OpenDoor
from tests.gateway.raw import connect, exchange
from tests.gateway.upstream import Upstream
from tests.waiting import until

SOON = 30.0


async def _eventually(event: asyncio.Event) -> None:
    async with asyncio.timeout(SOON):
        await event.wait()


class TestResponse:
    """From the service to the client."""

    async def test_the_first_bytes_arrive_before_the_service_has_finished(self, door: Door, upstream: Upstream) -> None:
        async with door.http.get("/v1/inbox/stream", headers=await door.bearer()) as answer:
            async with asyncio.timeout(SOON):
                assert await answer.content.readline() == b"first\n"
            assert not upstream.go_on.is_set()
            upstream.go_on.set()
            assert await answer.content.readline() == b"second\n"

    async def test_server_sent_events_pass_through(self, door: Door, upstream: Upstream) -> None:
        async with door.http.get("/v1/notifications/stream", headers=await door.bearer()) as answer:
            assert answer.content_type == "text/event-stream"
            async with asyncio.timeout(SOON):
                assert await answer.content.readline() == b"first\n"
            upstream.go_on.set()
            assert await answer.content.read() == b"second\n"

    async def test_a_client_that_leaves_ends_the_services_stream(self, door: Door, upstream: Upstream) -> None:
        async with door.http.get("/v1/notifications/stream", headers=await door.bearer()) as answer:
            await answer.content.readline()
            answer.close()
        await _eventually(upstream.left)

    async def test_event_streams_end_in_order_when_the_gateway_stops(self, door: Door, upstream: Upstream) -> None:
        async with door.http.get("/v1/notifications/stream", headers=await door.bearer()) as answer:
            await answer.content.readline()
            door.gateway.context.stopping.set()
            async with asyncio.timeout(SOON):
                assert await answer.content.read() == b""
        await _eventually(upstream.left)

    async def test_head_and_no_content_have_no_body(self, door: Door) -> None:
        async with door.http.head("/v1/inbox", headers=await door.bearer()) as answer:
            assert answer.status == 200
            assert await answer.read() == b""


class TestRequest:
    """From the client to the service."""

    async def test_chunks_reach_the_service_before_the_client_has_finished(
        self, door: Door, upstream: Upstream
    ) -> None:
        async def body() -> AsyncIterator[bytes]:
            yield b"one"
            await _eventually(upstream.arrived)
            assert upstream.seen[-1].body == 3
            yield b"two"

        async with door.http.post("/v1/letters", data=body(), headers=await door.bearer()) as answer:
            assert (await answer.json())["received"] == 6
        assert upstream.seen[-1].values("transfer-encoding") == ["chunked"]

    async def test_a_body_of_known_length_keeps_its_length(self, door: Door, upstream: Upstream) -> None:
        async with door.http.post("/v1/letters", data=b"x" * 200_000, headers=await door.bearer()) as answer:
            assert (await answer.json())["received"] == 200_000
        assert upstream.seen[-1].values("content-length") == ["200000"]
        assert not upstream.seen[-1].values("transfer-encoding")

    async def test_a_client_that_leaves_is_cut_off_at_the_service(self, door: Door, upstream: Upstream) -> None:
        token = (await door.bearer())["Authorization"]
        _, writer = await connect(door.url)
        head = f"POST /v1/letters HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\nContent-Length: 1000\r\n\r\nabc"
        writer.write(head.encode())
        await _eventually(upstream.arrived)
        writer.close()
        async with asyncio.timeout(SOON):
            while not upstream.seen[-1].cut:
                await asyncio.sleep(0.01)
        assert upstream.seen[-1].body == 3

    async def test_a_client_that_falls_silent_gets_a_408(self, open_door: OpenDoor, upstream: Upstream) -> None:
        async with open_door(intake=upstream.url, client_idle_seconds=0.2) as door:
            await door.account()
            token = (await door.bearer())["Authorization"]
            head = f"POST /v1/letters HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\nContent-Length: 9\r\n\r\nabc"
            answer = await exchange(door.url, head, seconds=4)
            assert answer.startswith(b"HTTP/1.1 408")
            await until(lambda: upstream.seen[-1].cut)

    async def test_a_client_that_waits_for_100_continue_gets_it(self, door: Door) -> None:
        token = (await door.bearer())["Authorization"]
        reader, writer = await connect(door.url)
        head = f"POST /v1/letters HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\nContent-Length: 3\r\n"
        writer.write(f"{head}Expect: 100-continue\r\n\r\n".encode())
        async with asyncio.timeout(SOON):
            assert await reader.readline() == b"HTTP/1.1 100 Continue\r\n"
            await reader.readline()
            writer.write(b"abc")
            assert b" 200 " in await reader.readline()
        writer.close()


class TestLimit:
    """413 before the body is read whole."""

    async def test_an_announced_length_over_the_limit_is_refused_unread(
        self, open_door: OpenDoor, upstream: Upstream
    ) -> None:
        async with open_door(intake=upstream.url, max_upload_bytes=1000) as door:
            await door.account()
            token = (await door.bearer())["Authorization"]
            head = f"POST /v1/letters HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\nContent-Length: 1001\r\n\r\n"
            reader, writer = await connect(door.url)
            writer.write(head.encode())
            async with asyncio.timeout(SOON):
                assert b" 413 " in await reader.readline()
            writer.close()
        assert not upstream.seen

    async def test_whoever_asks_first_is_refused_before_sending(self, door: Door, upstream: Upstream) -> None:
        token = (await door.bearer())["Authorization"]
        head = f"POST /v1/letters HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\nContent-Length: 999999999999\r\n"
        answer = await exchange(door.url, f"{head}Expect: 100-continue\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 413")
        assert b"connection: close" in answer
        assert not upstream.seen

    async def test_a_body_that_grows_over_the_limit_is_cut_there(self, open_door: OpenDoor, upstream: Upstream) -> None:
        sent = 0

        async def endless() -> AsyncIterator[bytes]:
            nonlocal sent
            while True:
                sent += 65536
                yield b"x" * 65536

        async with open_door(intake=upstream.url, max_upload_bytes=1_000_000) as door:
            await door.account()
            headers = await door.bearer()
            async with door.http.post("/v1/letters", data=endless(), headers=headers) as answer:
                assert answer.status == 413
                problem = json.loads(await answer.read())
        assert problem["code"] == "body_too_large"
        await until(lambda: upstream.seen[-1].cut)
        assert upstream.seen[-1].body <= 1_000_000
        assert sent < 20_000_000

    async def test_other_routes_take_documents_only(self, door: Door, upstream: Upstream) -> None:
        headers = await door.bearer()
        async with door.http.post("/v1/letters/7/dispositions", data=b"x" * 2_000_000, headers=headers) as answer:
            assert answer.status == 413
        assert not upstream.seen

    async def test_the_import_takes_a_spreadsheet(self, open_door: OpenDoor, upstream: Upstream) -> None:
        async with open_door(routing=upstream.url, max_sheet_bytes=3_000_000) as door:
            await door.account()
            headers = await door.bearer()
            for size, status in ((3_000_000, 200), (3_000_001, 413)):
                async with door.http.post("/v1/organisation/import", data=b"x" * size, headers=headers) as answer:
                    assert answer.status == status
        assert [seen.body for seen in upstream.seen] == [3_000_000]

    async def test_a_file_of_an_answer_may_be_longer_than_a_document(
        self, open_door: OpenDoor, upstream: Upstream
    ) -> None:
        async with open_door(disposition=upstream.url, max_attachment_bytes=3_000_000) as door:
            await door.account()
            headers = await door.bearer()
            for size, status in ((3_000_000, 200), (3_000_001, 413)):
                async with door.http.post(
                    "/v1/dispositions/7/attachments", data=b"x" * size, headers=headers
                ) as answer:
                    assert answer.status == status
        assert [seen.body for seen in upstream.seen] == [3_000_000]


@pytest.mark.slow
@pytest.mark.timeout(400)
class TestMemory:
    """200 MB each way through a gateway that keeps a few hundred kilobytes."""

    SIZE = 200 * 1024 * 1024
    ALLOWED = 8 * 1024 * 1024

    async def test_uploading_200_megabytes_takes_no_more_memory(self, open_door: OpenDoor, upstream: Upstream) -> None:
        chunk = b"x" * 65536

        async def body() -> AsyncIterator[bytes]:
            for _ in range(self.SIZE // len(chunk)):
                yield chunk

        async with open_door(intake=upstream.url, max_upload_bytes=self.SIZE) as door:
            await door.account()
            headers = await door.bearer()
            with _PeakMemory() as memory:
                async with door.http.post("/v1/letters", data=body(), headers=headers) as answer:
                    assert (await answer.json())["received"] == self.SIZE
            assert memory.peak < self.ALLOWED

    async def test_downloading_200_megabytes_to_a_slow_reader_takes_no_more_memory(
        self, open_door: OpenDoor, upstream: Upstream
    ) -> None:
        upstream.chunks = self.SIZE // len(upstream.chunk)
        async with open_door(**dict.fromkeys(NAMES, upstream.url)) as door:
            await door.account()
            headers = await door.bearer()
            received = 0
            with _PeakMemory() as memory:
                async with door.http.get("/v1/inbox/large", headers=headers) as answer:
                    await asyncio.sleep(0.5)  # whoever buffers would be filling up now
                    async for part in answer.content.iter_any():
                        received += len(part)
            assert received == self.SIZE
            assert memory.peak < self.ALLOWED


class _PeakMemory:
    """What was allocated at most beyond what there was before; client, gateway and service together."""

    peak = 0

    def __enter__(self) -> "_PeakMemory":
        gc.collect()
        tracemalloc.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
