"""The lease: one holder at a time, passed on at once or after it ran out."""

import asyncio

from services.chassis.lease import Lease
from services.chassis.mongo import Database


class TestHold:
    async def test_is_given_to_one_candidate(self, database: Database) -> None:
        one, two = Lease(database, "relay"), Lease(database, "relay")
        assert await one.hold()
        assert not await two.hold()

    async def test_is_renewed_by_its_holder(self, database: Database) -> None:
        lease = Lease(database, "relay")
        assert [await lease.hold() for _ in range(3)] == [True] * 3

    async def test_is_not_written_again_while_most_of_it_is_left(self, database: Database) -> None:
        lease = Lease(database, "relay", seconds=60)
        assert await lease.hold()
        taken = await database.leases.find_one({"_id": "relay"})
        assert await lease.hold()
        assert await database.leases.find_one({"_id": "relay"}) == taken

    async def test_is_written_again_when_half_has_passed(self, database: Database) -> None:
        lease = Lease(database, "relay", seconds=2)
        assert await lease.hold()
        taken = await database.leases.find_one({"_id": "relay"})
        assert taken
        await asyncio.sleep(1.05)
        assert await lease.hold()
        renewed = await database.leases.find_one({"_id": "relay"})
        assert renewed
        assert renewed["until"] > taken["until"]

    async def test_of_many_at_once_is_given_to_exactly_one(self, database: Database) -> None:
        candidates = [Lease(database, "relay") for _ in range(10)]
        assert sum(await asyncio.gather(*(one.hold() for one in candidates))) == 1

    async def test_passes_on_when_it_ran_out(self, database: Database) -> None:
        one, two = Lease(database, "relay", seconds=0.2), Lease(database, "relay", seconds=60)
        await one.hold()
        await asyncio.sleep(0.25)
        assert await two.hold()
        assert not await one.hold()

    async def test_of_one_duty_says_nothing_of_another(self, database: Database) -> None:
        assert await Lease(database, "relay").hold()
        assert await Lease(database, "sweep").hold()


class TestRelease:
    async def test_passes_it_on_at_once(self, database: Database) -> None:
        one, two = Lease(database, "relay"), Lease(database, "relay")
        await one.hold()
        await one.release()
        assert await two.hold()

    async def test_takes_it_from_who_gave_it_up(self, database: Database) -> None:
        one, two = Lease(database, "relay"), Lease(database, "relay")
        await one.hold()
        await one.release()
        await two.hold()
        assert not await one.hold()

    async def test_by_who_does_not_hold_it_does_nothing(self, database: Database) -> None:
        one, two = Lease(database, "relay"), Lease(database, "relay")
        await one.hold()
        await two.release()
        assert not await two.hold()
