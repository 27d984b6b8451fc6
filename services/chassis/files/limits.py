"""How much there may be in a file, besides its bytes. Invariant: known before anything in it is decoded."""

from dataclasses import dataclass

from services.chassis.files.refusal import broken, too_many_pages, too_many_pixels

MAX_PAGES = 500
MAX_PAGE_PIXELS = 200_000_000
"""Of one page: A3 at 600 dpi has 70 million, A4 at 1200 dpi 139 million."""
MAX_PIXELS = 10_000_000_000
"""Of all pages: 500 of A4 at 450 dpi. Black and white ones in fax coding are a few dozen kilobytes each."""


@dataclass(frozen=True)
class FileLimits:
    """Pages, pixels of one page, and pixels of all."""

    pages: int = MAX_PAGES
    page_pixels: int = MAX_PAGE_PIXELS
    pixels: int = MAX_PIXELS

    def check_pages(self, pages: int) -> None:
        """Refuse what has too many."""
        if pages > self.pages:
            raise too_many_pages(self.pages)

    def check_page(self, width: float, height: float) -> None:
        """Refuse a page, or a picture, that is too large by itself."""
        if width < 0 or height < 0:
            raise broken()
        if width * height > self.page_pixels:
            raise too_many_pixels()


class PixelCount:
    """The pixels of one file as they are found."""

    def __init__(self, limits: FileLimits) -> None:
        self._limits = limits
        self._pixels = 0

    def add(self, width: int, height: int) -> None:
        """One more picture; refused where it, or all together, are too large."""
        self._limits.check_page(width, height)
        self._pixels += width * height
        if self._pixels > self._limits.pixels:
            raise too_many_pixels()
