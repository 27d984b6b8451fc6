"""K14: processes that are killed or restarted in the middle of a request."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest

from services.chassis.clock import now
from services.intake.commands.uploads.admit import admit_due
from services.intake.commands.uploads.arrival import Arrival
from tests.intake import scans
from tests.intake.uploads.processes import Process, keys_of
from tests.intake.uploads.test_interruptions import Line, until_begun, until_saved
from tests.intake.uploads.tus import Tus
from tests.intake.world import World


@pytest.fixture
async def jwks_url(world: World) -> AsyncIterator[str]:
    """Where processes find the key."""
    async with keys_of(world.signer) as url:
        yield url


class TestKilled:
    """kill -9 in the middle of a PATCH."""

    async def test_K14_another_process_goes_on_from_what_was_saved(self, tus: Tus, world: World, jwks_url: str) -> None:
        content = scans.pdf_of_size(6_400_000)
        upload_id = await tus.begun(len(content))
        process = await Process.start(world.context.settings, jwks_url)
        try:
            line = await Line.open(process.url, tus, upload_id, 0, len(content))
            await line.send(content[:5_900_000])
            await until_saved(world, upload_id, 5_900_000)
            await line.send(content[5_900_000:6_000_000])
        finally:
            await process.kill()
        begin = await tus.offset(upload_id)
        assert begin >= 5_900_000
        assert (await tus.patch(upload_id, begin, content[begin:])).status == 204
        assert await tus.original(upload_id) == content

    async def test_K14_killed_at_any_moment_the_same_bytes_arrive(self, tus: Tus, world: World, jwks_url: str) -> None:
        content = scans.pdf_of_size(11_000_000)
        upload_id = await tus.begun(len(content))
        for moment in (0.1, 0.5):
            process = await Process.start(world.context.settings, jwks_url)
            begin = await tus.offset(upload_id)
            line = await Line.open(process.url, tus, upload_id, begin, len(content) - begin)
            sending = asyncio.create_task(_slowly(line, content[begin:-100_000]))
            await asyncio.sleep(moment)
            await process.kill()
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)
        begin = await tus.offset(upload_id)
        assert (await tus.patch(upload_id, begin, content[begin:])).status == 204
        assert await tus.original(upload_id) == content

    async def test_what_was_whole_is_judged_by_whoever_looks_next(self, tus: Tus, world: World) -> None:
        """As if the process had died between counting the last byte and judging."""
        content = scans.pdf_of_size(5_500_000)
        upload_id = await tus.begun(len(content))
        await tus.patch(upload_id, 0, content[:-1])
        async with world.context.holds.hold(upload_id) as hold:
            before = await world.context.uploads.get(upload_id)
            assert before
            arrival = Arrival(world.context, hold, before, provisional=False)
            await arrival.take(content[-1:])
            await arrival.save()
        assert (await tus.scan(upload_id))["state"] == "checking"
        uploads = world.service.foundation.database["uploads"]
        await uploads.update_one({"_id": upload_id}, {"$set": {"check_at": now()}})
        assert await admit_due(world.context) == 1
        assert await tus.original(upload_id) == content


class TestRestarted:
    """SIGTERM in the middle of a PATCH."""

    async def test_it_saves_and_leaves_at_once(self, tus: Tus, world: World, jwks_url: str) -> None:
        upload_id = await tus.begun(1_000_000)
        process = await Process.start(world.context.settings, jwks_url)
        line = await Line.open(process.url, tus, upload_id, 0, 1_000_000)
        await line.send(b"x" * 1234)
        await until_begun(world, upload_id)
        await asyncio.sleep(0.2)
        async with asyncio.timeout(10):
            await process.stop()
        assert await line.status() == 503
        assert await tus.offset(upload_id) == 1234


class TestTwoProcesses:
    """Two of them behind one address, as in a cluster."""

    async def test_K14_requests_that_alternate_make_one_file(self, tus: Tus, world: World, jwks_url: str) -> None:
        content = scans.pdf_of_size(7_000_000)
        upload_id = await tus.begun(len(content))
        processes = [await Process.start(world.context.settings, jwks_url) for _ in range(2)]
        try:
            async with aiohttp.ClientSession(processes[0].url) as one, aiohttp.ClientSession(processes[1].url) as other:
                doors = (Tus(world, http=one), Tus(world, http=other))
                for turn, begin in enumerate(range(0, len(content), 700_001)):
                    answer = await doors[turn % 2].patch(upload_id, begin, content[begin : begin + 700_001])
                    assert answer.status == 204
        finally:
            await asyncio.gather(*(process.kill() for process in processes))
        assert await tus.original(upload_id) == content


async def _slowly(line: Line, content: bytes) -> None:
    for begin in range(0, len(content), 200_000):
        await line.send(content[begin : begin + 200_000])
        await asyncio.sleep(0.01)
