"""Character recognition of a page's picture by Tesseract. Invariant: what was read has its place on the page.

A page is read once. Only where that went badly is it asked which way up it lies, and the page turned and read again:
most pages lie right, and the question costs as much as half a reading.
"""

import csv
import math
import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from services.intake.domain.copies.program import plane
from services.intake.domain.copies.quality import MEASURED, ink_of, lean_of, paper_of

DOUBTFUL = 68
"""Mean confidence, of 100, below which it is asked whether the page lies on its side or head."""
SURE_OF_TURN = 1.0
STRAIGHTENED_FROM = 0.7
"""Degrees of leaning from which a picture is straightened before it is read."""
UNEVEN = 40
"""Grey values between the brighter and the darker parts of the paper from which the light is evened out."""
_WORD = "5"
_TELLING = 4
"""Letters from which a word is wider than it is high."""


@dataclass(frozen=True)
class Found:
    """A word in the pixels of the picture that was read, and how sure the reader is, of 100."""

    text: str
    box: tuple[float, float, float, float]
    confidence: float
    line: tuple[int, ...]


@dataclass(frozen=True)
class Reading:
    """What was read: ``turn`` clockwise set the page upright, ``to_shown`` leads back to the picture as it came."""

    words: list[Found]
    turn: int
    size: tuple[int, int]
    """Of the page when it is upright."""
    to_upright: plane.Matrix
    to_shown: plane.Matrix

    @property
    def confidence(self) -> float:
        """The mean over the words, by their length."""
        weight = sum(len(word.text) for word in self.words)
        return sum(word.confidence * len(word.text) for word in self.words) / weight if weight else 0.0

    @property
    def worth(self) -> float:
        """What to compare two readings of one page by."""
        return self.confidence * math.sqrt(len(self.words))

    @property
    def on_its_side(self) -> bool:
        """Whether most words run up or down: the reader reads them, people turn their heads."""
        words = [word.box for word in self.words if len(word.text) >= _TELLING]
        upright = sum(right - left >= bottom - top for left, top, right, bottom in words)
        return upright * 2 < len(words)


def recognise(grey: Image.Image, lean: float, dpi: float, languages: str, layer: Path) -> Reading:
    """Read a picture; the invisible text is left at ``layer``, a PDF as large as the picture that was read."""
    even = _evened(grey)
    reading = _read(even, 0, lean, dpi, languages, layer)
    if reading.confidence >= DOUBTFUL and not reading.on_its_side:
        return reading
    turn = _turn(even, dpi, layer.with_suffix(".pgm"))
    if not turn:
        return reading
    other = layer.with_suffix(".turned.pdf")
    turned = _read(even, turn, None, dpi, languages, other)
    if not reading.on_its_side and turned.worth <= reading.worth:
        return reading
    other.replace(layer)
    return turned


def _read(grey: Image.Image, turn: int, lean: float | None, dpi: float, languages: str, layer: Path) -> Reading:
    upright = grey.rotate(-turn, expand=True) if turn else grey
    degrees = _lean(upright) if lean is None else lean
    degrees = degrees if abs(degrees) >= STRAIGHTENED_FROM else 0.0
    straight = upright.rotate(degrees, Image.Resampling.BILINEAR, fillcolor=255) if degrees else upright
    picture = layer.with_suffix(".pgm")
    straight.save(picture, "PPM")
    base = str(layer.with_suffix(""))
    _tesseract(str(picture), base, "--dpi", f"{dpi:.0f}", "-l", languages, "-c", "textonly_pdf=1", "pdf", "tsv")
    table = Path(f"{base}.tsv")
    words = _words(table.read_text("utf-8", "replace"))
    table.unlink()
    picture.unlink()
    to_upright = plane.leant_back(degrees, *upright.size)
    to_shown = plane.turned_back(turn, *grey.size) @ to_upright
    return Reading(words, turn, upright.size, to_upright, to_shown)


def _tesseract(*arguments: str) -> str:
    # A program of the machine's own, found where the service was told to look; it reads the picture and no more.
    command = ["tesseract", *arguments]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True)  # noqa: S603
    return done.stdout


def _words(table: str) -> list[Found]:
    rows = csv.reader(table.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    words: list[Found] = []
    for row in rows:
        if len(row) == 12 and row[0] == _WORD and row[11].strip():
            left, top, width, height = map(float, row[6:10])
            box = (left, top, left + width, top + height)
            words.append(Found(row[11].strip(), box, float(row[10]), tuple(map(int, row[2:5]))))
    return words


def _turn(grey: Image.Image, dpi: float, picture: Path) -> int:
    """By how many degrees clockwise the page is set upright; 0 where it lies right or nobody can tell."""
    grey.save(picture, "PPM")
    try:
        said = _tesseract(str(picture), "-", "--dpi", f"{dpi:.0f}", "--psm", "0", "-l", "osd")
    except subprocess.CalledProcessError:
        return 0  # too few characters to tell
    finally:
        picture.unlink()
    lines = dict(line.split(":", 1) for line in said.splitlines() if ":" in line)
    turn, sure = int(lines.get("Rotate", 0)), float(lines.get("Orientation confidence", 0))
    return turn if turn in (90, 180, 270) and sure >= SURE_OF_TURN else 0


def _lean(grey: Image.Image) -> float:
    measured = np.asarray(reduced(grey, MEASURED))
    return lean_of(ink_of(measured, paper_of(measured)))


def _evened(grey: Image.Image) -> Image.Image:
    """A photograph's shade taken out, so that the paper is as bright everywhere."""
    small = np.asarray(reduced(grey, MEASURED // 4))
    paper = paper_of(small, 12)
    if float(np.percentile(paper, 95) - np.percentile(paper, 5)) < UNEVEN:
        return grey
    light = np.asarray(Image.fromarray(paper).resize(grey.size, Image.Resampling.BILINEAR))
    flat = np.asarray(grey, dtype=np.float32) * (245.0 / np.maximum(light, 20.0))
    return Image.fromarray(np.minimum(flat, 255).astype(np.uint8))


def reduced(image: Image.Image, longer: int) -> Image.Image:
    """The picture with at most ``longer`` pixels on its longer side."""
    if max(image.size) <= longer:
        return image
    scale = longer / max(image.size)
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=1.1)
