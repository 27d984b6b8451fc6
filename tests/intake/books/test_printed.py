"""The books as files: what is in the workbook, what is on paper, and what is refused."""

import asyncio
from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from services.chassis.apart import ApartFailed
from services.chassis.sheets import XLSX
from services.contracts.routing import BranchReceived
from services.intake.commands.books import make_files, typeset_book
from tests.events import deliver
from tests.intake.books.desk import delivered, facts, way
from tests.intake.books.test_agenda import book, secretary, thicken
from tests.intake.books.test_numbers import TODAY, YEAR
from tests.intake.world import World
from tests.printed import archival_part, sheets, text_of


def strange(world: World) -> dict[str, object]:
    """A letter whose words are as long and as strange as they can be."""
    return world.letter(
        subject='#import "x"; *tebal* $1$ ' + "p" * 470,
        letter_number="n" * 200,
        summary="=cmd()|' /C calc'!A0",
        addressees=[{"kind": "external", "name": f"{number:03d}" + "t" * 197} for number in range(50)],
        direction="outgoing",
        book="masuk",
    )


class TestWorkbook:
    """XLSX."""

    async def test_it_holds_what_the_book_holds(self, world: World) -> None:
        voided = await world.registered(letter=world.letter(letter_number="=1+1"))
        await world.registered(letter=world.letter(confidentiality="secret", subject="Mutasi"))
        await world.act("POST", f"/v1/letters/{voided['id']}/void", {"reason": "Tercatat dua kali"})
        answer = await world.download(book(world, suffix=".xlsx"), secretary(world))
        assert (answer.status, answer.headers["Content-Type"]) == (200, XLSX)
        assert answer.headers["Content-Disposition"] == f'attachment; filename="buku-agenda-masuk-{YEAR}.xlsx"'
        opened = load_workbook(BytesIO(answer.body))
        sheet = opened["Buku Agenda Surat Masuk"]
        headings, first, second = list(sheet.iter_rows())
        row = dict(zip([one.value for one in headings], first, strict=True))
        assert (row["Nomor agenda"].value, row["Dari"].value) == (1, "Desa Sekartaji")
        assert row["Perihal"].font.strike
        assert "BATAL: Tercatat dua kali (Ni Luh Sari" in row["Keterangan"].value
        assert (row["Nomor surat"].value, row["Nomor surat"].data_type) == ("=1+1", "s")
        assert [one.value for one in second if one.value] == [2, "Rahasia"]
        assert opened["Keterangan"]["B3"].value == f"Tahun {YEAR}"

    async def test_the_ekspedisi_has_a_row_for_each_addressee(self, world: World) -> None:
        letter, branch = await world.registered(), way(world.agency)
        await delivered(world, letter, branch, way(world.neighbour))
        await deliver(world.service, BranchReceived(**facts(letter, branch, world.head)), 3)
        answer = await world.download(f"/v1/dispatches/{world.village.unit_id}.xlsx")
        rows = list(load_workbook(BytesIO(answer.body))["Buku Ekspedisi"].iter_rows(values_only=True))
        assert len(rows) == 3
        row = dict(zip(rows[0], rows[1], strict=True))
        assert (row["Tujuan"], row["Status"]) == ("Dinas Pekerjaan Umum", "Diterima")
        assert row["Diterima oleh"] == "Wayan Sudira (Kepala Dinas PU)"

    async def test_more_than_fits_is_refused_and_never_cut(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        for _ in range(3):
            await world.registered()
        few = world.context.settings.model_copy(update={"book_rows": 2, "book_print_rows": 2})
        object.__setattr__(world.context, "settings", few)
        for suffix in (".xlsx", ".pdf"):
            refused = await world.get(book(world, suffix=suffix))
            assert (refused.status, refused.code, refused.body["most"]) == (422, "book_too_long", 2)


class TestPrint:
    """PDF."""

    async def test_it_is_a4_across_with_head_and_pages(self, world: World) -> None:
        named = world.context.settings.model_copy(update={"regency_name": "Pemerintah Kabupaten Klungkung"})
        object.__setattr__(world.context, "settings", named)
        count = await thicken(world, (await world.registered())["id"], 120)
        answer = await world.download(book(world, suffix=".pdf"))
        assert (answer.status, answer.headers["Content-Type"]) == (200, "application/pdf")
        paper = sheets(answer.body)
        assert set(paper) == {(297, 210)}
        assert len(paper) > 1
        assert archival_part(answer.body) == "2"
        text = text_of(answer.body)
        for part in (
            "PEMERINTAH KABUPATEN KLUNGKUNG",
            "DESA SEKARTAJI",
            "BUKU AGENDA SURAT MASUK",
            f"Tahun {YEAR}",
            f"Halaman 1 dari {len(paper)}",
            f"Halaman {len(paper)} dari {len(paper)}",
            f"Buku ini memuat {count} baris.",
            "Mengetahui",
        ):
            assert part in text
        assert text.count("Nomor dan tanggal surat") == len(paper)

    async def test_a_void_row_says_why_and_a_secret_one_nothing(self, world: World) -> None:
        voided = await world.registered()
        await world.act("POST", f"/v1/letters/{voided['id']}/void", {"reason": "Tercatat dua kali"})
        await world.registered(letter=world.letter(confidentiality="top_secret", subject="Mutasi pejabat"))
        text = text_of((await world.download(book(world, suffix=".pdf"), secretary(world))).body)
        assert "BATAL: Tercatat dua kali" in text
        assert "2 Rahasia" in text
        assert "Mutasi" not in text

    async def test_words_are_printed_and_never_read_as_markup(self, world: World) -> None:
        for _ in range(3):
            await world.registered(letter=strange(world))
        answer = await world.download(book(world, suffix=".pdf"))
        assert answer.status == 200
        text = text_of(answer.body)
        assert '#import "x"; *tebal* $1$' in text
        assert "dan 47 lainnya" in text
        assert len(sheets(answer.body)) <= 3

    async def test_K10_practice_says_so_on_paper(self, world: World) -> None:
        await world.registered(letter=world.letter(training=True))
        text = text_of((await world.download(book(world, "latihan-masuk", ".pdf"))).body)
        assert "LATIHAN: BUKAN BUKU YANG SEBENARNYA" in text

    async def test_the_ekspedisi_says_who_took_it(self, world: World) -> None:
        letter, branch = await world.registered(), way(world.agency)
        await delivered(world, letter, branch)
        await deliver(world.service, BranchReceived(**facts(letter, branch, world.head)), 3)
        days = f"?from={TODAY - timedelta(days=1)}&to={TODAY}"
        text = text_of((await world.download(f"/v1/dispatches/{world.village.unit_id}.pdf{days}")).body)
        assert "BUKU EKSPEDISI" in text
        assert "Wayan Sudira (Kepala Dinas PU)" in text

    async def test_what_cannot_be_printed_now_is_told_to_come_again(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def failing(*_: object, **__: object) -> bytes:
            raise ApartFailed("it ended with signal 9")

        monkeypatch.setattr(typeset_book, "run_apart", failing)
        await world.registered()
        refused = await world.get(book(world, suffix=".pdf"))
        assert (refused.status, refused.code) == (503, "unavailable")
        assert refused.headers["Retry-After"]

    async def test_files_are_made_one_at_a_time(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(make_files, "PATIENCE_SECONDS", 0.05)
        await world.registered()
        async with world.context.books.making:
            refused = await asyncio.gather(*(world.get(book(world, suffix=one)) for one in (".pdf", ".xlsx")))
        assert {(one.status, one.code) for one in refused} == {(503, "unavailable")}
        assert (await world.download(book(world, suffix=".xlsx"))).status == 200
