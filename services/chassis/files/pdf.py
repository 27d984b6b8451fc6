"""PDF documents. Invariant: only what opens without repair and without a password, and does nothing by itself, passes.

qpdf mends damaged files silently, and a mended half of a letter would be kept as the original: recovery is therefore
off, a warning is a refusal, and the end-of-file mark must be there. Structures are inflated within a fixed memory, so a
small file cannot blow up (qpdf's limits are the process's own and set once, here).

Every object of the file is looked at, whether a page leads to it or not, but no page is drawn and no picture decoded.
"""

from typing import BinaryIO

import pikepdf
from pikepdf import settings as qpdf

from services.chassis.files.limits import FileLimits, PixelCount
from services.chassis.files.pdf_actions import is_active, may_be_active
from services.chassis.files.refusal import active_content, broken, encrypted

TAIL_BYTES = 1024
INFLATED_BYTES = 64 * 1024 * 1024
RENDERED_DPI = 300
"""At which a page is drawn for its copies: so many pixels does a page's size come to."""
_POINTS = 72

qpdf.set_qpdf_limits(
    flate_max_memory=INFLATED_BYTES,
    run_length_max_memory=INFLATED_BYTES,
    png_max_memory=INFLATED_BYTES,
    tiff_max_memory=INFLATED_BYTES,
    max_stream_filters=4,
    doc_max_warnings=2000,
)

_HARMLESS = "Resources is missing or invalid"
"""A page that draws nothing names no fonts and pictures, though it should."""
_UNREADABLE = (pikepdf.PdfError, ValueError, TypeError, KeyError, RuntimeError, ArithmeticError, MemoryError)


def inspect_pdf(content: BinaryIO, size: int, limits: FileLimits) -> int:
    """The number of pages; raises Unacceptable for what is broken, locked, empty, too large or does things."""
    content.seek(max(0, size - TAIL_BYTES))
    if b"%%EOF" not in content.read(TAIL_BYTES):
        raise broken()
    content.seek(0)
    try:
        with pikepdf.open(content, attempt_recovery=False, suppress_warnings=True) as document:
            return _judged(document, limits)
    except pikepdf.PasswordError:
        raise encrypted() from None
    except _UNREADABLE:
        raise broken() from None


def _judged(document: pikepdf.Pdf, limits: FileLimits) -> int:
    if document.is_encrypted:
        raise encrypted()
    _check_announced(document, limits)
    pages = len(document.pages)
    if _needs_repair(document) or pages == 0:
        raise broken()
    limits.check_pages(pages)
    pixels = PixelCount(limits)
    for page in document.pages:
        _check_size(page, limits)
    for one in document.objects:
        if isinstance(one, pikepdf.Object):  # nothing, numbers and truth come as Python's own
            _check_object(one, pixels)
    if _needs_repair(document):
        raise broken()
    return pages


def _needs_repair(document: pikepdf.Pdf) -> bool:
    return any(_HARMLESS not in str(warning) for warning in document.get_warnings())


def _check_announced(document: pikepdf.Pdf, limits: FileLimits) -> None:
    """What the tree of pages says of itself, before its pages are counted: a liar gains nothing by it."""
    announced = document.Root.get("/Pages", pikepdf.Dictionary()).get("/Count", 0)
    if isinstance(announced, int):
        limits.check_pages(announced)


def _check_size(page: pikepdf.Page, limits: FileLimits) -> None:
    """Drawn, a page of a kilometre would be the bomb that its pictures are not."""
    left, bottom, right, top = (float(one) for one in page.mediabox)
    scale = float(page.obj.get("/UserUnit", 1)) * RENDERED_DPI / _POINTS
    limits.check_page(abs(right - left) * scale, abs(top - bottom) * scale)


def _check_object(one: pikepdf.Object, pixels: PixelCount) -> None:
    # Written out, names are spelt one way only; few objects hold a word that is worth a closer look.
    is_stream = isinstance(one, pikepdf.Stream)
    written = (one.stream_dict if is_stream else one).unparse(resolved=True)
    if may_be_active(written) and is_active(one):
        raise active_content()
    if is_stream:
        _check_stream(one, pixels)


def _check_stream(stream: pikepdf.Object, pixels: PixelCount) -> None:
    if "/F" in stream:
        # Its bytes are said to lie in another file, which a reader would fetch.
        raise active_content()
    if stream.get("/Subtype") == "/Image":
        width, height = stream.get("/Width", 0), stream.get("/Height", 0)
        if not isinstance(width, int) or not isinstance(height, int):
            raise broken()
        pixels.add(width, height)
