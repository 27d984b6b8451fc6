"""K14: whatever cuts a request off, the bytes end up the same, and little of what came is sent again."""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest

from services.chassis.storage import StorageUnavailable
from services.intake.commands.uploads import holds
from services.intake.commands.uploads.arrival import Arrival
from tests.chassis.proxy import proxied
from tests.conftest import Serve
from tests.intake import scans
from tests.intake.uploads.tus import BYTES, Tus, checksum
from tests.intake.world import World
from tests.waiting import until, until_equal

SOON = 60.0


class Line:
    """A connection on which a PATCH is sent piece by piece."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def open(cls, url: str, tus: Tus, upload_id: str, offset: int, length: int, **more: str) -> "Line":
        """Say what is to come."""
        address = urlsplit(url)
        line = cls(*await asyncio.open_connection(address.hostname, address.port))
        headers = tus.headers(
            Host="x", Upload_Offset=str(offset), Content_Type=BYTES, Content_Length=str(length), **more
        )
        head = [f"PATCH /v1/uploads/{upload_id} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        line._writer.write("\r\n".join([*head, "", ""]).encode())
        return line

    async def send(self, data: bytes) -> None:
        """Some of it."""
        self._writer.write(data)
        await self._writer.drain()

    async def status(self) -> int:
        """What the service answers."""
        async with asyncio.timeout(SOON):
            return int((await self._reader.readline()).split()[1])

    def cut(self) -> None:
        """Break the connection."""
        self._writer.transport.abort()


def url_of(world: World) -> str:
    """Where the service is."""
    return str(world.http._base_url)


async def until_saved(world: World, upload_id: str, offset: int) -> None:
    """Wait until so much of it is counted, without anybody asking the service."""
    async with asyncio.timeout(SOON):
        while True:
            row = await world.service.foundation.database["uploads"].find_one({"_id": upload_id})
            if row and row["offset"] == offset:
                return
            await asyncio.sleep(0.05)


async def until_begun(world: World, upload_id: str) -> None:
    """Wait until a request is at work on it."""
    uploads = world.service.foundation.database["uploads"]
    await until_equal(lambda: uploads.find_one({"_id": upload_id}), lambda row: bool(row and row.get("holder")))


@pytest.fixture
def come(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How far the requests to this process have come each time they brought something."""
    offsets: list[int] = []
    take = Arrival.take

    async def noted(self: Arrival, data: bytes) -> None:
        await take(self, data)
        offsets.append(self.offset)

    monkeypatch.setattr(Arrival, "take", noted)
    return offsets


class TestBrokenLines:
    """The client goes away."""

    async def test_K14_what_came_before_a_cut_is_kept(self, tus: Tus, world: World, come: list[int]) -> None:
        content = scans.pdf_of_size(200_000)
        upload_id = await tus.begun(len(content))
        line = await Line.open(url_of(world), tus, upload_id, 0, len(content))
        await line.send(content[:60_000])
        await until(lambda: 60_000 in come)
        line.cut()
        await until_saved(world, upload_id, 60_000)
        assert (await tus.patch(upload_id, 60_000, content[60_000:])).status == 204
        assert await tus.original(upload_id) == content

    async def test_with_a_checksum_nothing_is_kept_of_half_a_request(
        self, tus: Tus, world: World, come: list[int]
    ) -> None:
        upload_id = await tus.begun(1000)
        line = await Line.open(url_of(world), tus, upload_id, 0, 1000, Upload_Checksum=checksum(b"x" * 1000))
        await line.send(b"x" * 600)
        await until(lambda: 600 in come)
        line.cut()
        assert await tus.offset(upload_id) == 0
        assert await world.new_keys() == set()

    async def test_K14_a_line_cut_again_and_again_brings_the_same_bytes(self, tus: Tus, world: World) -> None:
        content, chance = scans.pdf_of_size(6_500_000), random.Random(11)
        upload_id = await tus.begun(len(content))
        async with proxied(url_of(world)) as (proxy, through):
            for _ in range(25):
                begin = await tus.offset(upload_id)
                line = await Line.open(through, tus, upload_id, begin, len(content) - begin)
                with contextlib.suppress(ConnectionError):
                    await line.send(content[begin : begin + chance.randrange(1, 600_000)])
                    await asyncio.sleep(chance.random() / 5)
                proxy.reset()
                line.cut()
        begin = await tus.offset(upload_id)
        assert begin > 1_000_000
        assert (await tus.patch(upload_id, begin, content[begin:])).status == 204
        assert await tus.original(upload_id) == content


class TestStalledLines:
    """A connection that is dead without anybody saying so."""

    async def test_asking_for_the_offset_ends_the_stalled_request_and_counts_what_it_brought(
        self, tus: Tus, world: World, come: list[int]
    ) -> None:
        upload_id = await tus.begun(1000)
        stalled = await Line.open(url_of(world), tus, upload_id, 0, 1000)
        await stalled.send(b"x" * 300)
        await until(lambda: 300 in come)
        assert await tus.offset(upload_id) == 300
        assert await stalled.status() == 423

    async def test_a_new_request_goes_on_at_once_where_nothing_was_saved(self, tus: Tus, world: World) -> None:
        upload_id = await tus.begun(1000)
        stalled = await Line.open(url_of(world), tus, upload_id, 0, 1000)
        await until_begun(world, upload_id)
        async with asyncio.timeout(SOON):
            assert (await tus.patch(upload_id, 0, b"x" * 300)).status == 204
        assert await stalled.status() == 423, "not 408: it was not waited for until it had stalled for too long"

    async def test_a_stalled_request_is_ended_by_itself(self, tus: Tus, world: World) -> None:
        upload_id = await tus.begun(1000)
        stalled = await Line.open(url_of(world), tus, upload_id, 0, 1000)
        await stalled.send(b"x" * 300)
        assert await stalled.status() == 408
        assert await tus.offset(upload_id) == 300

    async def test_what_waits_for_more_is_saved_meanwhile(self, tus: Tus, world: World) -> None:
        upload_id = await tus.begun(1000)
        line = await Line.open(url_of(world), tus, upload_id, 0, 1000)
        await line.send(b"x" * 300)
        await until_saved(world, upload_id, 300)
        await line.send(b"x" * 700)
        assert await line.status() == 204

    async def test_K14_a_trickle_of_64_kbit_arrives_whole(self, tus: Tus, world: World) -> None:
        content = scans.pdf_of_size(24_000)

        async def trickle() -> AsyncIterator[bytes]:
            for begin in range(0, len(content), 800):
                yield content[begin : begin + 800]
                await asyncio.sleep(0.1)

        upload_id = await tus.begun(len(content))
        assert (await tus.patch(upload_id, 0, trickle())).status == 204
        assert await tus.original(upload_id) == content
        assert await world.new_keys() == {(await _row(world, "scans"))["file"]["object_key"]}

    async def test_requests_of_a_few_bytes_leave_no_heap_of_pieces(self, tus: Tus, world: World) -> None:
        content = scans.pdf_of_size(1500)
        upload_id = await tus.begun(len(content))
        for begin in range(0, len(content) - 60, 20):
            await tus.patch(upload_id, begin, content[begin : begin + 20])
        assert len(await world.new_keys()) <= 64
        begin = await tus.offset(upload_id)
        await tus.patch(upload_id, begin, content[begin:])
        assert await tus.original(upload_id) == content


class TestNeighbours:
    """Two processes on one database."""

    async def test_K14_requests_that_alternate_between_two_make_one_file(
        self, tus: Tus, world: World, serve: Serve
    ) -> None:
        content = scans.pdf_of_size(6_000_000)
        async with neighbour(world, serve) as http:
            doors = (tus, Tus(world, http=http))
            upload_id = await tus.begun(len(content))
            for turn, begin in enumerate(range(0, len(content), 500_000)):
                answer = await doors[turn % 2].patch(upload_id, begin, content[begin : begin + 500_000])
                assert answer.status == 204
        assert await tus.original(upload_id) == content

    async def test_a_request_at_one_ends_the_stalled_one_at_the_other(
        self, tus: Tus, world: World, serve: Serve, come: list[int]
    ) -> None:
        async with neighbour(world, serve) as http:
            upload_id = await tus.begun(1000)
            stalled = await Line.open(url_of(world), tus, upload_id, 0, 1000)
            await stalled.send(b"x" * 100)
            await until(lambda: 100 in come)
            there = Tus(world, http=http)
            assert await there.offset(upload_id) == 100
            assert await stalled.status() == 423

    async def test_of_two_at_once_each_byte_counts_once(self, tus: Tus, world: World, serve: Serve) -> None:
        content = scans.pdf_of_size(300_000)
        async with neighbour(world, serve) as http:
            doors = (tus, Tus(world, http=http))
            upload_id = await tus.begun(len(content))
            for begin in range(0, len(content), 30_000):
                stretch = content[begin : begin + 30_000]
                answers = await asyncio.gather(*(door.patch(upload_id, begin, stretch) for door in doors))
                assert {answer.status for answer in answers} <= {204, 409, 423}
                reached = await tus.offset(upload_id)
                assert begin < reached <= begin + 30_000
                if reached < begin + 30_000:
                    await tus.patch(upload_id, reached, content[reached : begin + 30_000])
        assert await tus.original(upload_id) == content

    async def test_who_holds_on_without_living_is_waited_out(
        self, tus: Tus, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(holds, "LEASE_SECONDS", 1.0)
        upload_id = await tus.begun(10)
        assert await world.context.uploads.hold(upload_id, "a process that was killed", 1.0)
        assert (await tus.patch(upload_id, 0, b"abc")).status == 204

    async def test_who_was_asleep_past_its_lease_counts_nothing(self, tus: Tus, world: World, come: list[int]) -> None:
        upload_id = await tus.begun(1000)
        line = await Line.open(url_of(world), tus, upload_id, 0, 600)
        await line.send(b"x" * 100)
        await until(lambda: 100 in come)
        uploads = world.service.foundation.database["uploads"]
        await uploads.update_one({"_id": upload_id}, {"$set": {"holder": "somebody else"}})
        await line.send(b"x" * 500)
        assert await line.status() == 423
        row = await uploads.find_one({"_id": upload_id})
        assert row
        assert row["offset"] == 0


class TestBrokenStore:
    """The object store is away."""

    async def test_nothing_counts_that_could_not_be_kept(
        self, tus: Tus, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        content = scans.pdf_of_size(100_000)
        upload_id = await tus.begun(len(content))

        async def away(*args: object) -> None:
            raise StorageUnavailable("away")

        with monkeypatch.context() as patched:
            patched.setattr(world.storage, "put", away)
            assert (await tus.patch(upload_id, 0, content[:50_000])).status == 503
        assert await tus.offset(upload_id) == 0
        assert (await tus.patch(upload_id, 0, content)).status == 204
        assert await tus.original(upload_id) == content


@contextlib.asynccontextmanager
async def neighbour(world: World, serve: Serve) -> AsyncIterator[aiohttp.ClientSession]:
    """A second service on the same database."""
    from services.intake.main import build

    other = build(world.context.settings, world.signer.keys)
    async with serve(other) as http:
        yield http
    other.foundation.database.client.close()


async def _row(world: World, collection: str) -> dict[str, Any]:
    (row,) = await world.rows(collection)
    return row
