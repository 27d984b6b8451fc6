"""The queue of scans to be copied: each is made once, whatever is cut off where, and what fails is given up in time."""

import asyncio
import hashlib
import io
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from prometheus_client import REGISTRY
from pymongo.errors import AutoReconnect

from services.chassis.apart import ApartFailed
from services.chassis.clock import now
from services.chassis.ids import new_id
from services.chassis.storage import StorageUnavailable
from services.contracts.intake import StoredFile
from services.intake.commands import read_texts
from services.intake.commands.copies import keep_copied, make_copies, run_program
from services.intake.commands.copies.keep_copied import queue_letters, sweep_copies
from services.intake.commands.copies.keep_objects import folder_of
from services.intake.commands.copies.read_words import words_of
from services.intake.commands.copies.run_program import Made
from services.intake.commands.copies.show_queue import show_queue
from services.intake.domain.copies.copies import CopiesOf
from services.intake.domain.loose_scan import LooseScan
from tests.intake import scans
from tests.intake.copies.conftest import TEXT_READ
from tests.intake.copies.made import copies_of, copy_all, letter, scanned_pdf
from tests.intake.copies.test_copies import DERIVED, PARKED, PROCESSED, told
from tests.intake.world import World

Making = Callable[..., Awaitable[Made]]


def failing(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """A program that ends so."""

    async def fails(*_: Any) -> Made:
        raise error

    monkeypatch.setattr(make_copies, "run_program", fails)


async def make_due(world: World) -> None:
    """Whatever waits need not wait longer."""
    rows = world.service.foundation.database["copies"]
    await rows.update_many({"due_at": {"$exists": True}}, {"$set": {"due_at": now()}})


async def loose(world: World, content: bytes) -> LooseScan:
    """A scan without a letter, wanted copied."""
    file_id = new_id()
    key = f"letters/scans/{file_id}"
    await world.storage.put(key, io.BytesIO(content), len(content), "application/pdf")
    file = StoredFile(
        file_id=file_id,
        name="pindai.pdf",
        object_key=key,
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        media_type="application/pdf",
        pages=1,
    )
    scan = LooseScan(
        file=file,
        origin="upload",
        person_id=world.operator.person_id,
        unit_id=world.village.unit_id,
        position_id=world.village.position_id,
        created_at=now(),
    )
    await world.context.scans.add(scan)
    await world.context.copies.want(file, scan.unit_id, None)
    return scan


class TestUsage:
    async def test_K15_copies_are_counted_once_when_a_letter_has_them(self, world: World, quick: list[str]) -> None:
        await world.registered()
        await copy_all(world)
        await copy_all(world)
        [row] = await world.context.usage.months([world.village.unit_id])
        [copies] = [await world.context.copies.of(one) for one in quick]
        assert copies is not None
        assert row.usage.copied_bytes == copies.size > len(TEXT_READ)


class TestOnce:
    """Cut off anywhere, done by several: made and told once."""

    async def test_two_workers_take_different_scans(self, world: World, quick: list[str]) -> None:
        for _ in range(4):
            await world.registered()
        await queue_letters(world.context)
        while any(await asyncio.gather(*(sweep_copies(world.context) for _ in range(3)))):
            pass
        assert len(quick) == len(set(quick)) == 4
        assert len(await told(world, DERIVED)) == len(await told(world, PROCESSED)) == 4

    async def test_cut_off_before_it_is_settled_is_made_again(
        self, world: World, quick: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        body = await world.registered()
        await queue_letters(world.context)
        with monkeypatch.context() as patch:

            async def cut(*_: Any) -> None:
                raise AutoReconnect("connection closed")

            patch.setattr(world.context.uow, "run", cut)
            with pytest.raises(AutoReconnect):
                await sweep_copies(world.context)
        assert await told(world, DERIVED) == []
        await make_due(world)
        await copy_all(world)
        copies = await copies_of(world, body["files"][0]["file_id"])
        assert (copies.state, copies.attempts) == ("done", 2)
        assert len(quick) == 2
        assert len(await told(world, DERIVED)) == 1
        kept = {key async for key in keys(world, folder_of(copies.file_id))}
        assert kept == {one.key for one in objects(copies)}

    async def test_worker_that_lost_its_lease_changes_nothing(self, world: World, quick: list[str]) -> None:
        body = await world.registered()
        await queue_letters(world.context)
        file_id = body["files"][0]["file_id"]
        ((copies, due_at),) = await world.context.copies.due(now(), 10)
        assert await world.context.copies.begin(copies, due_at, now())
        late = copies.model_copy(update={"attempts": 1})
        await copy_all(world)
        await make_copies._attempt(world.context, late)
        assert len(await told(world, DERIVED)) == 1
        settled = await copies_of(world, file_id)
        assert settled.attempts == 2
        assert {key async for key in keys(world, folder_of(file_id))} == {one.key for one in objects(settled)}
        assert len(quick) == 2

    async def test_lease_is_held_while_at_work(
        self, world: World, quick: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(make_copies, "LEASE_SECONDS", 1.5)
        body = await world.registered()
        await queue_letters(world.context)
        made: Making = vars(make_copies)["run_program"]

        async def slow(*given: Any) -> Made:
            await asyncio.sleep(2.5)
            assert await sweep_copies(world.context) == 0
            return await made(*given)

        monkeypatch.setattr(make_copies, "run_program", slow)
        assert await sweep_copies(world.context) == 1
        assert len(quick) == 1
        assert (await copies_of(world, body["files"][0]["file_id"])).attempts == 1


class TestFailing:
    """What cannot be copied is tried so often, then given up with the reason."""

    async def test_is_parked_after_its_attempts_and_told(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        failing(monkeypatch, ApartFailed("it ended with signal 9"))
        body = await world.registered()
        file_id = body["files"][0]["file_id"]
        for attempt, pause in ((1, 120), (2, 240)):
            await copy_all(world)
            copies = await copies_of(world, file_id)
            assert (copies.state, copies.attempts) == ("due", attempt)
            row = (await world.rows("copies"))[0]
            assert timedelta(seconds=pause - 10) < row["due_at"] - now() <= timedelta(seconds=pause)
            await make_due(world)
        await copy_all(world)
        copies = await copies_of(world, file_id)
        assert (copies.state, copies.attempts, copies.reason) == ("parked", 3, "it ended with signal 9")
        (event,) = await told(world, PARKED)
        assert (event.data["reason"], event.data["attempts"], event.data["name"]) == (copies.reason, 3, "surat.pdf")
        await make_due(world)
        assert await sweep_copies(world.context) == 0

    async def test_parked_one_is_tried_anew_when_an_operator_asks(
        self, world: World, monkeypatch: pytest.MonkeyPatch, quick: list[str]
    ) -> None:
        body = await world.registered()
        file_id = body["files"][0]["file_id"]
        with monkeypatch.context() as patch:
            failing(patch, ApartFailed("it ended with signal 9"))
            for _ in range(3):
                await copy_all(world)
                await make_due(world)
        assert [one.file_id for one in await world.context.copies.parked(10)] == [file_id]
        assert await world.context.copies.retry(file_id)
        assert not await world.context.copies.retry(file_id)
        await copy_all(world)
        assert (await copies_of(world, file_id)).state == "done"
        assert await world.context.copies.parked(10) == []
        assert [(event.type, event.streamversion) for event in await told_in_order(world)] == [
            (PARKED, 1),
            (DERIVED, 2),
        ]
        assert quick

    async def test_one_that_takes_the_worker_with_it_is_parked_unread(self, world: World, quick: list[str]) -> None:
        body = await world.registered()
        await queue_letters(world.context)
        for _ in range(3):
            ((copies, due_at),) = await world.context.copies.due(now(), 10)
            assert await world.context.copies.begin(copies, due_at, now())
        await copy_all(world)
        copies = await copies_of(world, body["files"][0]["file_id"])
        assert copies.state == "parked"
        assert copies.reason == make_copies.LOST
        assert quick == []

    async def test_original_that_was_altered_is_parked_and_not_shown(
        self, world: World, quick: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await world.registered()

        async def altered(*_: Any) -> AsyncIterator[bytes]:
            yield b"%PDF-1.7 something else"

        monkeypatch.setattr(world.storage, "read", altered)
        for _ in range(3):
            await copy_all(world)
            await make_due(world)
        (event,) = await told(world, PARKED)
        assert event.data["reason"] == "the original is not what was registered"
        assert quick == []

    async def test_store_that_is_away_uses_up_no_attempt(
        self, world: World, quick: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        body = await world.registered()
        with monkeypatch.context() as patch:

            async def away(*_: Any) -> None:
                raise StorageUnavailable("the object store does not answer")

            patch.setattr(world.storage, "put", away)
            with pytest.raises(StorageUnavailable):
                await copy_all(world)
        assert (await copies_of(world, body["files"][0]["file_id"])).attempts == 0
        await make_due(world)
        await copy_all(world)
        assert (await copies_of(world, body["files"][0]["file_id"])).attempts == 1
        assert len(quick) == 2

    async def test_busy_machine_uses_up_no_attempt(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        failing(monkeypatch, ApartFailed("it took longer than 9 s", starved=True))
        body = await world.registered()
        await copy_all(world)
        copies = await copies_of(world, body["files"][0]["file_id"])
        assert (copies.state, copies.attempts) == ("due", 0)

    async def test_one_that_waits_for_ever_is_parked_all_the_same(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """What neither ends nor works looks like a machine without time."""
        monkeypatch.setattr(make_copies, "MOST_STARVED", 2)
        failing(monkeypatch, ApartFailed("it took longer than 9 s", starved=True))
        body = await world.registered()
        for _ in range(2 + 3):
            await copy_all(world)
            await make_due(world)
        copies = await copies_of(world, body["files"][0]["file_id"])
        assert (copies.state, copies.attempts, copies.starved) == ("parked", 3, 2)
        assert await world.context.copies.retry(copies.file_id)
        assert (await copies_of(world, copies.file_id)).starved == 0

    async def test_machine_without_tesseract_leaves_scans_waiting(
        self, world: World, quick: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(keep_copied, "_told_missing", {})
        monkeypatch.setattr(keep_copied, "missing_tools", lambda _: "Tesseract is not installed")
        body = await world.registered()
        assert await sweep_copies(world.context) == 1
        assert await sweep_copies(world.context) == 0
        assert (await copies_of(world, body["files"][0]["file_id"])).attempts == 0
        assert quick == []


class TestBeforeTheLetter:
    """Scans that are uploaded first are copied first; their letter's readers are told when there is one."""

    async def test_told_when_a_letter_takes_it(self, world: World, quick: list[str]) -> None:
        scan = await loose(world, scans.pdf(1, pixels=(120, 160)))
        await copy_all(world)
        assert (await copies_of(world, scan.scan_id)).state == "done"
        assert await told(world, DERIVED) == []
        assert await words_of(world.context, scan.scan_id)
        body = await register_with(world, scan)
        await copy_all(world)
        (event,) = await told(world, DERIVED)
        assert (event.data["letter_id"], event.data["file_id"]) == (body["id"], scan.scan_id)
        assert event.data["warnings"] == [{"page": 1, "fault": "dark"}]
        (text,) = await told(world, PROCESSED)
        assert (text.data["text"], text.data["source"]) == (TEXT_READ, "recognised")
        assert await world.context.copies.due(now() + timedelta(days=1), 10) == []
        assert len(quick) == 1

    async def test_goes_before_letters_that_came_sooner_for_somebody_waits_at_it(
        self, world: World, quick: list[str]
    ) -> None:
        body = await world.registered()
        await queue_letters(world.context)
        scan = await loose(world, scans.pdf(1, pixels=(120, 160)))
        await copy_all(world)
        assert quick == [scan.scan_id, body["files"][0]["file_id"]]

    async def test_letter_that_takes_it_while_it_is_made(
        self, world: World, quick: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        scan = await loose(world, scans.pdf(1, pixels=(120, 160)))
        made: Making = vars(make_copies)["run_program"]

        async def meanwhile(*given: Any) -> Made:
            await register_with(world, scan)
            await queue_letters(world.context)
            return await made(*given)

        monkeypatch.setattr(make_copies, "run_program", meanwhile)
        await copy_all(world)
        assert len(await told(world, DERIVED)) == 1
        assert len(quick) == 1

    async def test_dropped_with_its_scan(self, world: World, quick: list[str]) -> None:
        scan = await loose(world, scans.pdf(1, pixels=(120, 160)))
        await copy_all(world)
        assert [key async for key in keys(world, folder_of(scan.scan_id))]
        await world.context.copies.drop(scan.scan_id)
        await copy_all(world)
        assert await world.context.copies.of(scan.scan_id) is None
        assert [key async for key in keys(world, folder_of(scan.scan_id))] == []
        assert quick

    async def test_a_letters_scan_is_not_dropped(self, world: World, quick: list[str]) -> None:
        body = await world.registered()
        await copy_all(world)
        await world.context.copies.drop(body["files"][0]["file_id"])
        assert (await copies_of(world, body["files"][0]["file_id"])).state == "done"
        assert quick


class TestPressed:
    """While the machine has no time to spare."""

    @pytest.fixture
    def pressed(self, world: World, monkeypatch: pytest.MonkeyPatch) -> list[float]:
        """How pressed the machine is; letters' copies wait for ten minutes."""
        pressure = [0.9]

        async def told_pressure() -> float:
            return pressure[0]

        monkeypatch.setattr(keep_copied, "processor_pressure", told_pressure)
        settings = world.context.settings.model_copy(update={"copies_patience_seconds": 600})
        object.__setattr__(world.context, "settings", settings)
        return pressure

    async def test_a_letters_scan_waits_until_there_is_time(
        self, world: World, quick: list[str], pressed: list[float]
    ) -> None:
        await world.registered()
        await queue_letters(world.context)
        assert await sweep_copies(world.context) == 0
        assert quick == []
        pressed[0] = 0.0
        assert await sweep_copies(world.context) == 1
        assert len(quick) == 1

    async def test_but_not_for_ever(self, world: World, quick: list[str], pressed: list[float]) -> None:
        await world.registered()
        await queue_letters(world.context)
        long_ago = now() - timedelta(seconds=601)
        await world.service.foundation.database["copies"].update_many({}, {"$set": {"wanted_at": long_ago}})
        assert await sweep_copies(world.context) == 1
        assert pressed[0] > keep_copied.PRESSED
        assert len(quick) == 1

    async def test_a_scan_that_somebody_sits_before_does_not_wait(
        self, world: World, quick: list[str], pressed: list[float]
    ) -> None:
        await world.registered()
        await queue_letters(world.context)
        scan = await loose(world, scans.pdf())
        assert await sweep_copies(world.context) == 1
        assert await sweep_copies(world.context) == 0
        assert pressed[0] > keep_copied.PRESSED
        assert quick == [scan.file.file_id]

    async def test_letters_from_before_wait_behind_those_that_wait(
        self, world: World, quick: list[str], pressed: list[float], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked: list[int] = []

        async def older(_: Any) -> int:
            asked.append(1)
            return 0

        monkeypatch.setattr(keep_copied, "queue_older", older)
        await world.registered()
        await queue_letters(world.context)
        assert await sweep_copies(world.context) == 0
        assert asked == []
        pressed[0] = 0.0
        await copy_all(world)
        assert asked
        assert len(quick) == 1


class TestText:
    """What a scan says is told once by whoever read most of it."""

    async def test_recognised_before_its_own_text_was_looked_for(self, world: World, quick: list[str]) -> None:
        body = await world.registered(files=[("surat.pdf", scans.text_pdf("Hanya cap"))])
        await copy_all(world)
        (text,) = await told(world, PROCESSED)
        assert (text.streamversion, text.data["source"]) == (1, "recognised")
        assert await world.context.texts.due(now(), 10) == []
        row = (await world.rows("letters"))[0]
        assert row["texts"] == {body["files"][0]["file_id"]: "recognised"}
        assert "text_due" not in row
        assert quick

    async def test_recognised_after_its_own_text_was_told_follows_it(self, world: World, quick: list[str]) -> None:
        await world.registered(files=[("surat.pdf", scans.text_pdf("Hanya cap"))])
        (scan,) = await world.context.texts.due(now(), 10)
        assert await read_texts.read_text(world.context, scan)
        await copy_all(world)
        first, second = await told(world, PROCESSED)
        assert [(one.streamversion, one.data["source"]) for one in (first, second)] == [
            (1, "embedded"),
            (2, "recognised"),
        ]
        assert quick


class TestHostile:
    """A page that breaks its reader is one page without a copy."""

    async def test_a_page_that_fails_does_not_fail_the_others(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with pikepdf.open(io.BytesIO(scanned_pdf(letter(), letter(lines=("HALAMAN DUA",))))) as document:
            stream = document.pages[0].obj.Contents
            stream.write(b"q Q " * 40_000_000)
            target = io.BytesIO()
            document.save(target)
        body = await world.registered(files=[("pindai.pdf", target.getvalue())])
        settings = world.context.settings.model_copy(update={"copies_page_seconds": 2})
        monkeypatch.setattr(world, "context", replace(world.context, settings=settings))
        await copy_all(world)
        copies = await copies_of(world, body["files"][0]["file_id"])
        assert copies.state == "done"
        assert copies.failed_pages == (1,)
        assert [page.large is not None for page in copies.pages] == [False, True]
        (text,) = await told(world, PROCESSED)
        assert text.data["text"] == "HALAMAN DUA"

    async def test_leftovers_of_a_killed_worker_are_cleared(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(run_program, "gettempdir", lambda: str(tmp_path))
        for owner in ("999999999", str(os.getpid())):
            (tmp_path / f"{run_program.PREFIX}{owner}-x").mkdir()
        run_program.clear_leftovers()
        assert [one.name for one in tmp_path.iterdir()] == [f"{run_program.PREFIX}{os.getpid()}-x"]


async def register_with(world: World, scan: LooseScan) -> dict[str, Any]:
    """A letter of a scan that was there before it."""
    said = {"letter": world.letter(), "scans": [scan.scan_id]}
    async with world.http.post("/v1/letters", json=said, headers=world.headers()) as response:
        body: dict[str, Any] = await response.json()
        assert response.status == 201, body
    return body


async def keys(world: World, prefix: str) -> AsyncIterator[str]:
    """What lies there."""
    async for one in world.storage.keys(prefix):
        yield one.key


def objects(copies: CopiesOf) -> list[Any]:
    """All copies of a scan."""
    pages = [one for page in copies.pages for one in (page.small, page.large) if one]
    return [*pages, *(one for one in (copies.normalised, copies.text, copies.words) if one)]


async def told_in_order(world: World) -> list[Any]:
    """What was told of copies."""
    return [*(await told(world, PARKED)), *(await told(world, DERIVED))]


class TestShown:
    async def test_K12_the_queue_and_what_was_given_up_are_shown(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def shown(name: str) -> float:
            return REGISTRY.get_sample_value(f"lontar_scans_{name}") or 0

        await show_queue(world.context)
        assert (shown("waiting"), shown("waiting_seconds"), shown("parked")) == (0, 0, 0)
        for _ in range(2):
            await world.registered()
        await queue_letters(world.context)
        rows = world.service.foundation.database["copies"]
        await rows.update_many({}, {"$set": {"wanted_at": now() - timedelta(hours=2)}})
        await show_queue(world.context)
        assert shown("waiting") == 2
        assert 7200 <= shown("waiting_seconds") < 7260
        failing(monkeypatch, ApartFailed("it looped"))
        for _ in range(3):
            await copy_all(world)
            await make_due(world)
        await copy_all(world)
        await show_queue(world.context)
        assert (shown("waiting"), shown("waiting_seconds"), shown("parked")) == (0, 0, 2)
