"""What stands on pages, and pictures of them. Invariant: runs as a program of its own, on a file from outside.

``look_at_pages.py <media type> <first> <count>`` takes a scan from its standard input, looks at ``count`` of its pages
from ``first`` (counted from 1), leaves ``<page>-small.webp`` and ``<page>-large.webp`` of each in the folder where it
runs, and says on standard output, a line of JSON a page, which codes of ours stand on it, how they are turned and
whether it is blank. What a code says it cannot tell: it has no key. It is run by its path and imports nothing of this
package.

A sheet went through a printer, hands and a feeder, so a page is looked at again and again, each time otherwise:
smaller, larger, evened, smoothed, by parts, turned. It is decided when a code of ours is read, when nothing is printed
on it, or when every way was tried in vain.
"""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any, BinaryIO

import numpy as np
import pypdfium2
import zxingcpp
from PIL import Image, ImageFilter, ImageOps

FAMILY = "LTR:P"
LONGEST_CODE = 300
PREVIEWS = {"small": 320, "large": 1400}
"""The longer side of a preview, in pixels."""
COARSE, USUAL, FINE = 1170, 1754, 2631
"""The longer side at which a page is looked at: that of A4 at 100, 150 and 225 dots an inch."""
QUALITY = 70
PAPER_PERCENTILE, INK = 90, 0.8
"""Ink is what is no brighter than this part of the paper."""
BLANK_INK = 0.00003
"""Less ink than this is dust; a page number alone is more."""
MARGIN = 0.04
"""So much at each edge may be the shadow of the paper's edge, or punch holes."""
Image.MAX_IMAGE_PIXELS = None  # what may be opened was judged when it came, and memory is bounded from outside

Picture = Image.Image
Way = Callable[["Page"], Iterator[Picture]]
Bytes = np.ndarray[Any, np.dtype[np.uint8]]


class Page:
    """A page in colour, as large as it is usually looked at, and in grey as large as is asked for."""

    def __init__(self, colour: Picture, drawn: Callable[[int], Picture]) -> None:
        self.colour = colour
        self._drawn = drawn
        self._grey: dict[int, Picture] = {}

    def grey(self, side: int) -> Picture:
        """In shades of grey, its longer side so many pixels."""
        if side not in self._grey:
            source = self._drawn(side) if side > max(self.colour.size) else self.colour
            self._grey[side] = fitted(source.convert("L"), side)
        return self._grey[side]


def fitted(picture: Picture, side: int) -> Picture:
    """``picture`` with its longer side so many pixels."""
    factor = side / max(picture.size)
    size = (max(1, round(picture.width * factor)), max(1, round(picture.height * factor)))
    return picture if size == picture.size else picture.resize(size, Image.Resampling.BILINEAR, reducing_gap=2)


def as_it_is(page: Page) -> Iterator[Picture]:
    """At three sizes: a large code with specks is read small, a small one large."""
    yield page.grey(USUAL)
    yield page.grey(COARSE)
    yield page.grey(FINE)


def evened(page: Page) -> Iterator[Picture]:
    """Without what changes slowly over the page: a shadow, yellowed paper, faint print."""
    grey = page.grey(COARSE)
    yield ImageOps.autocontrast(grey, cutoff=(1, 40))
    light = grey.resize((24, 32), Image.Resampling.BOX).filter(ImageFilter.MaxFilter(5)).resize(grey.size)
    share = np.asarray(grey, dtype=np.float32) / np.maximum(np.asarray(light, dtype=np.float32), 1)
    even = Image.fromarray(np.clip(share * 255, 0, 255).astype(np.uint8))
    yield ImageOps.autocontrast(even, cutoff=(1, 10))


def smoothed(page: Page) -> Iterator[Picture]:
    """Without the grain of a copy of a copy."""
    yield page.grey(FINE).filter(ImageFilter.BoxBlur(2))
    yield page.grey(COARSE).filter(ImageFilter.MedianFilter(3))
    yield page.grey(COARSE).filter(ImageFilter.MedianFilter(5))


def cleaned(page: Page) -> Iterator[Picture]:
    """Dark specks gone, or light gaps, as by a worn drum or a dirty glass."""
    for side in (USUAL, COARSE):
        dark = np.asarray(page.grey(side))
        yield Image.fromarray(_spread(_spread(dark, np.maximum), np.minimum))
        yield Image.fromarray(_spread(_spread(dark, np.minimum), np.maximum))


def _spread(shades: Bytes, choose: Callable[[Bytes, Bytes], Bytes]) -> Bytes:
    """Each pixel the darkest, or lightest, of its neighbourhood of three by three."""
    wide = shades.copy()
    wide[:, 1:] = choose(wide[:, 1:], shades[:, :-1])
    wide[:, :-1] = choose(wide[:, :-1], shades[:, 1:])
    high = wide.copy()
    high[1:] = choose(high[1:], wide[:-1])
    high[:-1] = choose(high[:-1], wide[1:])
    return high


def parted(page: Page) -> Iterator[Picture]:
    """Halves and the middle, each with its own light and dark."""
    grey = page.grey(FINE)
    width, height = grey.size
    for left, top, right, bottom in (
        (0, 0, 1, 0.55),
        (0, 0.45, 1, 1),
        (0, 0.2, 1, 0.8),
        (0, 0, 0.55, 1),
        (0.45, 0, 1, 1),
    ):
        part = grey.crop((int(left * width), int(top * height), int(right * width), int(bottom * height)))
        yield ImageOps.autocontrast(part, cutoff=(1, 20))


def turned(page: Page) -> Iterator[Picture]:
    """At angles at which a reader that looks along lines and columns sees other ones."""
    for degrees in (17, 33, 45):
        yield page.grey(COARSE).rotate(degrees, Image.Resampling.BILINEAR, expand=True, fillcolor=255)


QUICK = (as_it_is, evened)
WAYS = (*QUICK, smoothed, cleaned, parted, turned)
CODES = zxingcpp.barcode_formats_from_str("QRCode")
BINARIZERS = (zxingcpp.Binarizer.LocalAverage, zxingcpp.Binarizer.GlobalHistogram)


def codes_on(page: Page, ways: Sequence[Way] = WAYS) -> list[tuple[str, int]]:
    """The codes of ours on a page, each with how far it is turned to the right: a multiple of 90 degrees."""
    for way in ways:
        for picture in way(page):
            found = {text: turn for binarizer in BINARIZERS for text, turn in _read(picture, binarizer)}
            if found:
                straight = way is not turned
                return [(text, turn if straight else 0) for text, turn in sorted(found.items())]
    return []


def _read(picture: Picture, binarizer: Any) -> Iterator[tuple[str, int]]:
    shades = np.ascontiguousarray(np.asarray(picture))
    for code in zxingcpp.read_barcodes(shades, formats=CODES, binarizer=binarizer):
        if code.text.startswith(FAMILY) and len(code.text) <= LONGEST_CODE:
            yield code.text, round(code.orientation / 90) * 90 % 360


def is_blank(page: Page) -> bool:
    """Whether nothing is printed or written on it."""
    grey = page.grey(COARSE)
    across, down = int(grey.width * MARGIN), int(grey.height * MARGIN)
    inside = grey.crop((across, down, grey.width - across, grey.height - down)).reduce(2)
    shades = np.asarray(inside)
    paper = float(np.percentile(shades, PAPER_PERCENTILE))
    return float((shades < paper * INK).mean()) < BLANK_INK


def looked_at(number: int, page: Page) -> dict[str, Any]:
    """What is said of a page; its previews are left in the folder."""
    for name, side in PREVIEWS.items():
        fitted(page.colour, side).save(f"{number}-{name}.webp", "WEBP", quality=QUALITY, method=1)
    blank = is_blank(page)
    codes = codes_on(page, QUICK if blank else WAYS)  # what is too faint to be ink may still be a sheet
    return {
        "page": number,
        "blank": blank and not codes,
        "codes": [{"text": text, "turned": turn} for text, turn in codes],
    }


def pdf_pages(content: BinaryIO) -> Callable[[int], Page]:
    """Draws the pages of a PDF, counted from 1."""
    document = pypdfium2.PdfDocument(content)

    def page(number: int) -> Page:
        opened = document[number - 1]

        def drawn(side: int) -> Picture:
            picture: Picture = opened.render(scale=side / max(opened.get_size())).to_pil().convert("RGB")
            return picture

        return Page(drawn(USUAL), drawn)

    return page


def tiff_pages(content: BinaryIO) -> Callable[[int], Page]:
    """Draws the pages of a TIFF, counted from 1."""
    pictures = Image.open(content, formats=("TIFF",))

    def page(number: int) -> Page:
        pictures.seek(number - 1)
        whole = ImageOps.exif_transpose(pictures)
        if whole.mode.startswith("I;16"):
            whole = whole.point(lambda shade: shade * (1 / 256)).convert("L")
        whole = whole.convert("RGB")
        colour = fitted(whole, USUAL) if max(whole.size) > USUAL else whole
        return Page(colour, lambda _: whole)

    return page


OPENED = {"application/pdf": pdf_pages, "image/tiff": tiff_pages}


def main(media_type: str, first: int, count: int) -> None:
    """Read standard input, write standard output and the folder."""
    pages = OPENED[media_type](sys.stdin.buffer)
    for number in range(first, first + count):
        said: dict[str, Any] = {"page": number, "failed": True}
        # A page that cannot be shown must not keep the others back; one that brings the process down is left out next.
        with suppress(Exception):
            said = looked_at(number, pages(number))
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
