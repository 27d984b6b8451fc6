"""Neighbours that fail while a letter is registered, and the sweep for what such a registration left."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
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
from services.intake.commands.sweep_orphans import _prefixes, keep_swept, sweep_orphans
from services.intake.main import build
from services.intake.settings import IntakeSettings
from tests.conftest import Serve
from tests.intake.world import SMALL_PDF, World
from tests.signing import TokenSigner

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
        monkeypatch.setattr("services.intake.commands.register_letter.new_tracking_code", lambda: next(codes))
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

    async def test_later_sweep_reads_on_from_the_last(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        await _sweep(world, now())
        await self._crash(world, monkeypatch)
        listed: list[str] = []
        keys = world.storage.keys

        def watched(prefix: str) -> Any:
            listed.append(prefix)
            return keys(prefix)

        monkeypatch.setattr(world.storage, "keys", watched)
        await sweep_orphans(world.context, now() + timedelta(hours=25))
        assert f"letters/{now():%Y/%m}/" in listed
        assert "letters/" not in listed
        monkeypatch.undo()
        assert await world.new_keys() == set()

    async def test_only_the_holder_of_the_lease_sweeps(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        await self._crash(world, monkeypatch)
        eager = replace(world.context, settings=_eager(world.context.settings))
        database = world.service.foundation.database
        holder, second = Lease(database, "sweeper", seconds=60), Lease(database, "sweeper", seconds=60)
        assert await holder.hold()
        await _for_a_moment(keep_swept(eager, second))
        assert len(await world.new_keys()) == 2
        await holder.release()
        await _for_a_moment(keep_swept(eager, second))
        assert await world.new_keys() == set()

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
        await _for_a_moment(keep_swept(eager, lease))
        monkeypatch.undo()
        assert failed
        assert await world.new_keys() == set()

    def test_every_month_since_the_last_sweep_is_listed(self) -> None:
        def at(*parts: int) -> datetime:
            return now().replace(year=parts[0], month=parts[1], day=parts[2], hour=3)

        assert _prefixes(None, at(2026, 11, 21)) == ["letters/"]
        assert _prefixes(at(2026, 11, 20), at(2026, 11, 21)) == ["letters/2026/11/"]
        assert _prefixes(at(2026, 12, 1), at(2027, 2, 1)) == [
            "letters/2026/11/",
            "letters/2026/12/",
            "letters/2027/01/",
            "letters/2027/02/",
        ]

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
