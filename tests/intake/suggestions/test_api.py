"""Asking what a scan seems to say: by whom, when, and of what that is recorded."""

import asyncio
import io
from typing import Any

import orjson
import pytest

from services.chassis.clock import now
from services.chassis.ids import new_id
from services.contracts.intake import StoredFile
from services.intake.domain.copies.copies import CopiesOf, Copy
from services.intake.domain.loose_scan import LooseScan
from services.intake.domain.words import PageWords
from tests.events import published
from tests.intake.copies.made import copy_all, letter, scanned_pdf
from tests.intake.registering.test_by_reference import loose_scan
from tests.intake.suggestions.pages import page
from tests.intake.world import World
from tests.people import principal

LETTER = """
      PEMERINTAH KABUPATEN KLUNGKUNG
              DESA SEKARTAJI
        Jl. Raya Sekartaji, Telp. 0366

                          Sekartaji, 12 Mei 2026
Nomor    : 005/117/SKT/2026
Sifat    : Segera
Perihal  : Permohonan peminjaman alat berat

Yth. Kepala Dinas Pekerjaan Umum
di Semarapura

Dengan hormat,
"""


async def copied(world: World, file: StoredFile, *pages: PageWords, letter_id: str | None = None) -> None:
    """The scan's copies are there, with these words."""
    lines = [
        [
            one.page,
            one.width,
            one.height,
            [[word.text, word.left, word.top, word.right, word.bottom] for word in one.words],
        ]
        for one in pages
    ]
    content = b"".join(orjson.dumps(line) + b"\n" for line in lines)
    words = Copy(key=f"letters/copies/2026/11/{file.file_id}/words", sha256="0" * 64, size=len(content))
    await world.storage.put(words.key, io.BytesIO(content), len(content), "application/json")
    await settled(world, file, letter_id, state="done", words=words)


async def settled(world: World, file: StoredFile, letter_id: str | None = None, **fields: Any) -> None:
    """The copies came to this."""
    await world.context.copies.forget(file.file_id)
    copies = CopiesOf(file=file, unit_id=world.village.unit_id, letter_id=letter_id, wanted_at=now(), **fields)
    rows = world.service.foundation.database["copies"]
    await rows.insert_one({"_id": file.file_id, **copies.model_dump(mode="json")})


async def registered(world: World, **letter_fields: Any) -> tuple[str, StoredFile]:
    """A letter with one file: its id, and the file."""
    body = await world.registered(letter=world.letter(**letter_fields))
    found = await world.context.letters.get(body["id"])
    assert found is not None
    return body["id"], found.files[0]


def of_file(letter_id: str, file: StoredFile) -> str:
    """Where a letter's file has its suggestions."""
    return f"/v1/letters/{letter_id}/files/{file.file_id}/suggestions"


def of_scan(scan: LooseScan) -> str:
    """Where a scan without a letter has them."""
    return f"/v1/scans/{scan.scan_id}/suggestions"


class TestScan:
    """``GET /v1/scans/{id}/suggestions``"""

    async def test_K3_clerk_is_offered_what_the_letter_says(self, world: World) -> None:
        scan = await loose_scan(world)
        await copied(world, scan.file, page(LETTER))
        answer = await world.get(of_scan(scan))
        assert answer.status == 200
        body = answer.body
        assert body["state"] == "ready"
        assert body["letter_number"]["value"] == "005/117/SKT/2026"
        assert body["letter_date"]["value"] == "2026-05-12"
        assert body["subject"]["value"] == "Permohonan peminjaman alat berat"
        assert (body["kind"]["value"], body["category"]["value"]) == ("Surat Permohonan", "request")
        assert body["urgency"]["value"] == "urgent"
        assert body["occasion"] is None

    async def test_parties_are_the_units_there_are_as_a_draft_names_them(self, world: World) -> None:
        scan = await loose_scan(world)
        await copied(world, scan.file, page(LETTER))
        body = (await world.get(of_scan(scan))).body
        village = {"kind": "unit", "id": world.village.unit_id, "name": "Desa Sekartaji"}
        agency = {"kind": "unit", "id": world.agency.unit_id, "name": "Dinas Pekerjaan Umum"}
        assert body["sender"]["value"] == village
        assert [one["value"] for one in body["addressees"]] == [agency]

    async def test_each_says_where_it_stands_and_how_sure_it_is(self, world: World) -> None:
        scan = await loose_scan(world)
        await copied(world, scan.file, page(LETTER))
        found = (await world.get(of_scan(scan))).body["letter_number"]
        (word,) = [one for one in page(LETTER).words if one.text == "005/117/SKT/2026"]
        assert found["box"] == pytest.approx(
            {"left": word.left, "top": word.top, "right": word.right, "bottom": word.bottom}
        )
        assert found["page"] == 1
        assert 0.5 < found["confidence"] < 1
        assert found["text"] == "005/117/SKT/2026"

    async def test_pending_while_it_has_not_been_read(self, world: World) -> None:
        scan = await loose_scan(world)
        before = await world.get(of_scan(scan))
        await world.context.copies.want(scan.file, scan.unit_id, None)
        queued = await world.get(of_scan(scan))
        for answer in (before, queued):
            assert (answer.status, answer.body["state"], answer.body["letter_number"]) == (200, "pending", None)

    async def test_unavailable_where_it_cannot_be_read(self, world: World) -> None:
        scan = await loose_scan(world)
        await settled(world, scan.file, state="parked", reason="rusak")
        assert (await world.get(of_scan(scan))).body["state"] == "unavailable"

    async def test_picture_without_words_suggests_nothing(self, world: World) -> None:
        scan = await loose_scan(world)
        await copied(world, scan.file, PageWords(1, 595, 842, ()))
        body = (await world.get(of_scan(scan))).body
        assert body.pop("state") == "ready"
        assert {name for name, value in body.items() if value} == set()

    async def test_K6_stranger_finds_no_scan(self, world: World) -> None:
        scan = await loose_scan(world)
        await copied(world, scan.file, page(LETTER))
        answer = await world.get(of_scan(scan), principal(world.neighbour))
        assert (answer.status, answer.code) == (404, "not_found")

    async def test_unknown_scan_is_not_found(self, world: World) -> None:
        assert (await world.get(f"/v1/scans/{new_id()}/suggestions")).status == 404

    async def test_who_registers_nothing_is_refused(self, world: World) -> None:
        scan = await loose_scan(world)
        async with world.http.get(of_scan(scan), headers=world.headers(scope="letters:read")) as response:
            assert response.status == 403

    async def test_asking_changes_nothing(self, world: World) -> None:
        scan = await loose_scan(world)
        await copied(world, scan.file, page(LETTER))
        await asyncio.gather(*(world.get(of_scan(scan)) for _ in range(5)))
        assert await world.context.scans.get(scan.scan_id) == scan
        assert await published(world.service) == []
        assert await world.rows("letters") == []

    async def test_retired_kind_is_not_suggested(self, world: World) -> None:
        kind = await world.context.kinds.named("surat permohonan")
        assert kind is not None
        retired = kind.model_copy(update={"retired": True, "version": kind.version + 1})
        await world.context.kinds.keep(retired, None)
        world.context.kinds.forget()
        scan = await loose_scan(world)
        await copied(world, scan.file, page(LETTER))
        body = (await world.get(of_scan(scan))).body
        assert body["kind"] is None
        assert body["category"]["value"] == "request"


class TestLetterFile:
    """``GET /v1/letters/{id}/files/{file_id}/suggestions``"""

    async def test_who_reads_the_letter_may_compare(self, world: World) -> None:
        letter_id, file = await registered(world)
        await copied(world, file, page(LETTER), letter_id=letter_id)
        answer = await world.get(of_file(letter_id, file))
        assert answer.status == 200
        assert answer.body["letter_number"]["value"] == "005/117/SKT/2026"

    async def test_K6_stranger_finds_no_letter(self, world: World) -> None:
        letter_id, file = await registered(world)
        await copied(world, file, page(LETTER), letter_id=letter_id)
        answer = await world.get(of_file(letter_id, file), principal(world.neighbour))
        assert (answer.status, answer.code) == (404, "not_found")

    async def test_file_of_another_letter_is_not_found(self, world: World) -> None:
        first, _ = await registered(world)
        _, other = await registered(world)
        assert (await world.get(of_file(first, other))).status == 404

    async def test_secret_letter_is_opened_by_it_and_that_is_recorded(self, world: World) -> None:
        letter_id, file = await registered(world, confidentiality="secret")
        await copied(world, file, page(LETTER), letter_id=letter_id)
        assert (await world.get(of_file(letter_id, file))).status == 200
        opened = [one.data for one in await published(world.service) if one.type.endswith("confidential.opened.v1")]
        assert [(one["letter_id"], one["file_id"]) for one in opened] == [(letter_id, file.file_id)]

    async def test_scan_that_is_a_letters_is_asked_there(self, world: World) -> None:
        scan = await loose_scan(world)
        await world.context.scans.take([scan.scan_id], new_id(), None)
        answer = await world.get(of_scan(scan))
        assert (answer.status, answer.code) == (409, "scan_taken")


class TestWholeWay:
    """From a picture, through recognition."""

    async def test_scanned_page_is_read_and_suggested(self, world: World) -> None:
        lines = ("PEMERINTAH KABUPATEN KLUNGKUNG", "DESA SEKARTAJI", "", "Nomor : 005/117/SKT/2026",
                 "Perihal : Permohonan peminjaman alat berat", "", "Yth. Kepala Dinas Pekerjaan Umum",
                 "di Semarapura", "", "Dengan hormat, jalan desa kami tertutup oleh longsor.")  # fmt: skip
        body = await world.registered(files=[("pindai.pdf", scanned_pdf(letter(lines=lines)))])
        await copy_all(world)
        answer = await world.get(f"/v1/letters/{body['id']}/files/{body['files'][0]['file_id']}/suggestions")
        assert answer.body["state"] == "ready"
        assert answer.body["letter_number"]["value"] == "005/117/SKT/2026"
        assert answer.body["subject"]["value"] == "Permohonan peminjaman alat berat"
        assert [one["value"]["id"] for one in answer.body["addressees"]] == [world.agency.unit_id]
