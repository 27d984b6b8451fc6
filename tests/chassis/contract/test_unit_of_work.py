"""What every UnitOfWork keeps to: the double and the real one."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from services.chassis import inbox, outbox
from services.chassis.inbox import AlreadyHandled
from services.chassis.mongo import connect, ensure_indexes
from services.chassis.outbox import StreamVersionTaken
from services.chassis.settings import Settings
from services.chassis.testing import InMemoryUnitOfWork
from services.chassis.uow import MongoUnitOfWork, Transaction, UnitOfWork
from tests.chassis.sample import ParcelSent
from tests.conftest import SettingsFor

Entries = Callable[[], Awaitable[list[str]]]


@pytest.fixture(params=["memory", "mongo"])
async def unit(request: pytest.FixtureRequest, settings_for: SettingsFor) -> AsyncIterator[tuple[UnitOfWork, Entries]]:
    if request.param == "memory":
        double = InMemoryUnitOfWork()

        async def doubled() -> list[str]:
            return [entry["stream"] for entry in double.outbox]

        yield double, doubled
        return
    settings: Settings = settings_for(Settings, "post")
    database = connect(settings.mongo_url.get_secret_value(), settings.mongo_database)
    await ensure_indexes(database, outbox.INDEXES | inbox.INDEXES)

    async def real() -> list[str]:
        rows = await database[outbox.COLLECTION].find({}).sort("_id", 1).to_list(None)
        return [row["stream"] for row in rows]

    yield MongoUnitOfWork(database), real
    database.client.close()


Unit = tuple[UnitOfWork, Entries]


def publishing(parcel: str, seq: int = 1) -> Callable[[Transaction], Awaitable[str]]:
    async def work(transaction: Transaction) -> str:
        transaction.publish(ParcelSent(parcel_id=parcel), seq=seq)
        return parcel

    return work


async def failing(transaction: Transaction) -> None:
    transaction.publish(ParcelSent(parcel_id="never"), seq=1)
    raise LookupError("no")


class TestRun:
    async def test_returns_what_the_work_returned(self, unit: Unit) -> None:
        assert await unit[0].run(publishing("a")) == "a"

    async def test_commits_the_events_of_the_work(self, unit: Unit) -> None:
        await unit[0].run(publishing("a"))
        await unit[0].run(publishing("b"))
        assert await unit[1]() == ["parcel/a", "parcel/b"]

    async def test_publishes_nothing_when_the_work_fails(self, unit: Unit) -> None:
        with pytest.raises(LookupError):
            await unit[0].run(failing)
        assert await unit[1]() == []

    async def test_refuses_a_version_of_a_stream_that_is_taken(self, unit: Unit) -> None:
        await unit[0].run(publishing("a"))
        with pytest.raises(StreamVersionTaken):
            await unit[0].run(publishing("a"))
        assert await unit[1]() == ["parcel/a"]


class TestHandle:
    async def test_takes_effect_once_for_an_event_and_handler(self, unit: Unit) -> None:
        await unit[0].handle("event-1", "post.parcel", publishing("a"))
        with pytest.raises(AlreadyHandled):
            await unit[0].handle("event-1", "post.parcel", publishing("a", seq=2))
        assert await unit[1]() == ["parcel/a"]

    async def test_counts_handlers_apart(self, unit: Unit) -> None:
        await unit[0].handle("event-1", "post.one", publishing("a"))
        await unit[0].handle("event-1", "post.two", publishing("b"))
        assert await unit[1]() == ["parcel/a", "parcel/b"]

    async def test_a_failed_handling_leaves_no_mark(self, unit: Unit) -> None:
        with pytest.raises(LookupError):
            await unit[0].handle("event-1", "post.parcel", failing)
        await unit[0].handle("event-1", "post.parcel", publishing("a"))
        assert await unit[1]() == ["parcel/a"]
