"""Neighbours that fail while a file is brought or opened, and the sweep for what was brought in vain."""

import asyncio
import errno
import io
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any, BinaryIO

import pytest
from pymongo.errors import AutoReconnect, OperationFailure

from services.chassis.clock import now
from services.chassis.files.received import Spool
from services.chassis.storage import StorageUnavailable
from services.disposition.commands import sweep_attachments as sweeping
from services.disposition.main import build
from services.disposition.settings import DispositionSettings
from tests.conftest import Serve, SettingsFor
from tests.disposition.attachment_desk import PDF, REPORT, Answered, Desk
from tests.disposition.world import World, to
from tests.leaving import drop
from tests.signing import TokenSigner


class TestAltered:
    async def test_what_is_not_what_was_kept_is_not_handed_out(self, answered: Answered) -> None:
        (key,) = await answered.keys()
        storage = answered.context.files.storage
        await storage.put(key, io.BytesIO(b"%PDF-palsu"), 10, "application/pdf")
        response, body = await answered.open(answered.file["attachment_id"], answered.world.head)
        assert response.status == 500
        assert b'"file_lost"' in body
        await storage.remove(key)
        response, body = await answered.open(answered.file["attachment_id"], answered.world.head)
        assert (response.status, b'"file_lost"' in body, key.encode() in body) == (500, True, False)


class TestStoreAway:
    @pytest.fixture
    async def lame(
        self, world: World, settings_for: SettingsFor, serve: Serve, signer: TokenSigner
    ) -> AsyncIterator[Desk]:
        """The same service with a store that does not answer."""
        settings = settings_for(DispositionSettings, "disposition", s3_endpoint="http://127.0.0.1:9")
        service = build(settings, signer.keys)
        async with serve(service) as http:
            lame = World(service, http, signer)
            await lame.furnish()
            yield Desk(lame, await lame.disposed(lame.head, to(lame.division_head)))
        await drop(service.foundation.database)
        service.foundation.database.client.close()

    async def test_bringing_is_503_and_all_else_goes_on(self, lame: Desk) -> None:
        status, problem = await lame.bring(REPORT)
        assert (status, problem["code"]) == (503, "unavailable")
        assert problem["detail"]
        assert not any(row["ready"] for row in await lame.rows())
        assert (await lame.world.act(lame.world.division_head, lame.given, "reply", {"text": "Siap!"}))[0] == 201
        async with lame.world.http.get("/readyz") as response:
            assert "storage" not in (await response.json())["parts"]

    async def test_opening_is_503(self, answered: Answered, monkeypatch: pytest.MonkeyPatch) -> None:
        async def away(*_: Any) -> Any:
            nothing: list[bytes] = []
            for piece in nothing:
                yield piece
            raise StorageUnavailable("the object store does not answer")

        monkeypatch.setattr(answered.context.files.storage, "read", away)
        response, body = await answered.open(answered.file["attachment_id"], answered.world.head)
        assert (response.status, b'"unavailable"' in body) == (503, True)


class TestDiskFull:
    async def test_no_room_to_take_it_in(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        def full(*_: Any) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(Spool, "write", full)
        status, problem = await desk.bring(REPORT)
        assert (status, problem["code"]) == (507, "disk_full")
        assert "penuh" in problem["detail"]
        await desk.assert_nothing_left()

    async def test_no_room_in_the_store(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        async def half(key: str, content: BinaryIO, size: int, media_type: str) -> None:
            await put(key, content, size // 2, media_type)
            raise StorageUnavailable("the object store refused: XMinioStorageFull")

        put = desk.context.files.storage.put
        monkeypatch.setattr(desk.context.files.storage, "put", half)
        status, problem = await desk.bring(REPORT)
        assert (status, problem["code"]) == (503, "unavailable")
        await desk.assert_nothing_left()


class TestDatabaseFails:
    async def test_refused_for_good_takes_the_file_out_again(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        _fail_with(desk, monkeypatch, OperationFailure("document too large", 10334))
        assert (await desk.bring(REPORT))[0] == 500
        await desk.assert_nothing_left()

    async def test_unknown_outcome_is_left_to_the_sweep(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        with monkeypatch.context() as patch:
            _fail_with(desk, patch, AutoReconnect("connection closed"))
            assert (await desk.bring(REPORT))[0] == 503
        assert len(await desk.stored()) == 1
        _pass(monkeypatch, hours=25)
        assert await sweeping.sweep_attachments(desk.context) == 1
        await desk.assert_nothing_left()

    async def test_nothing_is_put_that_is_not_written_down(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        async def away(*_: Any) -> None:
            raise AutoReconnect("connection closed")

        monkeypatch.setattr(desk.context.attachments, "begin", away)
        assert (await desk.bring(REPORT))[0] == 503
        await desk.assert_nothing_left()


class TestSweep:
    async def test_what_was_added_to_nothing_goes_after_a_day(
        self, answered: Answered, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        loose = (await answered.brought())["attachment_id"]
        kept = answered.file["attachment_id"]
        _pass(monkeypatch, hours=23)
        assert await sweeping.sweep_attachments(answered.context) == 0
        assert await answered.stored() == {kept, loose}
        _pass(monkeypatch, hours=25)
        assert await sweeping.sweep_attachments(answered.context) == 1
        assert await answered.stored() == {kept}
        assert await sweeping.sweep_attachments(answered.context) == 0
        assert (await answered.open(kept, answered.world.head))[1] == PDF

    async def test_what_is_being_swept_cannot_be_added(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        """The sweep breaks off between withdrawing a file and removing it; the next one goes on."""
        loose = (await desk.brought())["attachment_id"]
        _pass(monkeypatch, hours=25)
        with monkeypatch.context() as patch:

            async def away(_: str) -> None:
                raise StorageUnavailable("the object store does not answer")

            patch.setattr(desk.context.files.storage, "remove", away)
            assert await sweeping.sweep_attachments(desk.context) == 0
        status, problem = await desk.answer(loose)
        assert (status, problem["code"]) == (422, "unknown_attachment")
        assert await sweeping.sweep_attachments(desk.context) == 1
        await desk.assert_nothing_left()

    async def test_what_is_added_while_it_is_swept_stays(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        loose = (await desk.brought())["attachment_id"]
        found = desk.context.attachments.loose_before

        async def added_meanwhile(*args: Any) -> Any:
            waiting = await found(*args)
            assert (await desk.answer(loose))[0] == 201
            return waiting

        monkeypatch.setattr(desk.context.attachments, "loose_before", added_meanwhile)
        _pass(monkeypatch, hours=25)
        assert await sweeping.sweep_attachments(desk.context) == 0
        assert (await desk.open(loose, desk.world.head))[1] == PDF

    async def test_a_file_is_added_or_swept_and_never_both(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        _pass(monkeypatch, hours=25)
        for _ in range(12):
            loose = (await desk.brought())["attachment_id"]
            (status, _), removed = await asyncio.gather(desk.answer(loose), sweeping.sweep_attachments(desk.context))
            assert (status, removed) in ((201, 0), (422, 1))
            assert (await desk.open(loose, desk.world.head))[0].status == (200 if status == 201 else 404)


def _pass(monkeypatch: pytest.MonkeyPatch, *, hours: float) -> None:
    monkeypatch.setattr(sweeping, "now", lambda: now() + timedelta(hours=hours))


def _fail_with(desk: Desk, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    async def failing(*_: Any) -> Any:
        raise error

    monkeypatch.setattr(desk.context.idempotent, "run", failing)
