"""Files of answers: brought, added, opened, swept; and neighbours that fail meanwhile."""

import base64
import errno
import hashlib
import io
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any, BinaryIO

import aiohttp
import pytest
from pymongo.errors import AutoReconnect, OperationFailure

from services.chassis.auth import HeldPosition, Principal
from services.chassis.clock import now
from services.chassis.files.received import Spool, SpoolLimits
from services.chassis.ids import new_id
from services.chassis.storage import StorageUnavailable
from services.contracts.disposition import DispositionCompleted, DispositionReplied
from services.disposition.commands import bring_attachment as bringing
from services.disposition.commands import sweep_attachments as sweeping
from services.disposition.context import Context
from services.disposition.main import build
from services.disposition.settings import DispositionSettings
from tests.chassis.files import documents
from tests.conftest import Serve, SettingsFor
from tests.disposition.world import Json, World, to
from tests.events import published, types_published
from tests.intake import scans
from tests.people import held, position_changed, principal
from tests.signing import TokenSigner

PDF = scans.pdf(1, pixels=(120, 160))
REPORT = ("laporan.pdf", PDF)
File = tuple[str, bytes]


class Desk:
    """A disposition from the head to the division head, and files for it."""

    def __init__(self, world: World, given: Json) -> None:
        self.world, self.given = world, given
        self.context: Context = world.service.app.state.context
        self.path = f"/v1/dispositions/{given['id']}/attachments"
        self.author = principal(world.division_head)

    async def bring(
        self,
        *files: File,
        who: HeldPosition | Principal | None = None,
        key: str | None = None,
        field: str = "file",
        path: str | None = None,
    ) -> tuple[int, Json]:
        """POST the files; the status and the answer."""
        form = aiohttp.FormData(default_to_multipart=True)
        for name, content in files:
            form.add_field(field, content, filename=name, content_type="application/octet-stream")
        headers = self._headers(who) | ({"Idempotency-Key": key} if key else {})
        async with self.world.http.post(path or self.path, data=form, headers=headers) as response:
            return response.status, await response.json(content_type=None)

    async def brought(self, *files: File, **rest: Any) -> Json:
        """The same, which must succeed."""
        status, answer = await self.bring(*(files or (REPORT,)), **rest)
        assert status == 201, answer
        return answer

    async def open(
        self, attachment_id: str, who: HeldPosition | Principal | None = None, **headers: str
    ) -> tuple[aiohttp.ClientResponse, bytes]:
        """GET a file."""
        async with self.world.http.get(
            f"{self.path}/{attachment_id}", headers=self._headers(who) | headers
        ) as response:
            return response, await response.read()

    async def answer(self, *attachment_ids: str, what: str = "reply") -> tuple[int, Json]:
        """Answer with these files, as the first recipient."""
        said = {"text": "Terlampir."} if what == "reply" else {"report": "Terlampir."}
        recipient_id = self.given["recipients"][0]["recipient_id"]
        path = f"/v1/dispositions/{self.given['id']}/recipients/{recipient_id}/{what}"
        return await self.world.post(self.author, path, {**said, "attachments": list(attachment_ids)})

    async def added(self, file: File = REPORT) -> Json:
        """A file that is part of an answer."""
        brought = await self.brought(file)
        status, answer = await self.answer(brought["attachment_id"])
        assert status == 201, answer
        return brought

    def limit(self, file_bytes: int) -> None:
        """Let no file be longer."""
        files = replace(self.context.files, limits=SpoolLimits(file_bytes, 1000))
        self.world.service.app.state.context = replace(self.context, files=files)

    async def stored(self) -> set[str]:
        """What lies in the store for this disposition."""
        return {key.rpartition("/")[2] for key in await self.keys()}

    async def keys(self) -> list[str]:
        """Its keys there."""
        folder = f"disposition/{self.world.letter.registered_at:%Y/%m}/{self.given['id']}/"
        return [one.key async for one in self.context.files.storage.keys(folder)]

    async def rows(self) -> list[Json]:
        """What is written down of files."""
        return await self.world.service.foundation.database["attachments"].find({}).to_list(None)

    async def assert_nothing_left(self) -> None:
        """Neither in the store nor written down."""
        assert await self.stored() == set()
        assert await self.rows() == []

    def _headers(self, who: HeldPosition | Principal | None) -> dict[str, str]:
        return self.world._headers(who or self.author)


@pytest.fixture
async def desk(world: World) -> Desk:
    """One disposition that was given."""
    return Desk(world, await world.disposed(world.head, to(world.division_head), to(world.secretary, "pelajari")))


class TestBring:
    async def test_it_is_kept_as_it_is_with_its_hash(self, desk: Desk) -> None:
        answer = await desk.brought(("Laporan akhir.pdf", PDF))
        assert answer == {
            "attachment_id": answer["attachment_id"],
            "name": "Laporan akhir.pdf",
            "media_type": "application/pdf",
            "size": len(PDF),
            "sha256": hashlib.sha256(PDF).hexdigest(),
        }
        assert await desk.stored() == {answer["attachment_id"]}
        assert await types_published(desk.world.service) == ["disposition.disposition.issued"]

    @pytest.mark.parametrize(
        ("content", "media_type"),
        [
            (scans.jpeg(60, 80), "image/jpeg"),
            (scans.png(), "image/png"),
            (scans.tiff(2), "image/tiff"),
            *((documents.document(kind), media_type) for kind, media_type in documents.MEDIA_TYPES.items()),
        ],
    )
    async def test_its_type_is_told_by_its_bytes(self, desk: Desk, content: bytes, media_type: str) -> None:
        answer = await desk.brought(("catatan.txt", content))
        assert (answer["name"], answer["media_type"]) == ("catatan.txt", media_type)

    @pytest.mark.parametrize(
        ("content", "status", "code"),
        [
            (b"", 422, "file_empty"),
            (b"MZ\x90\x00" + bytes(400), 415, "unsupported_type"),
            (b"<html><script>alert(1)</script></html>", 415, "unsupported_type"),
            (PDF[:-30], 422, "file_broken"),
            (scans.encrypted_pdf(), 422, "file_encrypted"),
            (scans.huge_png(), 422, "file_too_many_pixels"),
            (documents.document("docx")[:-40], 422, "file_broken"),
            (documents.ooxml(word__vbaProject_bin=b"x"), 422, "file_macros"),
        ],
    )
    async def test_what_is_refused_leaves_nothing(self, desk: Desk, content: bytes, status: int, code: str) -> None:
        got, problem = await desk.bring(("a.pdf", content))
        assert (got, problem["code"]) == (status, code)
        assert problem["detail"].startswith("Berkas “a.pdf” ")
        await desk.assert_nothing_left()

    @pytest.mark.parametrize(
        ("files", "field", "status", "code"),
        [
            ([], "file", 422, "validation_failed"),
            ([REPORT, REPORT], "file", 422, "part_unexpected"),
            ([REPORT], "files", 422, "part_unexpected"),
            ([("besar.pdf", bytes(600_001))], "file", 413, "file_too_large"),
        ],
    )
    async def test_one_file_within_the_limit(
        self, desk: Desk, files: list[File], field: str, status: int, code: str
    ) -> None:
        desk.limit(600_000)
        got, problem = await desk.bring(*files, field=field)
        assert (got, problem["code"]) == (status, code)
        await desk.assert_nothing_left()

    async def test_what_is_no_form(self, desk: Desk) -> None:
        headers = desk._headers(None) | {"Content-Type": "application/pdf"}
        async with desk.world.http.post(desk.path, data=PDF, headers=headers) as response:
            assert (response.status, (await response.json())["code"]) == (415, "multipart_required")

    async def test_a_form_that_breaks_off(self, desk: Desk) -> None:
        headers = desk._headers(None) | {"Content-Type": "multipart/form-data; boundary=batas"}
        begun = b'--batas\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n' + PDF
        async with desk.world.http.post(desk.path, data=begun, headers=headers) as response:
            assert (response.status, (await response.json())["code"]) == (400, "multipart_broken")
        await desk.assert_nothing_left()

    async def test_whoever_gave_it_may_bring_one_too(self, desk: Desk) -> None:
        await desk.brought(who=desk.world.head)

    async def test_a_stranger_learns_nothing_and_who_only_reads_may_not(self, desk: Desk) -> None:
        for who, status in ((desk.world.stranger, 404), (desk.world.registrar, 403)):
            got, _ = await desk.bring(REPORT, who=who)
            assert got == status
        got, _ = await desk.bring(REPORT, path=f"/v1/dispositions/{new_id()}/attachments")
        assert got == 404
        await desk.assert_nothing_left()

    async def test_refused_before_the_file_is_taken_in(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        taken: list[int] = []
        monkeypatch.setattr(Spool, "write", lambda _, data: taken.append(len(data)))
        assert (await desk.bring(REPORT, who=desk.world.registrar))[0] == 403
        assert taken == []

    async def test_a_repeat_gets_the_first_answer_and_leaves_one_file(self, desk: Desk) -> None:
        first, again = [await desk.brought(key="sekali") for _ in range(2)]
        assert first == again
        assert await desk.stored() == {first["attachment_id"]}
        status, problem = await desk.bring(("lain.pdf", PDF), key="sekali")
        assert (status, problem["code"]) == (422, "idempotency_key_reused")

    async def test_a_repeat_that_came_meanwhile_takes_its_own_out_again(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first = await desk.brought(key="sekali")

        async def nothing_yet(*_: Any) -> None:
            return None

        find, calls = desk.context.idempotent.find, 0

        async def late(*args: Any) -> Any:
            nonlocal calls
            calls += 1
            return await (nothing_yet if calls == 1 else find)(*args)

        monkeypatch.setattr(desk.context.idempotent, "find", late)
        assert await desk.brought(key="sekali") == first
        assert await desk.stored() == {first["attachment_id"]}
        assert [row["_id"] for row in await desk.rows()] == [first["attachment_id"]]

    async def test_nobody_heaps_up_files_that_are_not_used(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(bringing, "LOOSE_AT_MOST", 2)
        brought = [(await desk.brought())["attachment_id"] for _ in range(2)]
        status, problem = await desk.bring(REPORT)
        assert (status, problem["code"]) == (409, "too_many_loose_files")
        assert (await desk.answer(*brought))[0] == 201
        await desk.brought()


class TestAdd:
    async def test_an_answer_carries_it_in_the_thread_and_in_what_is_told(self, desk: Desk) -> None:
        brought = await desk.brought()
        status, answer = await desk.answer(brought["attachment_id"])
        assert status == 201
        assert answer["act"]["attachments"] == [brought]
        _, thread = await desk.world.get(desk.world.head, f"/v1/dispositions/{desk.given['id']}")
        assert thread["acts"][-1]["attachments"] == [brought]
        event = DispositionReplied.read((await published(desk.world.service))[-1].data)
        (told,) = event.attachments
        assert told.sha256 == brought["sha256"]
        assert [told.key] == await desk.keys()

    async def test_material_is_handed_in_with_a_file(self, world: World) -> None:
        desk = Desk(world, await world.disposed(world.head, to(world.division_head, "siapkan_bahan")))
        assert (await desk.answer(what="complete"))[0] == 422
        brought = await desk.brought(("sambutan.docx", documents.document("docx")))
        status, answer = await desk.answer(brought["attachment_id"], what="complete")
        assert (status, answer["disposition"]["state"]) == (200, "done")
        event = DispositionCompleted.read((await published(world.service))[-1].data)
        assert [file.name for file in event.attachments] == ["sambutan.docx"]

    async def test_only_ones_own_for_this_disposition_and_once(self, desk: Desk) -> None:
        world = desk.world
        own = (await desk.brought())["attachment_id"]
        foreign = (await desk.brought(who=world.secretary))["attachment_id"]
        other = Desk(world, await world.disposed(world.head, to(world.division_head)))
        elsewhere = (await other.brought(who=desk.author))["attachment_id"]
        for attachment_id in (foreign, elsewhere, new_id()):
            status, problem = await desk.answer(own, attachment_id)
            assert (status, problem["code"]) == (422, "unknown_attachment")
            assert problem["attachment_id"] == attachment_id
        assert (await desk.answer(own))[0] == 201
        assert (await desk.answer(own))[0] == 422


class Answered(Desk):
    """The same with one file in an answer."""

    file: Json


@pytest.fixture
async def answered(desk: Desk) -> Answered:
    """A disposition with an answer that carries a file."""
    found = Answered(desk.world, desk.given)
    found.file = await found.added()
    return found


class TestOpen:
    async def test_whoever_gave_it_gets_the_very_bytes(self, answered: Answered) -> None:
        response, body = await answered.open(answered.file["attachment_id"], answered.world.head)
        assert (response.status, body) == (200, PDF)
        digest = hashlib.sha256(PDF)
        assert response.headers["Repr-Digest"] == f"sha-256=:{base64.b64encode(digest.digest()).decode()}:"
        assert response.headers["ETag"] == f'"{digest.hexdigest()}"'
        assert response.headers["Content-Length"] == str(len(PDF))
        assert response.headers["Content-Type"] == "application/pdf"
        assert response.headers["Content-Disposition"].startswith('inline; filename="laporan.pdf"')
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Cache-Control"] == "private, no-cache"
        assert response.headers["Content-Security-Policy"]

    async def test_in_parts(self, answered: Answered) -> None:
        response, body = await answered.open(answered.file["attachment_id"], answered.world.head, Range="bytes=10-29")
        assert (response.status, body) == (206, PDF[10:30])
        response, _ = await answered.open(answered.file["attachment_id"], answered.world.head, Range="bytes=9999999-")
        assert response.status == 416

    async def test_a_known_copy_is_confirmed(self, answered: Answered) -> None:
        known = {"If-None-Match": f'"{answered.file["sha256"]}"'}
        response, body = await answered.open(answered.file["attachment_id"], answered.world.head, **known)
        assert (response.status, body) == (304, b"")

    async def test_an_office_document_is_saved_and_not_shown(self, desk: Desk) -> None:
        file = await desk.added(("Telaahan.docx", documents.document("docx")))
        response, _ = await desk.open(file["attachment_id"], desk.world.head)
        assert response.headers["Content-Disposition"].startswith("attachment; ")
        assert response.headers["Content-Security-Policy"].startswith("sandbox")
        assert response.headers["Content-Type"] == documents.MEDIA_TYPES["docx"]

    async def test_whoever_sees_the_disposition_and_nobody_else(self, answered: Answered) -> None:
        world = answered.world
        for who, status in ((world.secretary, 200), (world.registrar, 200), (world.stranger, 404)):
            response, _ = await answered.open(answered.file["attachment_id"], who)
            assert response.status == status

    async def test_before_it_is_added_it_is_for_who_brought_it(self, desk: Desk) -> None:
        brought = (await desk.brought())["attachment_id"]
        assert (await desk.open(brought))[1] == PDF
        for other in (desk.world.head, principal(desk.world.division_head)):
            assert (await desk.open(brought, other))[0].status == 404

    async def test_not_through_another_disposition(self, answered: Answered) -> None:
        world = answered.world
        other = Desk(world, await world.disposed(world.head, to(world.registrar)))
        assert (await other.open(answered.file["attachment_id"], world.head))[0].status == 404
        assert (await answered.open(new_id(), world.head))[0].status == 404

    async def test_not_who_it_was_taken_back_from(self, world: World) -> None:
        other = held(title="Kepala UPT", unit_name="UPT Alat Berat")
        await world.tell(position_changed(other, world.head.position_id))
        desk = Desk(world, await world.disposed(world.head, to(world.division_head), to(other)))
        file = await desk.added()
        assert (await desk.open(file["attachment_id"], other))[0].status == 200
        recalled = {"recipient_ids": [desk.given["recipients"][1]["recipient_id"]]}
        assert (await world.post(world.head, f"/v1/dispositions/{desk.given['id']}/recall", recalled))[0] == 200
        assert (await desk.open(file["attachment_id"], other))[0].status == 404


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
        await service.foundation.database.client.drop_database(service.foundation.database.name)
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


def _pass(monkeypatch: pytest.MonkeyPatch, *, hours: float) -> None:
    monkeypatch.setattr(sweeping, "now", lambda: now() + timedelta(hours=hours))


def _fail_with(desk: Desk, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    async def failing(*_: Any) -> Any:
        raise error

    monkeypatch.setattr(desk.context.idempotent, "run", failing)
