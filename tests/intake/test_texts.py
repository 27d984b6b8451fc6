"""The text that scans carry: read once each, apart from the service, and told."""

import asyncio
import logging
import sys
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pikepdf
import pytest
from pymongo.errors import AutoReconnect

from services.chassis import apart, apart_start
from services.chassis.bus.envelope import Envelope
from services.chassis.clock import now
from services.chassis.lease import Lease
from services.chassis.storage import ObjectMissing, StorageUnavailable
from services.chassis.uow import Transaction
from services.intake.commands import extract_text, read_texts
from services.intake.domain.scans import text_layer
from tests.events import published
from tests.intake import scans
from tests.intake.world import SMALL_PDF, World

SENTENCE = "Permohonan peminjaman alat berat"
TYPED = scans.text_pdf(f"Nomor 005/117\n{SENTENCE}", "Lampiran: foto longsor")
TEXT = f"Nomor 005/117\n{SENTENCE}\nLampiran: foto longsor"
SCAN_PROCESSED = "id.lontar.intake.scan.processed.v1"


async def told(world: World) -> list[Envelope]:
    """The texts that were told."""
    return [event for event in await published(world.service) if event.type == SCAN_PROCESSED]


async def read(world: World) -> int:
    """One sweep."""
    lease = _lease(world)
    try:
        return await read_texts.read_texts(world.context, lease)
    finally:
        await lease.release()


async def read_to_the_end(world: World) -> None:
    """Sweep until nothing is due, without waiting for what is to be tried again."""
    while await read(world):
        await world.service.foundation.database["letters"].update_many(
            {"text_due": {"$exists": True}}, {"$set": {"text_due": now()}}
        )


async def marks(world: World, letter_id: str) -> dict[str, Any]:
    """What is kept beside the letter."""
    row = await world.service.foundation.database["letters"].find_one({"_id": letter_id})
    assert row is not None
    return {name: row[name] for name in ("unread", "text_due", "texts") if name in row}


def limited(world: World, monkeypatch: pytest.MonkeyPatch, **limits: Any) -> None:
    """Let this service have other limits."""
    changed = replace(world.context, settings=world.context.settings.model_copy(update=limits))
    monkeypatch.setattr(world, "context", changed)


def _lease(world: World) -> Lease:
    return Lease(world.service.foundation.database, "text_reader", seconds=60)


class TestText:
    """What is told."""

    async def test_text_of_a_pdf_is_told_on_its_own_stream(self, world: World) -> None:
        body = await world.registered(files=[("surat.pdf", TYPED)])
        assert await read(world) == 1
        (event,) = await told(world)
        (file,) = body["files"]
        assert (event.subject, event.streamversion) == (f"scan/{file['file_id']}", 1)
        assert event.data == {
            "letter_id": body["id"],
            "file_id": file["file_id"],
            "sha256": file["sha256"],
            "text": TEXT,
            "truncated": False,
            "source": "embedded",
            "at": event.data["at"],
        }
        assert await marks(world, body["id"]) == {"texts": {file["file_id"]: "embedded"}}

    async def test_each_file_that_carries_text_is_told_once(self, world: World) -> None:
        files = [
            ("a.pdf", TYPED),
            ("foto.png", scans.png()),
            ("pindai.pdf", SMALL_PDF),
            ("b.pdf", scans.text_pdf("Dua")),
        ]
        body = await world.registered(files=files)
        assert await read(world) == 2
        assert await read(world) == 0
        assert sorted(event.data["text"] for event in await told(world)) == ["Dua", TEXT]
        ids = [file["file_id"] for file in body["files"]]
        assert await marks(world, body["id"]) == {"texts": {ids[0]: "embedded", ids[3]: "embedded"}}

    @pytest.mark.parametrize("content", [scans.png(), scans.tiff(), SMALL_PDF], ids=["png", "tiff", "pdf of images"])
    async def test_images_wait_for_recognition_and_for_nothing_here(self, world: World, content: bytes) -> None:
        body = await world.registered(files=[("pindai", content)])
        assert await marks(world, body["id"]) == {}
        assert await read(world) == 0

    async def test_pdf_whose_objects_are_packed_together_is_looked_into(self, world: World) -> None:
        packed = {"object_stream_mode": pikepdf.ObjectStreamMode.generate}
        files = [("surat.pdf", scans.text_pdf(SENTENCE, **packed)), ("pindai.pdf", scans.pdf(**packed))]
        body = await world.registered(files=files)
        assert await read(world) == 2
        assert [event.data["text"] for event in await told(world)] == [SENTENCE]
        typed, scanned = (file["file_id"] for file in body["files"])
        assert await marks(world, body["id"]) == {"texts": {typed: "embedded", scanned: "none"}}

    async def test_long_text_is_cut(self, world: World) -> None:
        page = "\n".join(["Bupati Klungkung menimbang bahwa"] * 40)
        await world.registered(files=[("perda.pdf", scans.text_pdf(*[page] * 30))])
        await read(world)
        (event,) = await told(world)
        assert (len(event.data["text"]), event.data["truncated"]) == (20_000, True)
        assert event.data["text"].startswith(f"{page}\nBupati")

    async def test_confidential_text_is_told_and_no_log_holds_it(
        self, world: World, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        caplog.set_level(logging.INFO)
        caplog.set_level(logging.DEBUG, "services")
        letter = world.letter(confidentiality="top_secret")
        await world.registered(letter=letter, files=[("rahasia.pdf", TYPED)])
        with monkeypatch.context() as patch:
            _fail_to_commit(world, patch, AutoReconnect("connection closed"))
            with pytest.raises(AutoReconnect):
                await read(world)
        await _make_due(world)
        await read(world)
        assert [event.data["text"] for event in await told(world)] == [TEXT]
        assert SENTENCE not in caplog.text

    async def test_client_sees_nothing_of_the_reading(self, world: World) -> None:
        body = await world.registered(files=[("surat.pdf", TYPED)])
        before = (await world.get(f"/v1/letters/{body['id']}")).body
        await read(world)
        assert (await world.get(f"/v1/letters/{body['id']}")).body == before
        assert not {"unread", "text_due", "texts"} & set(before)

    async def test_letter_that_was_not_registered_leaves_nothing_to_read(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as patch:
            _fail_to_commit(world, patch, AutoReconnect("connection closed"))
            assert (await world.register(files=[("surat.pdf", TYPED)])).status == 503
        assert await read(world) == 0


class TestOnce:
    """Cut off anywhere, done by several: told once."""

    async def test_cut_off_before_it_was_told_is_read_again(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        body = await world.registered(files=[("surat.pdf", TYPED)])
        with monkeypatch.context() as patch:
            _fail_to_commit(world, patch, AutoReconnect("connection closed"))
            with pytest.raises(AutoReconnect):
                await read(world)
        assert await told(world) == []
        kept = await marks(world, body["id"])
        assert kept["unread"] == {body["files"][0]["file_id"]: 1}
        assert timedelta(seconds=50) < kept["text_due"] - now() <= timedelta(seconds=60)
        assert await read(world) == 0
        await _make_due(world)
        assert await read(world) == 1
        assert len(await told(world)) == 1

    async def test_told_without_hearing_so_is_not_told_again(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await world.registered(files=[("surat.pdf", TYPED)])
        run = world.context.uow.run

        async def committed_then_cut(work: Any) -> Any:
            await run(work)
            raise AutoReconnect("connection closed")

        with monkeypatch.context() as patch:
            patch.setattr(world.context.uow, "run", committed_then_cut)
            with pytest.raises(AutoReconnect):
                await read(world)
        await read_to_the_end(world)
        assert len(await told(world)) == 1

    async def test_two_processes_that_both_think_it_theirs_tell_it_once(self, world: World) -> None:
        await world.registered(files=[("surat.pdf", TYPED)] * 3)
        due = await world.context.texts.due(now(), 10)
        begun = await asyncio.gather(*(read_texts.read_text(world.context, scan) for scan in [*due, *due]))
        assert sorted(begun) == [False] * 3 + [True] * 3
        assert len(await told(world)) == 3

    async def test_one_that_was_paused_past_its_lease_tells_nothing(self, world: World) -> None:
        await world.registered(files=[("surat.pdf", TYPED)])
        (scan,) = await world.context.texts.due(now(), 10)
        late = await world.context.texts.begin(scan, now())
        assert late
        assert await read(world) == 1
        await read_texts._settle(world.context, late, "embedded", extract_text.Text("terlambat", truncated=False))
        assert [event.data["text"] for event in await told(world)] == [TEXT]

    async def test_only_the_holder_of_the_lease_reads(self, world: World) -> None:
        await world.registered(files=[("surat.pdf", TYPED)])
        holder = _lease(world)
        assert await holder.hold()
        assert await read(world) == 0
        await holder.release()
        assert await read(world) == 1

    async def test_stopping_leaves_no_reader_behind(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        started: list[asyncio.subprocess.Process] = []
        answer = apart._answer

        async def noted(process: asyncio.subprocess.Process, most: int) -> bytes:
            started.append(process)
            return await answer(process, most)

        monkeypatch.setattr(apart, "_answer", noted)
        body = await world.registered(files=[("lambat.pdf", scans.slow_pdf())])
        reading = asyncio.create_task(read(world))
        while not started:
            await asyncio.sleep(0.01)
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        assert started[0].returncode is not None
        assert (await marks(world, body["id"]))["unread"] == {body["files"][0]["file_id"]: 1}

    async def test_the_service_reads_by_itself(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        await world.registered(files=[("surat.pdf", TYPED)])
        duties = [asyncio.create_task(duty()) for duty in world.service.duties]
        async with asyncio.timeout(60):
            while not await told(world):
                await asyncio.sleep(0.05)
        for duty in duties:
            duty.cancel()
        await asyncio.gather(*duties, return_exceptions=True)


class TestHostile:
    """What comes from outside ends its own reading and nothing else."""

    @pytest.mark.parametrize(
        ("made", "limits"), [(scans.greedy_pdf, {}), (scans.slow_pdf, {"text_seconds": 2})], ids=["memory", "time"]
    )
    async def test_is_given_up_after_its_attempts_while_others_are_read(
        self,
        world: World,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
        made: Callable[[], bytes],
        limits: dict[str, Any],
    ) -> None:
        limited(world, monkeypatch, text_attempts=2, **limits)
        first = await world.registered(files=[("jahat.pdf", made()), ("baik.pdf", scans.text_pdf("Beserta"))])
        second = await world.registered(files=[("surat.pdf", TYPED)])
        assert await read(world) == 3
        assert sorted(event.data["text"] for event in await told(world)) == ["Beserta", TEXT]
        bad, good = (file["file_id"] for file in first["files"])
        assert (await marks(world, first["id"]))["unread"] == {bad: 1}
        await _make_due(world)
        assert await read(world) == 1
        assert await marks(world, first["id"]) == {"texts": {bad: "unreadable", good: "embedded"}}
        assert "unread" not in await marks(world, second["id"])
        assert bad in caplog.text
        assert len(await told(world)) == 2

    async def test_one_that_takes_the_process_with_it_is_given_up_unread(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Every attempt was counted and none came back."""
        body = await world.registered(files=[("surat.pdf", TYPED)])
        (file,) = body["files"]
        for attempt in range(4):
            (scan,) = await world.context.texts.due(now() + timedelta(days=1), 10)
            assert scan.attempts == attempt
            assert await world.context.texts.begin(scan, now())

        async def never(*_: Any) -> Any:
            raise AssertionError("it was read a fifth time")

        monkeypatch.setattr(read_texts, "extract_text", never)
        assert await read(world) == 1
        assert await marks(world, body["id"]) == {"texts": {file["file_id"]: "unreadable"}}

    async def test_each_attempt_waits_twice_as_long(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        body = await world.registered(files=[("jahat.pdf", scans.greedy_pdf())])
        for minutes in (1, 2, 4):
            await read(world)
            due = (await marks(world, body["id"]))["text_due"] - now()
            assert timedelta(minutes=minutes - 0.2) < due <= timedelta(minutes=minutes)
            await _make_due(world)
        await read(world)
        assert "unread" not in await marks(world, body["id"])

    @pytest.mark.parametrize(
        ("program", "reason"),
        [
            ("import time; time.sleep(60)", "longer than"),
            ("while True: print('x' * 1000)", "more than it was asked for"),
            ("import sys; sys.exit(3)", "status 3"),
            ("import os; os.kill(os.getpid(), 11)", "signal 11"),
        ],
    )
    async def test_reader_that_misbehaves(
        self, tmp_path: Any, monkeypatch: pytest.MonkeyPatch, program: str, reason: str
    ) -> None:
        path = tmp_path / "reader.py"
        path.write_text(program)
        monkeypatch.setattr(extract_text, "PROGRAM", path)
        seconds = 0.2 if reason == "longer than" else 10
        with (tmp_path / "x").open("w+b") as file, pytest.raises(extract_text.Unreadable, match=reason):
            await extract_text.extract_text(file, extract_text.Limits(100, seconds, 256 << 20))

    async def test_answer_that_is_no_text_is_made_one(self, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        path = tmp_path / "reader.py"
        path.write_text(r"import sys; sys.stdout.buffer.write(b'a\xff\xed\xa0\x80b')")
        monkeypatch.setattr(extract_text, "PROGRAM", path)
        with (tmp_path / "x").open("w+b") as file:
            text = await extract_text.extract_text(file, extract_text.Limits(100, 5, 256 << 20))
        assert text.content.encode().decode() == text.content
        assert (text.content[0], text.content[-1], text.truncated) == ("a", "b", False)

    async def test_reader_is_told_nothing_of_the_service(self, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("LONTAR_S3_SECRET_KEY", "hush")
        path = tmp_path / "reader.py"
        path.write_text(
            "import os, sys; from contextlib import suppress; held = []\n"
            "for one in range(64):\n    with suppress(OSError): held.append(os.fstat(one))\n"
            "print(sorted(os.environ), len(held), sys.path)"
        )
        monkeypatch.setattr(extract_text, "PROGRAM", path)
        with (tmp_path / "x").open("w+b") as file:
            text = await extract_text.extract_text(file, extract_text.Limits(5000, 5, 256 << 20))
        environment, rest = text.content.split("]", 1)
        assert set(environment.strip("['").split("', '")) <= {"", "LC_CTYPE"}
        assert int(rest.split()[0]) <= 4
        assert str(tmp_path) not in rest


class TestNeighbours:
    """A store or a database that is away is nobody's failed attempt."""

    async def test_store_that_is_away_uses_up_no_attempt(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        body = await world.registered(files=[("surat.pdf", TYPED)])
        with monkeypatch.context() as patch:
            _store_raises(world, patch, StorageUnavailable("the object store does not answer"))
            assert await read(world) == 0
        kept = await marks(world, body["id"])
        assert list(kept["unread"].values()) == [0]
        assert kept["text_due"] > now()
        await _make_due(world)
        assert await read(world) == 1
        assert len(await told(world)) == 1

    async def test_original_that_is_lost_is_given_up(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        body = await world.registered(files=[("surat.pdf", TYPED)])
        _store_raises(world, monkeypatch, ObjectMissing("letters/x"))
        await read_to_the_end(world)
        assert list((await marks(world, body["id"]))["texts"].values()) == ["unreadable"]

    @pytest.mark.parametrize(
        "found", [TYPED[:-1], TYPED + b"x", TYPED.replace(b"startxref", b"startxreg"), b"", scans.text_pdf("Palsu")]
    )
    async def test_original_that_was_altered_is_not_told(
        self, world: World, monkeypatch: pytest.MonkeyPatch, found: bytes
    ) -> None:
        await world.registered(files=[("surat.pdf", TYPED)])

        async def altered(*_: Any) -> Any:
            yield found

        monkeypatch.setattr(world.storage, "read", altered)
        await read_to_the_end(world)
        assert await told(world) == []


class TestReader:
    """The program that reads."""

    def test_words_are_made_whole_and_lines_single_spaced(self) -> None:
        raw = "Per\x02mohonan  ke\u00adpada\t Bapak \r\n\r\n \ufb01le\ufffe\ue000 \x00kelas\u2028tiga "
        assert text_layer.tidy(raw) == "Permohonan kepada Bapak\nfile kelas\ntiga"

    def test_page_that_cannot_be_read_is_left_out(self) -> None:
        content = TYPED.replace(b"/Type /Page ", b"/Type /Pagf ", 1)
        assert text_layer.text_of(content, 1000) == "Lampiran: foto longsor"

    async def test_shuts_itself_in(self, tmp_path: Any) -> None:
        program = f"""
import os, runpy, socket, sys
start, reader = runpy.run_path({apart_start.__file__!r}), runpy.run_path({text_layer.__file__!r})
start["confine"](5, 256 << 20, 0)
start["stand_back"](10)
reader["shut_in"]()
def refused(act):
    try:
        act()
    except OSError:
        return True
    return False
print(refused(lambda: open("/etc/passwd")), refused(lambda: open({str(tmp_path / "x")!r}, "w")), refused(socket.socket),
      refused(os.pipe), os.getpriority(os.PRIO_PROCESS, 0) > 0)
try:
    bytearray(300 << 20)
except MemoryError:
    print("bounded")
"""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", "-c", program), stdout=asyncio.subprocess.PIPE
        )
        said, _ = await process.communicate()
        assert said.decode().split() == [*["True"] * 5, "bounded"]


async def _make_due(world: World) -> None:
    await world.service.foundation.database["letters"].update_many(
        {"text_due": {"$exists": True}}, {"$set": {"text_due": now()}}
    )


def _store_raises(world: World, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    async def away(*_: Any) -> Any:
        nothing: list[bytes] = []
        for piece in nothing:
            yield piece
        raise error

    monkeypatch.setattr(world.storage, "read", away)


def _fail_to_commit(world: World, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """Let the unit of work do everything and then fail in the commit's place."""
    uow = world.service.foundation.uow
    run = uow.run

    async def failing(work: Callable[[Transaction], Awaitable[Any]]) -> Any:
        async def to_the_end(transaction: Transaction) -> Any:
            await work(transaction)
            raise error

        return await run(to_the_end)

    monkeypatch.setattr(uow, "run", failing)
