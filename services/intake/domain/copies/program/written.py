"""The text a page carries, with where it stands. Invariant: a page that carries a stamp alone is a picture."""

import ctypes
from typing import Any

import pypdfium2
import pypdfium2.raw as raw

from services.intake.domain.copies.program import plane

ENOUGH = 50
"""Letters and digits from which a page with a large picture counts as written: scanning apps write their name there."""
MOST_SIGNS, MOST_WORDS, LONGEST_WORD = 200_000, 10_000, 200
"""Of a page. No paper holds as many; a few kilobytes of PDF may, and all are kept in memory by whoever reads them."""
LARGE = 0.4
"""The part of the page a picture covers that may hold its text."""


def is_written(page: Any, textpage: Any) -> bool:
    """Whether the page's text is that which stands on it, so that nothing need be recognised."""
    signs = sum(symbol.isalnum() for symbol in textpage.get_text_bounded())
    return signs >= ENOUGH or (signs > 0 and not _pictured(page))


def _pictured(page: Any) -> bool:
    width, height = page.get_size()
    for picture in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=4):
        left, bottom, right, top = picture.get_bounds()
        if (right - left) * (top - bottom) >= LARGE * width * height:
            return True
    return False


def dots_per_inch(page: Any, least: int, most: int) -> int:
    """How finely the page's pictures are scanned, within bounds; ``most`` where it has none."""
    found = 0.0
    for picture in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=4):
        left, bottom, right, top = picture.get_bounds()
        across, up = picture.get_px_size()
        if right - left > 72 and top - bottom > 72:
            found = max(found, max(across, up) * 72 / max(right - left, top - bottom))
    return int(min(most, max(least, found))) if found else most


def shown_to_page(page: Any, width: int, height: int) -> plane.Matrix:
    """From the pixels of the page as it is shown, ``width`` by ``height``, to where its contents are drawn."""
    corners = [_on_page(page, width, height, x, y) for x, y in ((0, 0), (width, 0), (0, height))]
    return plane.between(corners, width, height)


def _on_page(page: Any, width: int, height: int, x: int, y: int) -> tuple[float, float]:
    across, up = ctypes.c_double(), ctypes.c_double()
    raw.FPDF_DeviceToPage(page, 0, 0, width, height, 0, x, y, across, up)
    return across.value, up.value


def words_of(textpage: Any, to_shown: Any) -> list[tuple[str, tuple[float, ...]]]:
    """The first words in the order in which they are written, each with its box on the page as it is shown."""
    words: list[tuple[str, tuple[float, ...]]] = []
    letters: list[str] = []
    boxes: list[tuple[float, float, float, float]] = []
    for index in range(min(raw.FPDFText_CountChars(textpage), MOST_SIGNS)):
        if len(words) == MOST_WORDS:
            return words
        letter = chr(raw.FPDFText_GetUnicode(textpage, index) or 0xFFFD)
        if letter.isspace() or not letter.isprintable() or len(letters) == LONGEST_WORD:
            _end_word(words, letters, boxes, to_shown)
            continue
        left, right, bottom, top = (ctypes.c_double() for _ in range(4))
        if raw.FPDFText_GetCharBox(textpage, index, left, right, bottom, top):
            letters.append(letter)
            boxes.append((left.value, bottom.value, right.value, top.value))
    _end_word(words, letters, boxes, to_shown)
    return words


def _end_word(words: Any, letters: list[str], boxes: list[tuple[float, float, float, float]], to_shown: Any) -> None:
    if letters:
        lefts, bottoms, rights, tops = zip(*boxes, strict=True)
        words.append(("".join(letters), plane.box_through(to_shown, min(lefts), min(bottoms), max(rights), max(tops))))
    letters.clear()
    boxes.clear()


def text_page(page: Any) -> Any:
    """What of the page is text; raises pypdfium2.PdfiumError."""
    return page.get_textpage()


assert pypdfium2.PdfDocument  # noqa: S101 - loaded here, before pages are made
