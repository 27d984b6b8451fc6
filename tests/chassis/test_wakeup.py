"""What makes the relay quick across processes, and what measures its backlog."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import pytest
from prometheus_client import REGISTRY

from services.chassis import wakeup as subject
from services.chassis.mongo import Database, connect
from services.chassis.outbox import Outbox
from services.chassis.settings import Settings
from services.chassis.uow import MongoUnitOfWork, Transaction
from services.chassis.wakeup import measure_backlog, wake_on_commits
from tests.chassis.proxy import proxied
from tests.chassis.sample import ParcelSent
from tests.waiting import until


@asynccontextmanager
async def running(duty: Coroutine[Any, Any, None]) -> AsyncIterator["asyncio.Task[None]"]:
    task = asyncio.create_task(duty)
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def commit(database: Database, seq: int) -> None:
    async def work(transaction: Transaction) -> None:
        transaction.publish(ParcelSent(parcel_id="a"), seq=seq)

    await MongoUnitOfWork(database).run(work)


async def woken(database: Database, wake: asyncio.Event, first: int) -> None:
    """Commit until it is noticed: when the stream is open is not told."""
    async with asyncio.timeout(60):
        for seq in range(first, first + 100):
            await commit(database, seq)
            for _ in range(10):
                if wake.is_set():
                    return
                await asyncio.sleep(0.02)
    raise AssertionError("no commit was noticed")


class TestWakeOnCommits:
    async def test_notices_what_another_process_committed(self, database: Database) -> None:
        wake = asyncio.Event()
        async with running(wake_on_commits(database, wake)):
            await woken(database, wake, 1)

    async def test_notices_again_after_the_database_was_away(
        self, database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(subject, "REOPEN_SECONDS", 0.1)
        wake = asyncio.Event()
        async with proxied(settings.mongo_url.get_secret_value()) as (proxy, url):
            distant = connect(url, settings.mongo_database)
            async with running(wake_on_commits(distant, wake)) as task:
                await woken(database, wake, 1)
                proxy.reset()
                await asyncio.sleep(0.1)
                wake.clear()
                await woken(database, wake, 200)
                assert not task.done()
            await asyncio.to_thread(distant.client.close)


class TestMeasureBacklog:
    async def test_tells_how_much_waits_and_for_how_long(self, database: Database) -> None:
        await commit(database, 1)
        await commit(database, 2)
        labels = {"service": "measured"}
        async with running(measure_backlog("measured", Outbox(database))):
            await until(lambda: REGISTRY.get_sample_value("lontar_outbox_pending", labels) == 2)
            age = REGISTRY.get_sample_value("lontar_outbox_oldest_seconds", labels)
            assert age is not None
            assert 0 <= age < 60
