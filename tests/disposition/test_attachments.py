"""Files of answers: brought, added, opened."""

import base64
import hashlib
from typing import Any

import pytest

from services.chassis.files.received import Spool
from services.chassis.ids import new_id
from services.contracts.disposition import DispositionCompleted, DispositionReplied
from services.disposition.commands import bring_attachment as bringing
from tests.chassis.files import documents
from tests.disposition.attachment_desk import PDF, REPORT, Answered, Desk, File
from tests.disposition.world import World, to
from tests.events import published, types_published
from tests.intake import scans
from tests.people import held, position_changed, principal


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
