"""A scan as it came in, and what was found in it."""

import unicodedata
from dataclasses import dataclass
from typing import BinaryIO, Literal

MediaType = Literal["application/pdf", "image/jpeg", "image/png", "image/tiff"]
LONGEST_NAME = 150
NAMELESS = "pindaian"


@dataclass(frozen=True)
class Scan:
    """Received bytes: hashed and counted while they came in, not yet known to be anything.

    ``written``: as a PDF it may carry text.
    """

    name: str
    content: BinaryIO
    size: int
    sha256: str
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


@dataclass(frozen=True)
class Finding:
    """What the bytes turned out to be."""

    media_type: MediaType
    pages: int


class Unacceptable(Exception):
    """The scan is refused: a stable code and the end of a sentence that begins with the file's name."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(f"{code}: {sentence}")
        self.code = code
        self.sentence = sentence


def broken() -> Unacceptable:
    """The refusal of what is damaged or was cut off."""
    return Unacceptable("scan_broken", "rusak atau terpotong. Silakan pindai atau unggah ulang.")


def clean_name(given: str) -> str:
    """The last part of a path as a client may send it, without control characters, at most LONGEST_NAME long."""
    last = given.replace("\\", "/").rsplit("/", 1)[-1]
    printable = "".join(" " if unicodedata.category(symbol)[0] in "CZ" else symbol for symbol in last)
    name = " ".join(printable.split()).strip(". ")
    if len(name) > LONGEST_NAME:
        stem, dot, ending = name.rpartition(".")
        ending = dot + ending if dot and len(ending) <= 10 else ""
        name = (stem or name)[: LONGEST_NAME - len(ending)].rstrip(". ") + ending
    return name or NAMELESS
