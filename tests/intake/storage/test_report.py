"""The storage report: every letter counted once, each unit shown its own."""

import asyncio
from datetime import date
from typing import Any

import pytest

from services.chassis.auth import Principal
from services.chassis.ids import new_id
from services.chassis.lease import Lease
from services.chassis.uow import Transaction
from services.intake.commands import count_usage as counting
from services.intake.commands.count_usage import count_usage
from services.intake.domain.usage import Usage
from tests.intake.scans import pdf
from tests.intake.world import World
from tests.people import principal

PDF = pdf(3, pixels=(60, 80))


async def counted(world: World) -> int:
    """Count everything; how many letters were counted."""
    lease = Lease(world.service.foundation.database, new_id(), seconds=60)
    found = 0
    while more := await count_usage(world.context, lease):
        found += more
    return found


async def usage(world: World, person: Any = None, query: str = "") -> dict[str, Any]:
    """GET the report."""
    headers = world.headers(person, scope="letters:read" if person is None else " ".join(person.scopes))
    async with world.http.get(f"/v1/storage/usage{query}", headers=headers) as response:
        body: dict[str, Any] = await response.json()
    return body


def reading(person: Principal, *further: str) -> Principal:
    """The person, who may read letters and these further things."""
    return person.model_copy(update={"scopes": frozenset({"letters:read", *further})})


class TestCounting:
    async def test_K15_each_letter_is_counted_once_however_often_it_is_done(self, world: World) -> None:
        for _ in range(3):
            await world.registered(files=[("a.pdf", PDF), ("b.pdf", PDF)])
        assert await counted(world) == 3
        assert await counted(world) == 0
        report = await usage(world)
        assert report["total"] == {
            "letters": 3,
            "files": 6,
            "pages": 18,
            "original_bytes": 6 * len(PDF),
            "copied_bytes": 0,
        }

    async def test_two_processes_at_once_count_nothing_twice(self, world: World) -> None:
        for _ in range(4):
            await world.registered(files=[("a.pdf", PDF)])
        await asyncio.gather(*(counted(world) for _ in range(3)))
        assert (await usage(world))["total"]["letters"] == 4

    async def test_more_than_a_batch_is_counted_in_several(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(counting, "BATCH", 2)
        for _ in range(5):
            await world.registered(files=[("a.pdf", PDF)])
        assert await counted(world) == 5
        assert (await usage(world))["total"]["letters"] == 5

    async def test_count_that_was_cut_off_is_done_again_whole(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await world.registered(files=[("a.pdf", PDF)])
        add = world.context.usage.add

        async def cut(*given: Any) -> None:
            await add(*given)
            raise RuntimeError("cut off")

        monkeypatch.setattr(world.context.usage, "add", cut)
        with pytest.raises(RuntimeError):
            await counted(world)
        monkeypatch.undo()
        assert await counted(world) == 1
        assert (await usage(world))["total"]["letters"] == 1


class TestReport:
    async def test_K6_unit_sees_its_own_alone(self, world: World) -> None:
        await world.registered(files=[("a.pdf", PDF)])
        await counted(world)
        assert [row["unit_name"] for row in (await usage(world))["rows"]] == ["Desa Sekartaji"]
        assert (await usage(world, reading(principal(world.neighbour))))["rows"] == []

    async def test_who_runs_the_house_sees_all_units_and_the_alarm(self, world: World) -> None:
        await world.registered(files=[("a.pdf", PDF)])
        await counted(world)
        admin = reading(principal(), "organisation:write")
        report = await usage(world, admin)
        assert [row["unit_name"] for row in report["rows"]] == ["Desa Sekartaji"]
        assert (report["alarm"], report["forecast"]) == (False, None)

    async def test_months_outside_are_left_out(self, world: World) -> None:
        await world.registered(files=[("a.pdf", PDF)])
        await counted(world)
        assert (await usage(world, query="?to=2020-01-31"))["rows"] == []

    async def test_copies_count_beside_the_originals(self, world: World) -> None:
        async def work(transaction: Transaction) -> None:
            await world.context.usage.add(
                world.village.unit_id, date(2026, 11, 5), Usage(copied_bytes=70), transaction.session
            )

        await world.context.uow.run(work)
        assert (await usage(world))["total"]["copied_bytes"] == 70


class TestSaved:
    async def test_K11_P5_pages_are_saved_for_each_office_told(self, world: World) -> None:
        copies = [{"kind": "position", "id": world.clerk.position_id}, {"kind": "external", "name": "PLN"}]
        await world.registered(letter=world.letter(copies=copies), files=[("a.pdf", PDF)])
        await counted(world)
        report = (await world.get("/v1/storage/saved")).body
        assert report["total"] == {"pages": 6, "trips": 2}

    async def test_K10_practice_saves_nothing(self, world: World) -> None:
        await world.registered(letter=world.letter(training=True), files=[("a.pdf", PDF)])
        await counted(world)
        assert (await world.get("/v1/storage/saved")).body["total"] == {"pages": 0, "trips": 0}
