"""Printing: data stay data, nothing outside the folder is read, and the same input gives the same bytes."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.chassis.errors import ServiceError
from services.chassis.paper import MAX_DATA_BYTES, Paper, Unprintable
from services.chassis.qr import qr_svg
from tests.printed import archival_part, codes_on, text_of

AT = datetime(2026, 3, 3, 1, 30, tzinfo=UTC)
SLIP = """
#let data = json(bytes(sys.inputs.data))
#set page(width: 148mm, height: 105mm)
#set document(title: data.title)
#data.title #data.subject
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one template."""
    (tmp_path / "slip.typ").write_text(SLIP, encoding="utf-8")
    return tmp_path


@pytest.fixture
def slow(folder: Path) -> Path:
    """The folder with a template that takes its time."""
    reckoning = "#let x = range(40).map(i => range(3000).map(j => calc.pow(1.0001, j)).sum()).sum()"
    (folder / "slow.typ").write_text(f"{reckoning}\n#if x > 0 [selesai]", encoding="utf-8")
    return folder


@pytest.fixture
def paper(folder: Path) -> Paper:
    """A printer of it."""
    return Paper(folder)


class TestPrint:
    async def test_the_data_are_on_the_page(self, paper: Paper) -> None:
        pdf = await paper.print("slip", {"title": "Tanda Terima", "subject": "Permohonan alat berat"}, at=AT)
        assert text_of(pdf) == "Tanda Terima Permohonan alat berat"

    async def test_the_same_page_twice_is_the_same_bytes(self, folder: Path) -> None:
        data = {"title": "Tanda Terima", "subject": "Undangan"}
        first = await Paper(folder).print("slip", data, at=AT)
        assert await Paper(folder).print("slip", data, at=AT) == first

    async def test_it_is_fit_for_the_archive(self, paper: Paper) -> None:
        assert archival_part(await paper.print("slip", {"title": "A", "subject": "B"}, at=AT)) == "2"

    @pytest.mark.parametrize(
        "subject",
        [
            '#import "@preview/cetz:0.3.0": *',
            '#read("/etc/passwd")',
            "*tebal* _miring_ = judul $x^2$ <label> @ref \\ `kode` // bukan komentar",
            '"}; #panic("x") //',
            "]#text(red)[merah",
        ],
    )
    async def test_markup_in_data_is_printed_as_it_stands(self, paper: Paper, subject: str) -> None:
        pdf = await paper.print("slip", {"title": "Perihal:", "subject": subject}, at=AT)
        assert text_of(pdf) == f"Perihal: {subject}"

    async def test_characters_that_hide_or_turn_others_are_left_out(self, paper: Paper) -> None:
        hostile = "Surat\u202egnasap\u202c a\u200bman\x00\x07\ud800 baris\nbaru"
        pdf = await paper.print("slip", {"title": "Perihal:", "subject": hostile}, at=AT)
        assert text_of(pdf) == "Perihal: Suratgnasap aman baris baru"

    async def test_characters_no_font_has_do_not_stop_it(self, paper: Paper) -> None:
        pdf = await paper.print("slip", {"title": "Salam", "subject": "ᬒᬁ 漢字 😀 selesai"}, at=AT)
        assert "Salam" in text_of(pdf)
        assert "selesai" in text_of(pdf)

    async def test_a_drawing_is_placed(self, folder: Path) -> None:
        (folder / "drawn.typ").write_text(
            '#image(bytes(sys.inputs.mark), format: "svg", width: 30mm, alt: "QR")', encoding="utf-8"
        )
        pdf = await Paper(folder).print("drawn", {}, at=AT, drawings={"mark": qr_svg("LONTAR")})
        assert codes_on(pdf) == ["LONTAR"]


class TestTheFolder:
    async def test_a_template_reads_nothing_outside(self, folder: Path) -> None:
        secret = folder.parent / "secret.txt"
        secret.write_text("rahasia", encoding="utf-8")
        (folder / "nosy.typ").write_text('#read("../secret.txt")', encoding="utf-8")
        with pytest.raises(Unprintable, match="escape"):
            await Paper(folder).print("nosy", {}, at=AT)

    def test_a_template_with_a_package_is_refused_at_once(self, folder: Path) -> None:
        (folder / "greedy.typ").write_text('#import "@preview/cetz:0.3.0": *', encoding="utf-8")
        with pytest.raises(Unprintable, match="network"):
            Paper(folder)

    @pytest.mark.parametrize("name", ["../slip", "/etc/passwd", "slip.typ", "", "missing"])
    async def test_only_a_template_of_the_folder_is_printed(self, paper: Paper, name: str) -> None:
        with pytest.raises(Unprintable, match="no template"):
            await paper.print(name, {}, at=AT)


class TestBounds:
    async def test_too_much_for_a_page_is_refused(self, paper: Paper) -> None:
        with pytest.raises(Unprintable, match="bytes"):
            await paper.print("slip", {"title": "x", "subject": "y" * MAX_DATA_BYTES}, at=AT)

    async def test_who_waits_too_long_is_told_to_come_again(self, slow: Path) -> None:
        with pytest.raises(ServiceError) as refused:
            await Paper(slow, timeout_seconds=0.01).print("slow", {}, at=AT)
        assert (refused.value.status, refused.value.code) == (503, "unavailable")

    async def test_the_loop_goes_on_meanwhile(self, slow: Path) -> None:
        turns = 0
        printing = asyncio.create_task(Paper(slow).print("slow", {}, at=AT))
        while not printing.done():
            await asyncio.sleep(0.001)
            turns += 1
        assert text_of(await printing) == "selesai"
        assert turns > 20
