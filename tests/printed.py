"""What a printed page says to those who hold it: its text, and the codes on it."""

import io

import pikepdf
import pypdfium2
import zxingcpp

DOTS_PER_INCH = 150
"""What a cheap printer puts on paper, and a cheap telephone sees of it."""


def text_of(pdf: bytes) -> str:
    """What can be read on the pages, on one line."""
    pages = pypdfium2.PdfDocument(pdf)
    return " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in pages)


def codes_on(pdf: bytes) -> list[str]:
    """The texts of the codes on the first page."""
    image = pypdfium2.PdfDocument(pdf)[0].render(scale=DOTS_PER_INCH / 72, grayscale=True).to_pil()
    return [one.text for one in zxingcpp.read_barcodes(image)]


def sheets(pdf: bytes) -> list[tuple[int, int]]:
    """Width and height of each page in millimetres."""
    pages = pypdfium2.PdfDocument(pdf)
    return [(round(page.get_width() / 72 * 25.4), round(page.get_height() / 72 * 25.4)) for page in pages]


def archival_part(pdf: bytes) -> str:
    """Which part of PDF/A the document says it keeps to; empty for none."""
    with pikepdf.open(io.BytesIO(pdf)) as opened, opened.open_metadata() as metadata:
        return str(metadata.get("pdfaid:part", ""))
