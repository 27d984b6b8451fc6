"""Scans that change hands while copies are made of them: to a letter, from a batch, from a service that stops."""

import asyncio
from contextlib import suppress
from typing import Any

import pytest

from services.chassis.clock import now
from services.intake.commands.copies import make_copies
from services.intake.commands.copies.keep_copied import queue_letters, sweep_copies
from services.intake.commands.copies.run_program import Made
from tests.intake import scans
from tests.intake.copies.made import copies_of, copy_all
from tests.intake.copies.test_copies import DERIVED, told
from tests.intake.copies.test_queue import Making, loose, make_due, register_with
from tests.intake.world import World

PAGE = (120, 160)


class TestGivenToALetter:
    """A letter may take a scan at any moment."""

    async def test_another_worker_does_not_begin_what_one_is_at(
        self, world: World, quick: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        scan = await loose(world, scans.pdf(1, pixels=PAGE))
        made: Making = vars(make_copies)["run_program"]

        async def meanwhile(*given: Any) -> Made:
            await register_with(world, scan)
            monkeypatch.setattr(make_copies, "run_program", made)
            assert await sweep_copies(world.context) == 1, "the letter is queued, and there is nothing else to do"
            return await made(*given)

        monkeypatch.setattr(make_copies, "run_program", meanwhile)
        await copy_all(world)
        copies = await copies_of(world, scan.scan_id)
        assert (copies.state, copies.attempts, quick) == ("done", 1, [scan.scan_id])
        assert len(await told(world, DERIVED)) == 1


class TestQueuedTogether:
    """Letters are queued many at a time, and each scan of theirs has one row, whoever else is at it."""

    async def test_one_whose_scan_came_before_it_holds_up_no_other(self, world: World) -> None:
        scan = await loose(world, scans.pdf(1, pixels=PAGE))
        bodies = [await world.registered(), await register_with(world, scan), await world.registered()]
        assert await queue_letters(world.context) == 3
        for body in bodies:
            copies = await copies_of(world, body["files"][0]["file_id"])
            assert (copies.letter_id, copies.state) == (body["id"], "due")
        assert await queue_letters(world.context) == 0

    async def test_several_workers_at_once_queue_each_but_once(self, world: World) -> None:
        bodies = [await world.registered() for _ in range(6)]
        await asyncio.gather(*(queue_letters(world.context) for _ in range(3)))
        due = await world.context.copies.due(now(), 50)
        assert sorted(copies.letter_id or "" for copies, _ in due) == sorted(body["id"] for body in bodies)
        assert await world.context.copied_letters.due(now(), 50) == []


class TestGivenBack:
    """A batch that is closed uncut gives its scan back, perhaps before its copies were taken away."""

    async def test_is_wanted_again(self, world: World, quick: list[str]) -> None:
        scan = await loose(world, scans.pdf(1, pixels=PAGE))
        await world.context.copies.drop(scan.scan_id)
        await world.context.copies.want(scan.file, scan.unit_id, None)
        await copy_all(world)
        assert (await copies_of(world, scan.scan_id)).state == "done"
        assert quick == [scan.scan_id]

    async def test_is_registered_before_they_were_taken_away(self, world: World, quick: list[str]) -> None:
        scan = await loose(world, scans.pdf(1, pixels=PAGE))
        await world.context.copies.drop(scan.scan_id)
        body = await register_with(world, scan)
        await copy_all(world)
        copies = await copies_of(world, scan.scan_id)
        assert (copies.state, copies.letter_id) == ("done", body["id"])
        assert quick == [scan.scan_id]
        assert len(await told(world, DERIVED)) == 1

    async def test_whoever_was_taking_them_away_leaves_it_at_that(self, world: World) -> None:
        scan = await loose(world, scans.pdf(1, pixels=PAGE))
        await world.context.copies.drop(scan.scan_id)
        ((dropped, due_at),) = await world.context.copies.due(now(), 10)
        await world.context.copies.want(scan.file, scan.unit_id, None)
        await world.context.copies.forget(scan.scan_id)
        assert not await world.context.copies.begin(dropped, due_at, now(), attempt=0)
        assert (await copies_of(world, scan.scan_id)).state == "due"


class TestStopped:
    """Services are stopped and started often, and thick scans take long."""

    async def test_a_service_that_is_told_to_stop_uses_up_no_attempt(
        self, world: World, quick: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        body = await world.registered()
        await queue_letters(world.context)
        at_it = asyncio.Event()

        async def endless(*_: Any) -> Made:
            at_it.set()
            await asyncio.sleep(3600)
            raise AssertionError

        with monkeypatch.context() as patch:
            patch.setattr(make_copies, "run_program", endless)
            duty = asyncio.create_task(sweep_copies(world.context))
            await at_it.wait()
            duty.cancel()
            with suppress(asyncio.CancelledError):
                await duty
        copies = await copies_of(world, body["files"][0]["file_id"])
        assert (copies.state, copies.attempts) == ("due", 0)
        await make_due(world)
        await copy_all(world)
        assert quick == [copies.file_id]
