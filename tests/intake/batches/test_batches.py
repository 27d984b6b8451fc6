"""From a pile of paper to letters: scanned at once, split, reviewed, cut, registered."""

import io
import random

import pypdfium2
import pytest
from PIL import Image

from tests.events import published
from tests.intake import scans
from tests.intake.batches.desk import Desk, codes, left_out, pages
from tests.intake.batches.pile import letter_picture, pdf_of, tiff_of, upside_down
from tests.intake.world import World
from tests.people import held, principal


def texts(content: bytes) -> list[str]:
    """The text of each page."""
    return [str(page.get_textpage().get_text_bounded()) for page in pypdfium2.PdfDocument(content)]


class TestSheets:
    async def test_are_printed_as_many_as_asked_for(self, desk: Desk) -> None:
        answer = await desk.world.download("/v1/separator-sheets.pdf?count=3&duplex=true&kind=Surat%20Undangan")
        assert answer.headers["Content-Type"] == "application/pdf"
        printed = texts(answer.body)
        assert len(printed) == 6
        assert all("LEMBAR PEMISAH" in page and "Desa Sekartaji" in page for page in printed)
        assert ["Sisi belakang" in page for page in printed] == [False, True] * 3
        assert "Surat Undangan" in printed[0]

    async def test_of_another_unit_are_not_printed(self, desk: Desk) -> None:
        answer = await desk.world.get(f"/v1/separator-sheets.pdf?unit={desk.world.agency.unit_id}")
        assert (answer.status, answer.code) == (403, "forbidden")

    @pytest.mark.parametrize("query", ["count=0", "count=101", "urgency=soon", "unit=x", "kind=" + "e" * 41])
    async def test_what_cannot_stand_on_one_is_refused(self, desk: Desk, query: str) -> None:
        assert (await desk.world.get(f"/v1/separator-sheets.pdf?{query}")).status == 422

    async def test_for_a_unit_that_is_not_known_are_refused(self, desk: Desk) -> None:
        unknown = "0190b6a2-7a51-7cc3-9b1e-3f0f6f1d2a09"
        answer = await desk.world.get(f"/v1/separator-sheets.pdf?addressee={unknown}")
        assert (answer.status, answer.code) == (422, "unknown_unit")

    async def test_who_registers_nothing_prints_none(self, desk: Desk) -> None:
        reader = principal(held("auditor"))
        answer = await desk.world.act("GET", "/v1/separator-sheets.pdf", person=reader, scope="letters:read")
        assert answer.status == 403


class TestPile:
    async def test_K3_a_village_scans_three_letters_at_once_and_registers_each(self, desk: Desk) -> None:
        world = desk.world
        agency = world.agency.unit_id
        sheet = await desk.sheet(kind="Surat%20Undangan", category="invitation", addressee=agency)
        plain = await desk.sheet()
        pile = [sheet, letter_picture(1), letter_picture(2), plain, letter_picture(3), plain, letter_picture(4)]
        batch = await desk.split(pdf_of(pile), len(pile))
        assert pages(batch) == [[2, 3], [5], [7]]
        assert left_out(batch) == [(1, "sheet"), (4, "sheet"), (6, "sheet")]
        assert batch["letters"][0]["defaults"]["addressees"] == [{"kind": "unit", "id": agency, "name": None}]
        assert batch["letters"][0]["defaults"]["kind"] == "Surat Undangan"
        assert [codes(letter["warnings"]) for letter in batch["letters"]] == [[], [], []]

        confirmed = await desk.confirmed(batch["id"])
        cut = [letter["scan"] for letter in confirmed["letters"]]
        assert [(one["name"], one["pages"]) for one in cut] == [
            ("tumpukan senin - 01.pdf", 2),
            ("tumpukan senin - 02.pdf", 1),
            ("tumpukan senin - 03.pdf", 1),
        ]
        for one in cut:
            body = {"letter": world.letter(), "scans": [one["file_id"]]}
            answer = await world.act("POST", "/v1/letters", body)
            assert answer.status == 201, answer.body
            assert answer.body["files"] == [one]
        assert (await desk.ask(batch["id"], "close")).body["state"] == "closed"

    async def test_somebody_is_told_once_that_it_waits_for_them(self, desk: Desk) -> None:
        batch = await desk.split(pdf_of([await desk.sheet(), letter_picture(1)]), 2)
        await desk.edit(batch["id"], {"do": "rotate", "pages": [2], "degrees": 90})
        await desk.work()
        told = [one for one in await published(desk.world.service) if one.type == "id.lontar.intake.batch.ready.v1"]
        assert len(told) == 1
        assert told[0].data["letters"] == 1
        assert told[0].data["pages"] == 2
        assert told[0].data["scanned_by"]["person_id"] == desk.world.operator.person_id
        assert told[0].data["unit_id"] == desk.world.village.unit_id

    async def test_a_tiff_is_split_and_cut_alike(self, desk: Desk) -> None:
        sheet = await desk.sheet()
        pile = [letter_picture(1), sheet, letter_picture(2), letter_picture(3)]
        batch = await desk.split(tiff_of(pile), 4, "image/tiff")
        assert pages(batch) == [[1], [3, 4]]
        assert codes(batch["letters"][0]["warnings"]) == [("before_first_sheet", None)]
        confirmed = await desk.confirmed(batch["id"])
        assert [letter["scan"]["pages"] for letter in confirmed["letters"]] == [1, 2]

    async def test_a_sheet_of_another_unit_divides_and_says_so(self, desk: Desk) -> None:
        world = desk.world
        theirs = await desk.sheet(principal(world.neighbour), kind="Surat%20Tugas")
        batch = await desk.split(pdf_of([await desk.sheet(), letter_picture(1), theirs, letter_picture(2)]), 4)
        assert pages(batch) == [[2], [4]]
        assert codes(batch["letters"][1]["warnings"]) == [("sheet_of_other_unit", None)]
        assert batch["letters"][1]["defaults"] is None

    async def test_a_pile_fed_upside_down_is_pointed_out(self, desk: Desk) -> None:
        turned = upside_down(await desk.sheet(), random.Random(1))
        batch = await desk.split(pdf_of([turned, letter_picture(1)]), 2)
        assert codes(batch["letters"][0]["warnings"]) == [("sheet_turned", None)]


class TestPictures:
    async def test_each_page_can_be_looked_at(self, desk: Desk) -> None:
        batch = await desk.split(pdf_of([letter_picture(1), letter_picture(2)]), 2)
        path = f"/v1/batches/{batch['id']}/pages"
        small = await desk.world.download(f"{path}/2?size=small")
        assert small.headers["Content-Type"] == "image/webp"
        assert max(Image.open(io.BytesIO(small.body)).size) == 320
        large = await desk.world.download(f"{path}/2")
        assert max(Image.open(io.BytesIO(large.body)).size) == 1400
        again = await desk.world.download(f"{path}/2", If_None_Match=large.headers["ETag"])
        assert (again.status, again.body) == (304, b"")

    @pytest.mark.parametrize("page", ["0", "3", "x", "-1"])
    async def test_pages_that_are_not_there_have_none(self, desk: Desk, page: str) -> None:
        batch = await desk.split(pdf_of([letter_picture(1), letter_picture(2)]), 2)
        answer = await desk.world.get(f"/v1/batches/{batch['id']}/pages/{page}")
        assert answer.status in (404, 422)


class TestBegin:
    async def test_the_scan_is_the_batchs_alone_from_then_on(self, desk: Desk) -> None:
        scan = await desk.loose(scans.text_pdf("Satu"), 1)
        assert (await desk.begin(scan)).status == 201
        again = await desk.begin(scan)
        assert (again.status, again.code) == (409, "scan_in_batch")
        body = {"letter": desk.world.letter(), "scans": [scan.scan_id]}
        registered = await desk.world.act("POST", "/v1/letters", body)
        assert (registered.status, registered.code) == (409, "scan_in_batch")

    async def test_repeated_with_its_key_it_is_the_same_batch(self, desk: Desk) -> None:
        scan = await desk.loose(scans.text_pdf("Satu"), 1)
        first, second = await desk.begin(scan, key="k"), await desk.begin(scan, key="k")
        assert first.status == second.status == 201
        assert first.body["id"] == second.body["id"]
        assert len(await desk.world.rows("batches")) == 1

    async def test_no_copies_are_made_of_the_pile(self, desk: Desk) -> None:
        scan = await desk.loose(scans.text_pdf("Satu"), 1)
        await desk.begin(scan)
        copies = await desk.context.copies.of(scan.scan_id)
        assert copies is None or copies.state == "dropped"

    async def test_a_photograph_is_no_pile(self, desk: Desk) -> None:
        answer = await desk.begin(await desk.loose(scans.jpeg(), 1, "image/jpeg"))
        assert (answer.status, answer.code) == (422, "batch_kind")

    async def test_a_scan_of_somebody_else_is_not_found(self, desk: Desk) -> None:
        scan = await desk.loose(scans.text_pdf("Satu"), 1)
        answer = await desk.begin(scan, person=principal(desk.world.neighbour))
        assert (answer.status, answer.code) == (404, "not_found")

    async def test_a_letters_scan_is_refused(self, desk: Desk) -> None:
        scan = await desk.loose(scans.text_pdf("Satu"), 1)
        await desk.world.act("POST", "/v1/letters", {"letter": desk.world.letter(), "scans": [scan.scan_id]})
        answer = await desk.begin(scan)
        assert (answer.status, answer.code) == (409, "scan_taken")


class TestStrangers:
    async def test_find_no_batch_of_another_unit(self, desk: Desk) -> None:
        batch = await desk.split(scans.text_pdf("Satu", "Dua"), 2)
        stranger = principal(desk.world.neighbour)
        path = f"/v1/batches/{batch['id']}"
        for method, where, body in (
            ("GET", path, None),
            ("GET", f"{path}/pages/1", None),
            ("POST", f"{path}/edits", {"edits": [{"do": "drop", "pages": [1]}]}),
            ("POST", f"{path}/reset", None),
            ("POST", f"{path}/confirm", None),
            ("POST", f"{path}/close", None),
        ):
            answer = await desk.world.act(method, where, body, person=stranger)
            assert (answer.status, answer.code) == (404, "not_found"), where
        listed = await desk.world.get("/v1/batches", stranger)
        assert listed.body["items"] == []

    async def test_who_handles_all_letters_of_the_unit_reviews_it_too(self, desk: Desk) -> None:
        batch = await desk.split(scans.text_pdf("Satu"), 1)
        colleague = principal(held("village_operator", unit_id=desk.world.village.unit_id))
        assert (await desk.show(batch["id"], colleague))["id"] == batch["id"]
        listed = await desk.world.get("/v1/batches", colleague)
        assert [one["id"] for one in listed.body["items"]] == [batch["id"]]

    async def test_who_handles_but_ordinary_letters_there_does_not(self, desk: Desk) -> None:
        batch = await desk.split(scans.text_pdf("Satu"), 1)
        secretary = principal(held("secretary", unit_id=desk.world.village.unit_id))
        assert (await desk.world.get(f"/v1/batches/{batch['id']}", secretary)).status == 404


class TestList:
    async def test_newest_first_page_by_page(self, desk: Desk, world: World) -> None:
        made = [await desk.begun(scans.text_pdf(str(number)), 1) for number in range(5)]
        first = (await world.get("/v1/batches?limit=3")).body
        rest = (await world.get(f"/v1/batches?limit=3&cursor={first['next']}")).body
        assert [one["id"] for one in first["items"] + rest["items"]] == made[::-1]
        assert rest["next"] is None

    async def test_closed_ones_only_where_asked_for(self, desk: Desk, world: World) -> None:
        kept, closed = [await desk.begun(scans.text_pdf(text), 1) for text in ("a", "b")]
        assert (await desk.ask(closed, "close")).status == 200
        assert [one["id"] for one in (await world.get("/v1/batches")).body["items"]] == [kept]
        assert [one["id"] for one in (await world.get("/v1/batches?state=closed")).body["items"]] == [closed]
