"""A scan as it came in."""

from dataclasses import dataclass

from services.chassis.files.received import Received

NAMELESS = "pindaian"


@dataclass(frozen=True)
class Scan(Received):
    """Received bytes, not yet known to be anything. ``written``: as a PDF it may carry text."""

    written: bool = True


class FontSigns:
    """Looks for what no PDF with text is without: a font, or objects packed together, among which one may be.

    What a flatbed scanner makes has neither, so nobody need open it to know that it carries no text.
    """

    _SIGNS = (b"/Font", b"/ObjStm")

    def __init__(self) -> None:
        self.found = False
        self._tail = b""

    def look(self, piece: bytes | memoryview) -> None:
        """The next bytes of the file."""
        if not self.found:
            window = self._tail + bytes(piece)
            self.found = any(sign in window for sign in self._SIGNS)
            self._tail = window[-max(map(len, self._SIGNS)) :]
