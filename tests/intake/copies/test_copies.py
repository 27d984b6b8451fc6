"""The copies of a letter's scans: made by the worker, told, and never waited for."""

import asyncio
import io
from typing import Any

import numpy as np
import pikepdf
import pillow_heif
import pypdfium2
import pytest
from pikepdf import pdfa
from PIL import Image

from services.intake.commands.copies import read_words, run_program
from services.intake.commands.copies.read_words import words_of
from services.intake.domain.copies.program import written
from tests.events import published
from tests.intake import scans
from tests.intake.copies.made import copies_of, copy_all, jpeg, letter, scanned_pdf
from tests.intake.world import World

DERIVED = "id.lontar.intake.scan.derived.v1"
PARKED = "id.lontar.intake.scan.parked.v1"
PROCESSED = "id.lontar.intake.scan.processed.v1"


async def told(world: World, kind: str) -> list[Any]:
    """The events of a kind."""
    return [event for event in await published(world.service) if event.type == kind]


async def stored(world: World, key: str) -> bytes:
    """An object, whole."""
    return b"".join([piece async for piece in world.storage.read(key)])


class TestScannedPages:
    """What a scanner sends."""

    async def test_everything_is_made_told_and_recognised(self, world: World) -> None:
        body = await world.registered(files=[("pindai.pdf", scanned_pdf(letter(), letter(lines=("LAMPIRAN",))))])
        (file,) = body["files"]
        before = await stored(world, (await copies_key(world, body)))
        await copy_all(world)
        copies = await copies_of(world, file["file_id"])
        assert (copies.state, copies.attempts, copies.reason, copies.failed_pages) == ("done", 1, None, ())
        assert [(page.page, page.recognised) for page in copies.pages] == [(1, True), (2, True)]
        assert copies.warnings == ()
        (event,) = await told(world, DERIVED)
        assert (event.subject, event.streamversion) == (f"copies/{file['file_id']}", 1)
        assert copies.normalised
        assert event.data == {
            "letter_id": body["id"],
            "file_id": file["file_id"],
            "sha256": file["sha256"],
            "pages": 2,
            "normalised_sha256": copies.normalised.sha256,
            "recognised": True,
            "warnings": [],
            "failed_pages": [],
            "at": event.data["at"],
        }
        (text,) = await told(world, PROCESSED)
        assert (text.subject, text.streamversion, text.data["source"]) == (f"scan/{file['file_id']}", 1, "recognised")
        assert "Permohonan peminjaman alat berat" in text.data["text"]
        assert text.data["text"].endswith("LAMPIRAN")
        # The original is what it was.
        assert await stored(world, (await copies_key(world, body))) == before

    async def test_normalised_pdf_is_an_archives_with_the_words_where_they_stand(self, world: World) -> None:
        body = await world.registered(files=[("foto.jpg", jpeg(letter()))])
        await copy_all(world)
        copies = await copies_of(world, body["files"][0]["file_id"])
        assert copies.archival
        assert copies.normalised
        content = await stored(world, copies.normalised.key)
        with pikepdf.open(io.BytesIO(content)) as document:
            assert pdfa.check(document, "2b").passed
        assert "Klungkung".upper() in text_layer_at(content, (0.1, 0.07, 0.6, 0.11)).upper()
        words = await words_of(world.context, copies.file_id)
        assert words
        found = {word.text: word for word in words[0].words}
        place = found["KLUNGKUNG"]
        assert 0.08 < place.top < place.bottom < 0.11
        assert 0.3 < place.left < place.right < 0.75

    @pytest.mark.parametrize("turn", [90, 180, 270])
    async def test_page_on_its_side_or_head_is_set_upright(self, world: World, turn: int) -> None:
        body = await world.registered(files=[("putar.pdf", scanned_pdf(letter().rotate(turn, expand=True)))])
        await copy_all(world)
        copies = await copies_of(world, body["files"][0]["file_id"])
        (page,) = copies.pages
        assert page.width < page.height
        words = await words_of(world.context, copies.file_id)
        assert words
        place = {word.text: word for word in words[0].words}["PEMERINTAH"]
        assert place.top < 0.12
        assert place.left < 0.25
        assert copies.normalised
        content = await stored(world, copies.normalised.key)
        assert "PEMERINTAH" in text_layer_at(content, (0.05, 0.06, 0.6, 0.12))
        assert page.large
        shown = Image.open(io.BytesIO(await stored(world, page.large.key)))
        assert shown.size[0] < shown.size[1] == 1400

    async def test_blank_back_side_is_told_and_not_read(self, world: World) -> None:
        body = await world.registered(files=[("dua.pdf", scanned_pdf(letter(), letter(lines=())))])
        await copy_all(world)
        copies = await copies_of(world, body["files"][0]["file_id"])
        assert [(one.page, one.fault) for one in copies.warnings] == [(2, "blank")]
        assert [page.recognised for page in copies.pages] == [True, False]


class TestPhotographs:
    """What a telephone sends."""

    async def test_leaning_page_in_uneven_light_is_read_where_its_words_stand(self, world: World) -> None:
        page = letter(200)
        across, down = np.linspace(1.0, 0.35, page.width), np.linspace(1, 0.8, page.height)
        shaded = Image.fromarray((np.asarray(page) * across[None, :] * down[:, None]).astype(np.uint8))
        photo = shaded.rotate(2.5, Image.Resampling.BICUBIC, fillcolor=60)
        body = await world.registered(files=[("foto.jpg", jpeg(photo, dpi=(72, 72)))])
        await copy_all(world)
        copies = await copies_of(world, body["files"][0]["file_id"])
        assert [one.fault for one in copies.warnings] == ["skewed"]
        (text,) = await told(world, PROCESSED)
        assert "membersihkan material longsor tersebut" in text.data["text"]
        assert copies.normalised
        content = await stored(world, copies.normalised.key)
        assert "PEMERINTAH" in text_layer_at(content, (0.05, 0.07, 0.3, 0.13))

    async def test_K14_photograph_in_heic_taken_sideways(self, world: World) -> None:
        target = io.BytesIO()
        pillow_heif.from_pillow(letter(200).convert("RGB").rotate(90, expand=True)).save(target)
        body = await world.registered(files=[("IMG_0001.heic", target.getvalue())])
        await copy_all(world)
        copies = await copies_of(world, body["files"][0]["file_id"])
        assert copies.archival
        (text,) = await told(world, PROCESSED)
        assert "Permohonan peminjaman alat berat" in text.data["text"]


class TestWrittenPages:
    """What a word processor sends."""

    async def test_text_it_carries_is_kept_and_not_read_again(self, world: World) -> None:
        body = await world.registered(files=[("surat.pdf", scans.text_pdf("Nomor 005/117\nPermohonan bantuan"))])
        await copy_all(world)
        copies = await copies_of(world, body["files"][0]["file_id"])
        assert not copies.recognised
        assert await told(world, PROCESSED) == []
        words = await words_of(world.context, copies.file_id)
        assert words
        assert [word.text for word in words[0].words] == ["Nomor", "005/117", "Permohonan", "bantuan"]
        first = words[0].words[0]
        assert first.left == pytest.approx(50 / 595, abs=0.01)
        assert first.bottom == pytest.approx((842 - 800) / 842, abs=0.01)

    async def test_of_more_words_than_any_paper_holds_the_first_are_kept(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        body = await world.registered(files=[("surat.pdf", wordy_pdf(40_000))])
        file_id = body["files"][0]["file_id"]
        await copy_all(world)
        (page,) = await words_of(world.context, file_id) or ()
        assert len(page.words) == written.MOST_WORDS
        monkeypatch.setattr(read_words, "MOST_PAGE_BYTES", 200_000)
        assert await words_of(world.context, file_id) == ()

    async def test_one_without_its_fonts_is_a_pdf_and_does_not_pass_for_an_archives(self, world: World) -> None:
        body = await world.registered(files=[("surat.pdf", scans.text_pdf("Nomor 005/117"))])
        await copy_all(world)
        copies = await copies_of(world, body["files"][0]["file_id"])
        assert copies.normalised
        assert not copies.archival


class TestAcknowledgement:
    """Nobody waits for copies."""

    async def test_K3_letter_is_registered_while_nothing_can_be_copied(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def never(*_: Any, **__: Any) -> bytes:
            await asyncio.sleep(3600)
            return b""

        monkeypatch.setattr(run_program, "run_apart", never)
        first = await world.registered(files=[("pindai.pdf", scanned_pdf(letter()))])
        copying = asyncio.create_task(copy_all(world))
        async with asyncio.timeout(60):
            second = await world.registered(files=[("pindai.pdf", scanned_pdf(letter()))])
        assert second["agenda_number"] == first["agenda_number"] + 1
        assert not copying.done()
        copying.cancel()
        await asyncio.gather(copying, return_exceptions=True)


async def copies_key(world: World, body: dict[str, Any]) -> str:
    """Where the original of a registered letter lies."""
    letter_kept = await world.context.letters.get(body["id"])
    assert letter_kept
    return letter_kept.files[0].object_key


def wordy_pdf(words: int) -> bytes:
    """A page full of words, of a few kilobytes."""
    document, target = pikepdf.new(), io.BytesIO()
    page = document.add_blank_page(page_size=(595, 842))
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font))
    line = b"(" + b"a " * 50 + b") Tj 0 -1 Td "
    page.Contents = document.make_stream(b"BT /F 1 Tf 10 800 Td " + line * (words // 50) + b"ET")
    document.save(target)
    return target.getvalue()


def text_layer_at(content: bytes, box: tuple[float, float, float, float]) -> str:
    """The text a reader finds in a part of the first page, as it is shown."""
    page = pypdfium2.PdfDocument(content)[0]
    to_shown = np.linalg.inv(written.shown_to_page(page, 1000, 1000))
    left, top, right, bottom = (part * 1000 for part in box)
    words = written.words_of(page.get_textpage(), to_shown)
    return " ".join(text for text, at in words if left <= at[0] and at[2] <= right and top <= at[1] and at[3] <= bottom)
