"""Looks that many wait for, before a database that answers, hangs or is away."""

import asyncio
import time

import pytest
from pymongo.errors import OperationFailure, ServerSelectionTimeoutError

from gateway import lookups
from gateway.lookups import Lookups
from services.chassis.auth import unauthenticated
from services.chassis.errors import ServiceError
from tests.waiting import until

DRIVER_SECONDS = 2.0
"""So long the driver looks for a server before it says that there is none; longer than anybody known waits."""


class Source:
    """A database that can be away; it counts who asks, and takes its time."""

    def __init__(self) -> None:
        self.asked = 0
        self.away: Exception | None = None
        self.seconds = 0.0
        self.truth = "new"

    async def look(self) -> str:
        self.asked += 1
        found = self.truth
        await asyncio.sleep(self.seconds)
        if self.away is not None:
            await asyncio.sleep(DRIVER_SECONDS)
            raise self.away
        return found


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookups, "PATIENCE_SECONDS", 0.4)


@pytest.fixture
def source() -> Source:
    return Source()


async def ask_at_once(looks: Lookups[str], source: Source, known: str | None, count: int = 20) -> list[str | int]:
    """What each of so many is told: an answer, or the status of a refusal."""
    asked = (looks.ask("key", source.look, known) for _ in range(count))
    answers = await asyncio.gather(*asked, return_exceptions=True)
    told: list[str | int] = []
    for answer in answers:
        assert isinstance(answer, str | ServiceError), answer
        told.append(answer.status if isinstance(answer, ServiceError) else answer)
    return told


class TestAskedTogether:
    async def test_many_who_ask_for_the_same_ask_once(self, source: Source) -> None:
        source.seconds = 0.02
        assert await ask_at_once(Lookups(), source, None) == ["new"] * 20
        assert source.asked == 1

    async def test_who_asks_after_a_change_does_not_get_what_was_read_before_it(self, source: Source) -> None:
        looks, source.seconds = Lookups[str](), 0.05
        before = asyncio.create_task(looks.ask("key", source.look, None))
        await asyncio.sleep(0.01)
        source.truth = "changed"
        looks.ask_anew()
        assert await looks.ask("key", source.look, None) == "changed"
        assert await before == "new"

    async def test_who_leaves_takes_the_answer_from_nobody(self, source: Source) -> None:
        looks, source.seconds = Lookups[str](), 0.05
        leaving = asyncio.create_task(looks.ask("key", source.look, None))
        staying = asyncio.create_task(looks.ask("key", source.look, None))
        await asyncio.sleep(0.01)
        leaving.cancel()
        assert await staying == "new"

    async def test_a_refusal_is_told_to_all(self, source: Source) -> None:
        source.away = unauthenticated("gone", "Sudah berakhir.")
        assert await ask_at_once(Lookups(), source, None, 3) == [401] * 3


class TestAway:
    @pytest.fixture(params=[ServerSelectionTimeoutError("away"), OperationFailure("not now")], autouse=True)
    def _away(self, source: Source, request: pytest.FixtureRequest) -> None:
        source.away = request.param

    async def test_who_is_known_waits_a_moment_and_then_not_at_all(self, source: Source) -> None:
        looks, began = Lookups[str](), time.monotonic()
        assert await ask_at_once(looks, source, "known") == ["known"] * 20
        assert time.monotonic() - began < DRIVER_SECONDS
        again = time.monotonic()
        for _ in range(20):
            assert await looks.ask("key", source.look, "known") == "known"
            assert await looks.ask("another", source.look, "known") == "known"
        assert time.monotonic() - again < lookups.PATIENCE_SECONDS
        assert source.asked == 1

    async def test_those_who_are_not_known_do_not_wait_one_after_the_other(self, source: Source) -> None:
        began = time.monotonic()
        assert await ask_at_once(Lookups(), source, None) == [503] * 20
        assert time.monotonic() - began < 2 * DRIVER_SECONDS

    async def test_it_is_asked_again_after_a_second(self, source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(lookups, "AWAY_SECONDS", 0.05)
        looks = Lookups[str]()
        assert await looks.ask("key", source.look, "known") == "known"
        await asyncio.sleep(DRIVER_SECONDS)
        source.away = None
        assert await looks.ask("key", source.look, "known") == "new"

    async def test_one_who_is_not_known_and_finds_it_back_lets_the_others_ask_too(self, source: Source) -> None:
        looks = Lookups[str]()
        assert await looks.ask("key", source.look, "known") == "known"
        source.away = None
        assert await looks.ask("another", source.look, None) == "new"
        await asyncio.sleep(DRIVER_SECONDS)
        assert await looks.ask("key", source.look, "known") == "new"


class TestSlow:
    async def test_what_came_too_late_for_one_is_there_for_the_next(self, source: Source) -> None:
        looks, source.seconds = Lookups[str](), 0.8
        kept: list[str] = []

        async def look() -> str:
            kept.append(await source.look())
            return kept[-1]

        assert await looks.ask("key", look, "known") == "known"
        await until(lambda: kept == ["new"])
        source.seconds = 0.0
        assert await looks.ask("key", look, "known") == "new", "it was found to be back"
