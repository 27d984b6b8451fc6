"""Work done again and again: by one process where there is a lease, by each where there is none."""

import asyncio
from collections.abc import Awaitable, Callable

from services.chassis.duty import attending, repeatedly
from services.chassis.lease import Lease
from services.chassis.mongo import Database
from tests.duties import at_work
from tests.waiting import until

NEVER = 3600.0


def sweep(done: list[str], name: str, *amounts: int | Exception) -> Callable[[], Awaitable[int]]:
    """A sweep that does these amounts one after the other, then nothing."""
    left = list(amounts)

    async def swept() -> int:
        await asyncio.sleep(0)
        done.append(name)
        amount = left.pop(0) if left else 0
        if isinstance(amount, Exception):
            raise amount
        return amount

    return swept


class TestRepeatedly:
    async def test_is_called_again_at_once_while_it_did_something(self, database: Database) -> None:
        done: list[str] = []
        async with at_work(repeatedly(Lease(database, "sweep"), sweep(done, "a", 2, 1), pause_seconds=NEVER)):
            await until(lambda: len(done) == 3)
            await asyncio.sleep(0.05)
        assert done == ["a"] * 3

    async def test_one_of_two_does_it_and_when_it_leaves_the_other(self, database: Database) -> None:
        done: list[str] = []
        one = repeatedly(Lease(database, "sweep"), sweep(done, "one"), pause_seconds=0.01)
        other = repeatedly(Lease(database, "sweep"), sweep(done, "other"), pause_seconds=0.01)
        async with at_work(one):
            await until(lambda: len(done) > 2)
            async with at_work(other):
                await until(lambda: len(done) > 6)
        assert set(done) == {"one"}
        async with at_work(other):
            await until(lambda: "other" in done)

    async def test_what_failed_is_tried_again_after_a_rest(self, database: Database) -> None:
        done: list[str] = []
        failing = sweep(done, "a", ValueError("once"), 1)
        async with at_work(repeatedly(Lease(database, "sweep"), failing, pause_seconds=0.01)):
            await until(lambda: len(done) > 3)


class TestAttending:
    async def test_every_process_does_it(self) -> None:
        done: list[str] = []
        both = (attending("look", sweep(done, name, 1, 1), pause_seconds=NEVER) for name in ("one", "other"))
        async with at_work(*both):
            await until(lambda: len(done) == 6)
        assert sorted(done) == ["one"] * 3 + ["other"] * 3

    async def test_what_failed_is_tried_again_after_a_rest(self) -> None:
        done: list[str] = []
        async with at_work(attending("look", sweep(done, "a", ValueError("once"), 1), pause_seconds=0.01)):
            await until(lambda: len(done) > 3)
