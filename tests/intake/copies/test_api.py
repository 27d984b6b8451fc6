"""Copies shown: to whom the original may be shown, and to nobody else."""

import io

import pytest
from PIL import Image

from services.chassis.ids import new_id
from tests.events import published
from tests.intake.copies.made import copy_all, letter, scanned_pdf
from tests.intake.copies.test_queue import loose, register_with
from tests.intake.world import World
from tests.people import principal

OPENED = "id.lontar.intake.confidential.opened.v1"


class TestLetterFile:
    """``/v1/letters/{id}/files/{file_id}/...``."""

    async def test_before_they_are_made_they_are_due(self, world: World) -> None:
        body = await world.registered()
        path = f"/v1/letters/{body['id']}/files/{body['files'][0]['file_id']}"
        answer = await world.get(f"{path}/copies")
        assert answer.status == 200
        assert (answer.body["state"], answer.body["pages"], answer.body["warnings"]) == ("due", [], [])
        for copy in ("pages/1", "normalised", "text"):
            refused = await world.get(f"{path}/{copy}")
            assert (refused.status, refused.code) == (404, "not_found")

    async def test_what_there_is_when_they_are_made(self, world: World) -> None:
        body = await world.registered(files=[("pindai.pdf", scanned_pdf(letter()))])
        await copy_all(world)
        path = f"/v1/letters/{body['id']}/files/{body['files'][0]['file_id']}"
        answer = await world.get(f"{path}/copies")
        assert answer.body["state"] == "done"
        assert answer.body["archival"] is answer.body["normalised"] is answer.body["recognised"] is True
        (page,) = answer.body["pages"]
        assert (page["page"], page["preview"], page["recognised"]) == (1, True, True)
        assert "key" not in str(answer.body)
        for size, longer in (("small", 320), ("large", 1400)):
            shown = await world.download(f"{path}/pages/1?size={size}")
            assert (shown.status, shown.headers["Content-Type"]) == (200, "image/webp")
            assert shown.headers["Cache-Control"] == "private, no-cache"
            assert max(Image.open(io.BytesIO(shown.body)).size) == pytest.approx(longer, abs=1)
            again = await world.download(f"{path}/pages/1?size={size}", If_None_Match=shown.headers["ETag"])
            assert again.status == 304
        assert (await world.get(f"{path}/pages/2")).code == "not_found"
        assert (await world.get(f"{path}/pages/1?size=huge")).status == 422
        pdf = await world.download(f"{path}/normalised")
        assert pdf.body.startswith(b"%PDF-")
        assert 'filename="pindai.pdf"' in pdf.headers["Content-Disposition"]
        text = await world.download(f"{path}/text")
        assert "Permohonan peminjaman" in text.body.decode()

    async def test_stranger_gets_what_one_gets_for_no_letter(self, world: World, quick: list[str]) -> None:
        body = await world.registered()
        await copy_all(world)
        stranger = principal(world.neighbour)
        for copy in ("copies", "pages/1", "normalised", "text"):
            theirs = f"/v1/letters/{body['id']}/files/{body['files'][0]['file_id']}/{copy}"
            nobodys = f"/v1/letters/{new_id()}/files/{new_id()}/{copy}"
            answers = [await world.get(path, stranger) for path in (theirs, nobodys)]
            assert [(one.status, one.code) for one in answers] == [(404, "not_found")] * 2
        assert quick

    async def test_K10_looking_at_a_page_of_a_secret_letter_is_recorded(self, world: World, quick: list[str]) -> None:
        body = await world.registered(letter=world.letter(confidentiality="secret"))
        await copy_all(world)
        file_id = body["files"][0]["file_id"]
        shown = await world.download(f"/v1/letters/{body['id']}/files/{file_id}/pages/1")
        assert shown.status == 200
        opened = [event for event in await published(world.service) if event.type == OPENED]
        assert [event.data["file_id"] for event in opened] == [file_id]
        assert quick


class TestLooseScan:
    """``/v1/scans/{id}/...``."""

    async def test_shown_to_whom_it_belongs(self, world: World, quick: list[str]) -> None:
        scan = await loose(world, b"%PDF-1.7 small")
        await copy_all(world)
        answer = await world.get(f"/v1/scans/{scan.scan_id}/copies")
        assert (answer.status, answer.body["state"]) == (200, "done")
        assert answer.body["warnings"] == [{"page": 1, "fault": "dark"}]
        assert (await world.download(f"/v1/scans/{scan.scan_id}/pages/1?size=small")).body == b"RIFFsmall"
        for copy in ("copies", "pages/1"):
            refused = await world.get(f"/v1/scans/{scan.scan_id}/{copy}", principal(world.neighbour))
            assert (refused.status, refused.code) == (404, "not_found")
        assert quick

    async def test_once_a_letter_has_it_the_letter_shows_it(self, world: World, quick: list[str]) -> None:
        scan = await loose(world, b"%PDF-1.7 small")
        body = await register_with(world, scan)
        await copy_all(world)
        refused = await world.get(f"/v1/scans/{scan.scan_id}/copies")
        assert (refused.status, refused.code) == (409, "scan_taken")
        shown = await world.get(f"/v1/letters/{body['id']}/files/{scan.scan_id}/copies")
        assert shown.body["state"] == "done"
        assert quick
