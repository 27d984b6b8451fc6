"""A pile of letters from the scanner's glass to the inboxes they are for, each behind its separator sheet."""

import asyncio

import pypdfium2
import pytest
from PIL import Image

from deploy.demo.client import Client, Json
from deploy.demo.organisation import unit_id
from tests.flow.cast import Cast
from tests.flow.desk import arrived, opened
from tests.flow.scanning import READ_SECONDS, file_path
from tests.house import House
from tests.intake.batches.pile import letter_picture, pdf_of
from tests.waiting import until_equal

pytestmark = [pytest.mark.flow, pytest.mark.timeout(300), pytest.mark.usefixtures("copies")]


async def sheet(client: Client, query: str) -> Image.Image:
    """A separator sheet out of the printer."""
    pdf = await client.download(f"/v1/separator-sheets.pdf?count=1&{query}")
    return await asyncio.to_thread(printed, pdf)


def printed(pdf: bytes) -> Image.Image:
    """Its first page, on paper."""
    page: Image.Image = pypdfium2.PdfDocument(pdf)[0].render(scale=150 / 72).to_pil().convert("L")
    return page


def scanned(first: Image.Image, second: Image.Image) -> bytes:
    """Two letters of two pages, each behind its sheet."""
    letters = [letter_picture(number, lines=4) for number in range(4)]
    return pdf_of([first, letters[0], letters[1], second, letters[2], letters[3]])


async def batch_as(client: Client, path: str, state: str) -> Json:
    """The batch, as soon as it is so far."""
    return await until_equal(lambda: client.get(path), lambda one: one["state"] == state, READ_SECONDS, pause=0.2)


def pages(batch: Json) -> list[list[int]]:
    """The pages of each letter."""
    return [[page["page"] for page in one["pages"]] for one in batch["letters"]]


def draft_of(found: Json, subject: str) -> Json:
    """What the sheet suggests of a letter, completed by who looked at it, with its scan."""
    suggested = {name: value for name, value in (found["defaults"] or {}).items() if value is not None}
    form = {"direction": "incoming", "confidentiality": "ordinary", "subject": subject, **suggested}
    return {"letter": form, "scans": [found["scan"]["file_id"]]}


class TestPile:
    async def test_K3_a_pile_is_scanned_once_and_each_letter_of_it_lies_where_its_sheet_says(
        self, house: House, cast: Cast
    ) -> None:
        village, works, health = await cast("desa.sekartaji", "kadis.pu", "kadis.kes")
        about = "kind=Surat%20Permohonan&category=request&urgency=urgent&addressee="
        first, second = [await sheet(village, about + unit_id(one)) for one in ("dinas-pu", "dinkes")]
        pile = await village.upload_scan("tumpukan.pdf", await asyncio.to_thread(scanned, first, second))

        begun = await village.post("/v1/batches", {"scan": pile})
        path = f"/v1/batches/{begun['id']}"
        batch = await batch_as(village, path, "ready")
        assert pages(batch) == [[2, 3], [5, 6]]
        await self._told(village, begun["id"])
        assert (await village.download(f"{path}/pages/2?size=small"))[8:12] == b"WEBP"

        # Somebody looks: page 6 is a letter of its own, and behind it page 3 lay by mistake, turned.
        await village.post(f"{path}/edits", {"edits": [{"do": "split", "letter": batch["letters"][1]["id"], "at": 6}]})
        apart = await village.get(path)
        moved = {"do": "move", "pages": [3], "to": apart["letters"][2]["id"]}
        turned = {"do": "rotate", "pages": [3], "degrees": 180}
        assert pages(await village.post(f"{path}/edits", {"edits": [moved, turned]})) == [[2], [5], [6, 3]]
        await village.post(f"{path}/confirm")
        cut = (await batch_as(village, path, "confirmed"))["letters"]
        assert [one["scan"]["pages"] for one in cut] == [1, 1, 2]

        drafts = [
            await village.post("/v1/drafts", draft_of(one, f"Surat {number}")) for number, one in enumerate(cut[:2])
        ]
        sent = [await village.post(f"/v1/drafts/{one['id']}/register") for one in drafts]
        for head, letter, one in zip((works, health), sent, cut, strict=False):
            await arrived(head, letter["id"])
            shown = await opened(head, letter["id"])
            assert (shown["kind"], shown["category"], shown["urgency"]) == ("Surat Permohonan", "request", "urgent")
            assert [file["sha256"] for file in shown["files"]] == [one["scan"]["sha256"]]
            assert (await head.download(file_path(shown))).startswith(b"%PDF-")
            assert await head.status_of(path) in (403, 404), "the pile is the village's alone"
        third = await village.get(f"/v1/scans/{cut[2]['scan']['file_id']}")
        assert (third["state"], third["origin"], third["taken_by"]) == ("ready", "batch", None)

    @staticmethod
    async def _told(client: Client, batch_id: str) -> None:
        async def look() -> list[Json]:
            found = (await client.get("/v1/notifications", limit="200"))["items"]
            return [one for one in found if one["reason"] == "batch_ready" and one["links"]["batch_id"] == batch_id]

        (told,) = await until_equal(look, bool)
        assert "2 surat dari 6 halaman" in told["text"]
