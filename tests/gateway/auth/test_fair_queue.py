"""Who is served next."""

import asyncio
from contextlib import AsyncExitStack, ExitStack

import pytest

from gateway.auth.fair_queue import PLACES, Asker, FairQueue
from services.chassis.errors import ServiceError


class Line:
    """A queue with one slot that is taken, and those who wait; ``served`` is the order they were served in."""

    def __init__(self, patience_seconds: float = 5.0) -> None:
        self.queue = FairQueue(1, patience_seconds)
        self.served: list[str] = []
        self.refused: list[str] = []
        self.told: set[tuple[int, str]] = set()
        self.tasks: list[asyncio.Task[None]] = []
        self._taken = AsyncExitStack()

    async def take(self) -> None:
        """Take the one slot."""
        await self._taken.enter_async_context(self.queue.turn(Asker("others", "first")))

    async def join(self, asker: Asker, label: str) -> None:
        """Another one waits."""
        self.tasks.append(asyncio.create_task(self._wait(asker, label)))
        await asyncio.sleep(0)

    async def finish(self) -> None:
        """Let the slot go, and wait for all."""
        await self._taken.aclose()
        await asyncio.gather(*self.tasks)

    async def _wait(self, asker: Asker, label: str) -> None:
        try:
            with self.queue.place(asker):
                async with self.queue.turn(asker):
                    self.served.append(label)
        except ServiceError as error:
            self.refused.append(label)
            self.told.add((error.status, error.headers["Retry-After"]))


class TestFairQueue:
    """gateway.auth.fair_queue."""

    async def test_askers_take_turns_however_many_each_has_waiting(self) -> None:
        line = Line()
        await line.take()
        for number in range(3):
            await line.join(Asker("others", "203.0.113.7"), f"flood {number}")
        await line.join(Asker("others", "198.51.100.2"), "a person")
        await line.finish()
        assert line.served == ["flood 0", "a person", "flood 1", "flood 2"]

    async def test_the_known_go_first_and_leave_every_fourth_turn(self) -> None:
        line = Line()
        await line.take()
        for number in range(2):
            await line.join(Asker("others", f"203.0.113.{number}"), f"other {number}")
        for number in range(5):
            await line.join(Asker("known", f"device {number}"), f"known {number}")
        await line.finish()
        assert line.served == ["known 0", "known 1", "known 2", "other 0", "known 3", "known 4", "other 1"]

    async def test_one_asker_has_so_many_places_and_no_more(self) -> None:
        line = Line()
        await line.take()
        each, _ = PLACES["others"]
        for number in range(each + 2):
            await line.join(Asker("others", "203.0.113.7"), str(number))
        assert line.refused == [str(each), str(each + 1)]
        assert line.told == {(503, "3")}
        await line.finish()
        assert len(line.served) == each

    async def test_where_it_is_full_whoever_holds_most_makes_room(self) -> None:
        line = Line()
        await line.take()
        each, together = PLACES["others"]
        for number in range(together):
            await line.join(Asker("others", f"203.0.113.{number % (together // each + 1)}"), str(number))
        await line.join(Asker("others", "198.51.100.2"), "a person")
        await asyncio.sleep(0)
        assert len(line.refused) == 1
        await line.finish()
        assert "a person" in line.served
        assert len(line.served) == together

    async def test_where_all_hold_as_little_the_newest_is_refused(self) -> None:
        line = Line()
        await line.take()
        _, together = PLACES["others"]
        for number in range(together + 1):
            await line.join(Asker("others", f"203.0.{number}"), str(number))
        assert line.refused == [str(together)]
        await line.finish()

    async def test_whoever_waits_too_long_is_refused_and_takes_nobodys_turn(self) -> None:
        line = Line(patience_seconds=0.02)
        await line.take()
        await line.join(Asker("others", "203.0.113.7"), "impatient")
        await asyncio.wait(line.tasks)
        assert line.refused == ["impatient"]
        await line.finish()
        async with line.queue.turn(Asker("others", "198.51.100.2")):
            pass

    async def test_whoever_leaves_while_waiting_loses_no_slot(self) -> None:
        line = Line()
        await line.take()
        await line.join(Asker("others", "203.0.113.7"), "gone")
        await line.join(Asker("others", "198.51.100.2"), "a person")
        line.tasks.pop(0).cancel()
        await line.finish()
        assert line.served == ["a person"]
        async with asyncio.timeout(30), line.queue.turn(Asker("others", "x")):
            pass

    async def test_places_are_given_back(self) -> None:
        queue, asker = FairQueue(1), Asker("known", "device")
        each, _ = PLACES["known"]
        for _ in range(3):
            with ExitStack() as held:
                for _ in range(each):
                    held.enter_context(queue.place(asker))
                with pytest.raises(ServiceError, match="503"):
                    held.enter_context(queue.place(asker))
