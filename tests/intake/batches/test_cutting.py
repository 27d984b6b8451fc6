"""Cutting letters out of a scan: whole, the right way up, the same each time, and with nothing of other letters."""

import hashlib
import io
import random
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2
import pytest
from PIL import Image

from tests.intake import scans
from tests.intake.batches.pile import letter_picture, pdf_of, tiff_of
from tests.intake.batches.programs import cut

PDF, TIFF = "application/pdf", "image/tiff"


def texts(content: bytes) -> list[str]:
    """The text of each page."""
    return [str(page.get_textpage().get_text_bounded()) for page in pypdfium2.PdfDocument(content)]


def sizes(content: bytes) -> list[tuple[int, int]]:
    """The size of each page as it is shown, in points."""
    return [(round(width), round(height)) for width, height in map(_size, pypdfium2.PdfDocument(content))]


def _size(page: pypdfium2.PdfPage) -> tuple[float, float]:
    width, height = page.get_size()
    return width, height


class TestPdf:
    def test_the_pages_named_in_their_order(self, tmp_path: Path) -> None:
        content = scans.text_pdf("Satu", "Dua", "Tiga", "Empat")
        assert texts(cut(content, PDF, "4:0,2:0", tmp_path)) == ["Empat", "Dua"]

    def test_turned_as_asked_for_on_top_of_how_they_lay(self, tmp_path: Path) -> None:
        with pikepdf.open(io.BytesIO(scans.text_pdf("Satu", "Dua"))) as document:
            document.pages[1].rotate(90, relative=True)
            target = io.BytesIO()
            document.save(target)
        assert sizes(cut(target.getvalue(), PDF, "1:90,2:90", tmp_path)) == [(842, 595), (595, 842)]

    def test_again_gives_the_same_bytes(self, tmp_path: Path) -> None:
        content = pdf_of([letter_picture(seed) for seed in range(3)])
        made = {hashlib.sha256(cut(content, PDF, "3:90,1:0", tmp_path)).hexdigest() for _ in range(3)}
        assert len(made) == 1

    def test_nothing_of_other_letters_is_in_it(self, tmp_path: Path) -> None:
        """A scanner that hangs the pictures of all pages on each, as many do, does not give one letter to another."""
        content = _all_on_each([letter_picture(seed) for seed in range(4)])
        made = cut(content, PDF, "2:0", tmp_path)
        with pikepdf.open(io.BytesIO(made)) as document:
            pictures = [one for one in document.objects if _is_picture(one)]
        assert len(pictures) == 1
        assert len(made) < len(content) / 3

    def test_nothing_that_leads_to_other_pages_is_in_it(self, tmp_path: Path) -> None:
        content = _linked()
        with pikepdf.open(io.BytesIO(cut(content, PDF, "1:0", tmp_path))) as document:
            assert len(document.pages) == 1
            assert [str(one.Subtype) for one in document.pages[0].Annots] == ["/Stamp"]
            assert "/Outlines" not in document.Root
            assert "/StructTreeRoot" not in document.Root
            assert not any(b"rahasia" in bytes(one.read_bytes()) for one in document.objects if _is_stream(one))

    def test_a_resource_that_pages_inherit_goes_with_them(self, tmp_path: Path) -> None:
        with pikepdf.open(io.BytesIO(scans.text_pdf("Satu", "Dua"))) as document:
            document.Root.Pages.Resources = document.pages[0].Resources
            document.Root.Pages.MediaBox = document.pages[0].MediaBox
            for page in document.pages:
                del page.obj["/Resources"]
                del page.obj["/MediaBox"]
            target = io.BytesIO()
            document.save(target)
        assert texts(cut(target.getvalue(), PDF, "2:0", tmp_path)) == ["Dua"]


class TestTiff:
    def test_pages_are_cut_pixel_for_pixel(self, tmp_path: Path) -> None:
        pictures = [letter_picture(seed).convert("1") for seed in range(3)]
        made = cut(tiff_of(pictures), TIFF, "3:0,1:0", tmp_path)
        assert [_same(made, at, pictures[page]) for at, page in ((0, 2), (1, 0))] == [True, True]

    def test_a_page_is_as_large_as_it_says(self, tmp_path: Path) -> None:
        assert sizes(cut(tiff_of([letter_picture(1)]), TIFF, "1:0", tmp_path)) == [(595, 842)]

    def test_turned_as_asked_for(self, tmp_path: Path) -> None:
        assert sizes(cut(tiff_of([letter_picture(1)]), TIFF, "1:270", tmp_path)) == [(842, 595)]

    @pytest.mark.parametrize("orientation", [1, 3, 6, 8, 2, 5])
    def test_it_is_shown_as_its_orientation_says(self, tmp_path: Path, orientation: int) -> None:
        lying = {1: None, 3: "ROTATE_180", 6: "ROTATE_90", 8: "ROTATE_270", 2: "FLIP_LEFT_RIGHT", 5: "TRANSPOSE"}
        upright = letter_picture(2).resize((310, 438))
        way = lying[orientation]
        stored = upright.transpose(Image.Transpose[way]) if way else upright
        target = io.BytesIO()
        stored.save(target, "TIFF", dpi=(72, 72), tiffinfo={274: orientation})
        assert _same(cut(target.getvalue(), TIFF, "1:0", tmp_path), 0, upright)

    @pytest.mark.parametrize("mode", ["1", "L", "RGB", "P", "LA", "RGBA", "CMYK", "I;16"])
    def test_every_kind_of_picture_can_be_cut(self, tmp_path: Path, mode: str) -> None:
        target = io.BytesIO()
        shades = letter_picture(3).resize((310, 438))
        if mode == "I;16":
            picture = Image.fromarray(np.asarray(shades).astype(np.uint16) * 257)
        else:
            picture = shades.convert("RGB").convert(mode) if mode != "L" else shades
        picture.save(target, "TIFF", dpi=(72, 72))
        made = cut(target.getvalue(), TIFF, "1:0", tmp_path)
        drawn = np.asarray(pypdfium2.PdfDocument(made)[0].render(scale=1).to_pil().convert("L"), dtype=np.int16)
        assert abs(drawn - np.asarray(shades, dtype=np.int16)).mean() < (20 if mode == "1" else 12)

    def test_again_gives_the_same_bytes(self, tmp_path: Path) -> None:
        content = tiff_of([letter_picture(seed) for seed in range(2)])
        assert cut(content, TIFF, "2:90,1:0", tmp_path) == cut(content, TIFF, "2:90,1:0", tmp_path)


def _same(made: bytes, at: int, picture: Image.Image) -> bool:
    """Whether the page shows this picture, pixel for pixel."""
    with pikepdf.open(io.BytesIO(made)) as document:
        (image,) = _pictures(document.pages[at])
        shown = pikepdf.PdfImage(image).as_pil_image()
    return np.array_equal(np.asarray(shown.convert("L")), np.asarray(picture.convert("L")))


def _pictures(page: pikepdf.Page) -> list[pikepdf.Stream]:
    return [one for one in page.obj.Resources.XObject.values() if isinstance(one, pikepdf.Stream)]


def _all_on_each(pictures: list[Image.Image]) -> bytes:
    """A PDF in which all pages share one dictionary of all pictures, and each draws its own."""
    with pikepdf.open(io.BytesIO(pdf_of(pictures))) as document:
        names = {f"/Im{at}": _pictures(page)[0] for at, page in enumerate(document.pages)}
        shared = document.make_indirect(pikepdf.Dictionary(XObject=pikepdf.Dictionary(names)))
        for at, page in enumerate(document.pages):
            page.obj.Resources = shared
            page.obj.Contents = document.make_stream(b"q 595 0 0 842 0 0 cm /Im%d Do Q" % at)
        target = io.BytesIO()
        document.save(target)
    return target.getvalue()


def _linked() -> bytes:
    """A PDF with a link and an outline to its secret second page, a thread through both, and a stamp."""
    with pikepdf.open(io.BytesIO(scans.text_pdf("Terbuka", "Ini rahasia"))) as document:
        first, second = document.pages
        link = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Link,
            Rect=[0, 0, 9, 9],
            Dest=pikepdf.Array([second.obj, pikepdf.Name.Fit]),
        )
        stamp = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Stamp, Rect=[0, 0, 9, 9], P=second.obj)
        first.obj.Annots = pikepdf.Array([document.make_indirect(link), document.make_indirect(stamp)])
        bead = document.make_indirect(pikepdf.Dictionary(P=second.obj, R=[0, 0, 1, 1]))
        first.obj.B = pikepdf.Array([bead])
        first.obj.PieceInfo = pikepdf.Dictionary(Maker=pikepdf.Dictionary(Private=second.obj))
        with document.open_outline() as outline:
            outline.root.append(pikepdf.OutlineItem("Rahasia", 1))
        target = io.BytesIO()
        document.save(target, compress_streams=False)
    return target.getvalue()


def _is_stream(one: object) -> bool:
    return isinstance(one, pikepdf.Stream)


def _is_picture(one: object) -> bool:
    return isinstance(one, pikepdf.Stream) and one.get("/Subtype") == "/Image"


def test_any_turn_and_order_keeps_every_page(tmp_path: Path) -> None:
    chance = random.Random(2)
    content = scans.text_pdf(*(f"Halaman {number}" for number in range(1, 9)))
    for _ in range(5):
        wanted = chance.sample(range(1, 9), chance.randint(1, 8))
        said = ",".join(f"{page}:{chance.choice((0, 90, 180, 270))}" for page in wanted)
        assert texts(cut(content, PDF, said, tmp_path)) == [f"Halaman {page}" for page in wanted]
