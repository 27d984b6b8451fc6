"""Looking at pages: each sheet is found, however it was scanned, and no page of a letter is taken for one."""

import io
import random
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image, ImageDraw, ImageFont

from services.intake.domain.batches.sheet import FAMILY, SeparatorSheet, SheetDefaults, code_of
from services.intake.domain.batches.splitting import SeenPage, finding_of
from tests.intake import scans
from tests.intake.batches.pile import (
    A4_AT_150,
    HARMS,
    KEY,
    PAIRS,
    SHEET,
    UNIT,
    Harm,
    bilevel,
    letter_picture,
    noisy,
    pdf_of,
    sheet_picture,
    sideways,
    skewed,
    small,
    squeezed,
    stamped,
    tiff_of,
    upside_down,
)
from tests.intake.batches.programs import look

PDF, TIFF = "application/pdf", "image/tiff"
BARE = SeparatorSheet(unit_id=UNIT, defaults=SheetDefaults())


def found(seen: list[SeenPage]) -> list[SeparatorSheet | None]:
    """The sheets among the pages."""
    return [finding_of(one, KEY).sheet for one in seen]


class TestSheets:
    @pytest.mark.parametrize("harm", HARMS, ids=lambda harm: harm.__name__)
    def test_every_sheet_is_found_whatever_befell_it(self, tmp_path: Path, harm: Harm) -> None:
        chance = random.Random(repr(harm).split()[1])
        sheets = [SHEET, BARE, SHEET]
        content = pdf_of([harm(sheet_picture(one), chance) for one in sheets])
        assert found(look(content, PDF, 1, len(sheets), tmp_path)) == sheets

    @pytest.mark.parametrize("harms", PAIRS, ids=lambda harms: "-".join(one.__name__ for one in harms))
    def test_every_sheet_is_found_whatever_befell_it_twice(self, tmp_path: Path, harms: tuple[Harm, Harm]) -> None:
        first, second = harms
        chance = random.Random(repr(first).split()[1] + repr(second).split()[1])
        content = pdf_of([second(first(sheet_picture(SHEET), chance), chance) for _ in range(2)])
        assert found(look(content, PDF, 1, 2, tmp_path)) == [SHEET, SHEET]

    def test_a_sheet_in_a_tiff_is_found(self, tmp_path: Path) -> None:
        content = tiff_of([letter_picture(1), sheet_picture(), letter_picture(2)])
        assert found(look(content, TIFF, 1, 3, tmp_path)) == [None, SHEET, None]

    def test_a_sheet_of_sixteen_bits_is_found(self, tmp_path: Path) -> None:
        target = io.BytesIO()
        Image.fromarray(np.asarray(sheet_picture()).astype(np.uint16) * 257).save(target, "TIFF", dpi=(150, 150))
        assert found(look(target.getvalue(), TIFF, 1, 1, tmp_path)) == [SHEET]

    def test_how_a_sheet_lay_is_told(self, tmp_path: Path) -> None:
        chance = random.Random(1)
        turned = [sheet_picture(), sideways(sheet_picture(), chance), upside_down(sheet_picture(), chance)]
        seen = look(pdf_of(turned), PDF, 1, 3, tmp_path)
        turns = [finding_of(one, KEY).turned for one in seen]
        assert turns[0] == 0
        assert turns[1] in (90, 270)
        assert turns[2] == 180


class TestLetters:
    def test_no_page_of_a_letter_is_taken_for_a_sheet(self, tmp_path: Path) -> None:
        pages = [
            *(letter_picture(seed) for seed in range(3)),
            *(harm(letter_picture(9), random.Random(9)) for harm in HARMS),
        ]
        seen = look(pdf_of(pages), PDF, 1, len(pages), tmp_path)
        assert [one.codes for one in seen] == [()] * len(pages)
        assert not any(one.failed for one in seen)

    def test_other_codes_on_letters_divide_nothing(self, tmp_path: Path) -> None:
        texts = [
            "https://tte.kominfo.go.id/verifyPDF/0123456789abcdef",
            "00020101021126610014ID.CO.QRIS.WWW0215ID10243216789010303UMI51440014ID.CO.QRIS.WWW",
            "BEGIN:VCARD\nVERSION:3.0\nN:Sudira;Wayan\nEND:VCARD",
            "LEMBAR PEMISAH",
            "LTR-P1",
            "PATCHT",
        ]
        pages = [stamped(letter_picture(seed), text) for seed, text in enumerate(texts)]
        pages += [harm(stamped(letter_picture(7), texts[0], scale=8), random.Random(3)) for harm in (skewed, bilevel)]
        seen = look(pdf_of(pages), PDF, 1, len(pages), tmp_path)
        assert [one.codes for one in seen] == [()] * len(pages)

    @pytest.mark.parametrize(
        "text",
        [
            code_of(SHEET, b"another house's key............."),
            code_of(SHEET, KEY)[:-3] + "AAA",
            code_of(SHEET, KEY).replace("LTR:P1:", "LTR:P2:"),
            f"{FAMILY}1:",
            f"{FAMILY}1:" + "A" * 200,
            f"{FAMILY}1:*** 0.1 ***",
        ],
        ids=["another house", "altered", "later version", "empty", "padded", "no code"],
    )
    def test_a_code_like_ours_that_is_not_ours_is_pointed_out_and_divides_nothing(
        self, tmp_path: Path, text: str
    ) -> None:
        (seen,) = look(pdf_of([stamped(letter_picture(4), text, scale=6)]), PDF, 1, 1, tmp_path)
        finding = finding_of(seen, KEY)
        assert finding.sheet is None
        assert finding.foreign

    def test_a_photocopied_sheet_on_a_corner_of_a_letter_is_a_sheet_by_its_seal_alone(self, tmp_path: Path) -> None:
        page = stamped(letter_picture(5), code_of(SHEET, KEY), scale=5)
        assert found(look(pdf_of([page]), PDF, 1, 1, tmp_path)) == [SHEET]


class TestBlankPages:
    def test_an_empty_page_is_told_and_a_page_with_a_few_words_is_not(self, tmp_path: Path) -> None:
        empty = Image.new("L", A4_AT_150, 250)
        punched = empty.copy()
        ImageDraw.Draw(punched).ellipse((10, 800, 45, 835), fill=0)
        number = empty.copy()
        ImageDraw.Draw(number).text((610, 100), "- 2 -", font=ImageFont.load_default(size=24), fill=0)
        pages = [empty, noisy_paper(empty), punched, number, small(letter_picture(3), random.Random(2))]
        seen = look(pdf_of(pages), PDF, 1, len(pages), tmp_path)
        assert [one.blank for one in seen] == [True, True, True, False, False]


class TestPreviews:
    def test_each_page_is_pictured_at_two_sizes(self, tmp_path: Path) -> None:
        look(pdf_of([letter_picture(1), squeezed(letter_picture(2), random.Random(1))]), PDF, 1, 2, tmp_path)
        for page in (1, 2):
            for size, side in (("small", 320), ("large", 1400)):
                with Image.open(tmp_path / f"{page}-{size}.webp") as picture:
                    assert (picture.format, max(picture.size)) == ("WEBP", side)

    def test_only_the_pages_asked_for_are_looked_at(self, tmp_path: Path) -> None:
        seen = look(pdf_of([letter_picture(seed) for seed in range(4)]), PDF, 2, 2, tmp_path)
        assert [one.page for one in seen] == [2, 3]
        assert {one.name.split("-")[0] for one in tmp_path.glob("*.webp")} == {"2", "3"}


class TestBadPages:
    def test_a_page_that_cannot_be_drawn_does_not_keep_the_others_back(self, tmp_path: Path) -> None:
        with pikepdf.open(io.BytesIO(scans.text_pdf("Satu", "Dua", "Tiga"))) as document:
            document.Root.Pages.Kids[1] = pikepdf.Dictionary(Type=pikepdf.Name.Foo)
            target = io.BytesIO()
            document.save(target)
        seen = look(target.getvalue(), PDF, 1, 3, tmp_path)
        assert [(one.page, one.failed) for one in seen] == [(1, False), (2, True), (3, False)]
        assert {one.name for one in tmp_path.glob("*-large.webp")} == {"1-large.webp", "3-large.webp"}


def noisy_paper(page: Image.Image) -> Image.Image:
    """The grain of recycled paper."""
    return noisy(page, random.Random(5)).point([max(shade, 215) for shade in range(256)])
