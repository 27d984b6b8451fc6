"""Neighbours that fail while a letter is registered, and the sweep for what such a registration left."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, BinaryIO

import pytest
from aiohttp import web
from aiohttp.test_utils import RawTestServer as RawServer
from pymongo.errors import AutoReconnect, OperationFailure

from services.chassis.clock import now
from services.chassis.lease import Lease
from services.chassis.storage import StorageUnavailable
from services.chassis.uow import Transaction
from services.intake.commands.sweep_orphans import keep_swept, sweep_orphans
from services.intake.main import build
from services.intake.settings import IntakeSettings
from tests.conftest import Serve
from tests.intake.world import SMALL_PDF, World
from tests.leaving import drop
from tests.signing import TokenSigner
from tests.waiting import until, until_equal

TWO = [("a.pdf", SMALL_PDF), ("b.pdf", SMALL_PDF)]


class TestStorageAway:
    """The object store does not answer."""

    async def test_registration_is_503_and_leaves_nothing(
        self, world: World, intake_settings: IntakeSettings, serve: Serve, signer: TokenSigner
    ) -> None:
        nowhere = intake_settings.model_copy(update={"s3_endpoint": "http://127.0.0.1:9"})
        async with serve(build(nowhere, signer.keys)) as http:
            async with http.get("/readyz") as response:
                assert (response.status, (await response.json())["parts"]["storage"]) == (503, False)
            lame = World(world.service, http, signer)
            lame.operator, lame.agency = world.operator, world.agency
            answer = await lame.register()
        assert (answer.status, answer.code) == (503, "unavailable")
        assert answer.headers["Retry-After"]
        await world.assert_nothing_left()

    async def test_what_is_no_object_store_is_one_that_is_away(
        self, world: World, intake_settings: IntakeSettings, serve: Serve, signer: TokenSigner
    ) -> None:
        """A proxy that answers with a page of its own instead of the store."""

        async def page(_: web.BaseRequest) -> web.Response:
            return web.Response(status=403, text="<h1>Forbidden</h1>", content_type="text/html")

        async with RawServer(page) as proxy:
            behind = intake_settings.model_copy(update={"s3_endpoint": str(proxy.make_url(""))})
            async with serve(build(behind, signer.keys)) as http:
                lame = World(world.service, http, signer)
                lame.operator, lame.agency = world.operator, world.agency
                answer = await lame.register()
        assert (answer.status, answer.code) == (503, "unavailable")
        await world.assert_nothing_left()

    async def test_one_failing_put_takes_the_others_out_again(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        put, calls = world.storage.put, 0

        async def second_fails(key: str, content: BinaryIO, size: int, media_type: str) -> None:
            nonlocal calls
            calls += 1
            if calls == 2:
                raise StorageUnavailable("the object store does not answer")
            await put(key, content, size, media_type)

        monkeypatch.setattr(world.storage, "put", second_fails)
        answer = await world.register(files=TWO)
        assert (answer.status, answer.code) == (503, "unavailable")
        await world.assert_nothing_left()

    async def test_download_is_503(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        body = await world.registered()

        async def away(*_: Any) -> Any:
            nothing: list[bytes] = []
            for piece in nothing:
                yield piece
            raise StorageUnavailable("the object store does not answer")

        monkeypatch.setattr(world.storage, "read", away)
        answer = await world.get(f"/v1/letters/{body['id']}/files/{body['files'][0]['file_id']}")
        assert (answer.status, answer.code) == (503, "unavailable")


class TestTransactionFails:
    """The originals are in the store and the database does not take the letter."""

    async def test_refused_for_good_takes_the_originals_out_again(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        _fail_with(world, monkeypatch, OperationFailure("document too large", 10334))
        answer = await world.register(files=TWO)
        assert (answer.status, answer.code) == (500, "internal")
        await world.assert_nothing_left()

    async def test_unknown_outcome_leaves_the_originals_to_the_sweep(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as patch:
            _fail_with(world, patch, AutoReconnect("connection closed"))
            answer = await world.register(files=TWO)
        assert (answer.status, answer.code) == (503, "unavailable")
        assert len(await world.new_keys()) == 2
        assert await world.rows("letters") == await world.rows("outbox") == []

    async def test_committed_letter_keeps_its_originals_when_the_answer_is_lost(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The commit happened and its confirmation was lost: the client repeats and gets its letter."""
        run = world.context.acts.run

        async def committed_then_cut(*args: Any) -> Any:
            await run(*args)
            raise AutoReconnect("connection closed")

        with monkeypatch.context() as patch:
            patch.setattr(world.context.acts, "run", committed_then_cut)
            assert (await world.register(key="ulang")).status == 503
        repeated = await world.registered(key="ulang")
        assert len(await world.rows("letters")) == len(await world.new_keys()) == 1
        path = f"/v1/letters/{repeated['id']}/files/{repeated['files'][0]['file_id']}"
        assert (await world.download(path)).body == SMALL_PDF

    async def test_tracking_code_given_twice_is_drawn_again(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        codes = iter(["AAAA-AAAA-AAAA", "AAAA-AAAA-AAAA", "BBBB-BBBB-BBBB"])
        monkeypatch.setattr("services.intake.commands.enter_letter.new_tracking_code", lambda: next(codes))
        first, second = await world.registered(), await world.registered()
        assert (first["tracking_code"], second["tracking_code"]) == ("AAAA-AAAA-AAAA", "BBBB-BBBB-BBBB")
        assert second["agenda_number"] == 2


class TestSweep:
    """Orphans: put, never registered."""

    async def test_crash_between_put_and_transaction_is_swept_after_a_day(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        kept = await world.registered()
        registered = await world.new_keys()
        await self._crash(world, monkeypatch)
        orphans = await world.new_keys() - registered
        assert len(orphans) == 2

        assert await sweep_orphans(world.context, now() + timedelta(hours=23)) == 0
        assert await world.new_keys() == registered | orphans
        await _sweep(world, now() + timedelta(hours=25))
        assert await world.new_keys() == registered
        path = f"/v1/letters/{kept['id']}/files/{kept['files'][0]['file_id']}"
        assert (await world.download(path)).body == SMALL_PDF

    async def test_nothing_is_looked_at_twice(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        await world.registered()
        await self._crash(world, monkeypatch)
        assert len(await world.rows("registrations_underway")) == 2
        assert await sweep_orphans(world.context, now() + timedelta(hours=25)) == 2
        assert await world.rows("registrations_underway") == []
        assert await sweep_orphans(world.context, now() + timedelta(hours=26)) == 0

    async def test_more_than_one_batch_is_swept(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("services.intake.commands.sweep_orphans.BATCH", 2)
        kept = [(await world.registered())["id"] for _ in range(3)]
        for _ in range(2):
            await self._crash(world, monkeypatch)
        assert await sweep_orphans(world.context, now() + timedelta(hours=25)) == 4
        assert {key.split("/")[3] for key in await world.new_keys()} == set(kept)

    async def test_registration_is_not_begun_where_it_cannot_be_written_down(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def away(_: str) -> None:
            raise AutoReconnect("connection closed")

        monkeypatch.setattr(world.context.underway, "begin", away)
        answer = await world.register()
        assert (answer.status, answer.code) == (503, "unavailable")
        await world.assert_nothing_left()

    async def test_letters_lost_with_an_older_database_keep_their_originals(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A backup is restored beside the live bucket, and the house works on."""
        await world.registered()
        database = world.service.foundation.database
        names = await database.list_collection_names()
        backup = {name: await world.rows(name) for name in names}
        for _ in range(3):
            await world.registered(files=TWO)
        await self._crash(world, monkeypatch)
        before = await world.new_keys()
        for name in await database.list_collection_names():
            await database[name].delete_many({})
            if backup.get(name):
                await database[name].insert_many(backup[name])

        await world.registered()
        added = await world.new_keys() - before
        assert await sweep_orphans(world.context, now() + timedelta(hours=25)) == 0
        assert await world.new_keys() == before | added

    async def test_another_database_beside_the_bucket_takes_nothing_out_of_it(
        self, world: World, intake_settings: IntakeSettings
    ) -> None:
        await world.registered()
        kept = await world.new_keys()
        copy = build(intake_settings.model_copy(update={"mongo_database": f"{intake_settings.mongo_database}_b"}))
        try:
            assert await sweep_orphans(copy.app.state.context, now() + timedelta(days=400)) == 0
        finally:
            await drop(copy.foundation.database)
            copy.foundation.database.client.close()
        assert await world.new_keys() == kept

    async def test_only_the_holder_of_the_lease_sweeps(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        await self._crash(world, monkeypatch)
        eager = replace(world.context, settings=_eager(world.context.settings))
        database = world.service.foundation.database
        holder, second = Lease(database, "sweeper", seconds=60), Lease(database, "sweeper", seconds=60)
        assert await holder.hold()
        await _for_a_moment(keep_swept(eager, second))
        assert len(await world.new_keys()) == 2
        await holder.release()
        async with _at_work(keep_swept(eager, second)):
            await until_equal(world.new_keys, lambda keys: keys == set())

    async def test_store_that_is_away_only_delays_it(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        await self._crash(world, monkeypatch)
        eager = replace(world.context, settings=_eager(world.context.settings))
        failed = False
        keys = world.storage.keys

        async def away_once(prefix: str) -> Any:
            nonlocal failed
            if not failed:
                failed = True
                raise StorageUnavailable("the object store does not answer")
            async for one in keys(prefix):
                yield one

        monkeypatch.setattr(world.storage, "keys", away_once)
        lease = Lease(world.service.foundation.database, "sweeper", seconds=60)
        async with _at_work(keep_swept(eager, lease)):
            await until(lambda: failed)
            monkeypatch.undo()
            await until_equal(world.new_keys, lambda keys: keys == set())

    async def _crash(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        """Put two originals and die before the transaction, as a killed process does: nothing is tidied up."""

        async def die(*_: Any) -> None:
            raise AutoReconnect("killed here")

        with monkeypatch.context() as patch:
            patch.setattr(world.context.acts, "run", die)
            assert (await world.register(files=TWO)).status == 503


def _eager(settings: IntakeSettings) -> IntakeSettings:
    return settings.model_copy(update={"orphan_age_hours": 1e-9, "sweep_seconds": 0.05})


async def _sweep(world: World, at: datetime) -> None:
    await sweep_orphans(world.context, at)


async def _for_a_moment(duty: Awaitable[None]) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(duty, 1.0)


@contextlib.asynccontextmanager
async def _at_work(duty: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    task = asyncio.create_task(duty)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def _fail_with(world: World, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """Let the unit of work do everything and then fail in the commit's place."""
    uow = world.service.foundation.uow
    run = uow.run

    async def failing(work: Callable[[Transaction], Awaitable[Any]]) -> Any:
        async def to_the_end(transaction: Transaction) -> Any:
            await work(transaction)
            raise error

        return await run(to_the_end)

    monkeypatch.setattr(uow, "run", failing)
