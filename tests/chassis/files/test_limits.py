"""Pages and pixels: at the limit a file passes, above it it is refused for what it is."""

import io

import pytest

from services.chassis.files.inspection import ScanFinding, inspect_scan
from services.chassis.files.limits import FileLimits
from services.chassis.files.received import Received
from services.chassis.files.refusal import Unacceptable
from tests.intake import scans
from tests.intake.hostile import pdf_bombs, seeds

SMALL = 72 * 96


def inspected(content: bytes, limits: FileLimits) -> ScanFinding:
    """What the file is found to be."""
    return inspect_scan(Received("surat", io.BytesIO(content), len(content), ""), limits)


def fault(content: bytes, limits: FileLimits) -> str:
    """Why it is refused."""
    with pytest.raises(Unacceptable) as refusal:
        inspected(content, limits)
    return refusal.value.fault


class TestPages:
    @pytest.mark.parametrize("made", [lambda n: scans.pdf(n, pixels=(20, 20)), scans.tiff])
    def test_as_many_as_allowed_and_one_more(self, made: "type[bytes]") -> None:
        assert inspected(made(3), FileLimits(pages=3)).pages == 3
        assert fault(made(4), FileLimits(pages=3)) == "too_many_pages"

    def test_number_of_pages_that_is_a_lie_is_no_way_in(self) -> None:
        assert fault(pdf_bombs.pages(9, said=1), FileLimits(pages=8)) == "too_many_pages"

    def test_sentence_says_the_limit(self) -> None:
        with pytest.raises(Unacceptable, match="lebih dari 2 halaman"):
            inspected(scans.tiff(3), FileLimits(pages=2))


class TestPixels:
    @pytest.mark.parametrize("kind", ["jpeg", "png", "lzw.tiff", "heic"])
    def test_of_one_page(self, kind: str) -> None:
        content = seeds.WHOLE[kind]()
        assert inspected(content, FileLimits(page_pixels=SMALL)).pages == 1
        assert fault(content, FileLimits(page_pixels=SMALL - 1)) == "too_many_pixels"

    def test_of_all_pages_of_a_tiff(self) -> None:
        each = 120 * 160
        assert inspected(scans.tiff(3), FileLimits(pixels=3 * each)).pages == 3
        assert fault(scans.tiff(3), FileLimits(pixels=3 * each - 1)) == "too_many_pixels"

    def test_of_all_pictures_of_a_pdf(self) -> None:
        content = scans.pdf(3, pixels=(100, 100))
        assert inspected(content, FileLimits(pixels=30_000)).pages == 3
        assert fault(content, FileLimits(pixels=29_999)) == "too_many_pixels"

    def test_page_as_large_as_the_largest_drawing_passes(self) -> None:
        a0 = pdf_bombs.PAGE.replace(b"595 842", b"2384 3370")
        assert inspected(pdf_bombs.simple(page=a0), FileLimits()).pages == 1
