"""What a printed page says to those who hold it: its text, and the codes on it.

PDFium is not made for threads: one at a time is in it, and what it opened is closed there too.
"""

import io
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pikepdf
import pypdfium2
import zxingcpp

DOTS_PER_INCH = 150
"""What a cheap printer puts on paper, and a cheap telephone sees of it."""
HYPHEN_AT_THE_END = "\ufffe"
"""What PDFium reads where a line ends with a hyphen, and the next goes on without a space."""
MAY_BREAK = "\u200b"
"""What stands in a long word where it may be broken."""
_ONE_AT_A_TIME = threading.Lock()


@contextmanager
def _pages(pdf: bytes) -> Iterator[list[Any]]:
    with _ONE_AT_A_TIME, closing(pypdfium2.PdfDocument(pdf)) as document:
        pages = [document[number] for number in range(len(document))]
        try:
            yield pages
        finally:
            for page in pages:
                page.close()


def text_of(pdf: bytes) -> str:
    """What can be read on the pages, on one line."""
    found = []
    with _pages(pdf) as pages:
        for page in pages:
            with closing(page.get_textpage()) as text:
                found.append(" ".join(text.get_text_range().split()))
    return " ".join(found).replace(HYPHEN_AT_THE_END, "-").replace(MAY_BREAK, "")


def codes_on(pdf: bytes) -> list[str]:
    """The texts of the codes on the first page."""
    with _pages(pdf) as pages, closing(pages[0].render(scale=DOTS_PER_INCH / 72, grayscale=True)) as bitmap:
        image = bitmap.to_pil().copy()
    return [one.text for one in zxingcpp.read_barcodes(image)]


def sheets(pdf: bytes) -> list[tuple[int, int]]:
    """Width and height of each page in millimetres."""
    with _pages(pdf) as pages:
        return [(round(page.get_width() / 72 * 25.4), round(page.get_height() / 72 * 25.4)) for page in pages]


def archival_part(pdf: bytes) -> str:
    """Which part of PDF/A the document says it keeps to; empty for none."""
    with pikepdf.open(io.BytesIO(pdf)) as opened, opened.open_metadata() as metadata:
        return str(metadata.get("pdfaid:part", ""))
