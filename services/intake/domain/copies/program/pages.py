"""One page made: its previews, its words and what is wrong with it. Invariant: rendered once, and looked at from there.

Leaves in the folder ``<page>.json`` (last, so that a page with one is whole), ``<page>-small.webp``,
``<page>-large.webp``, and, where the text was recognised, ``<page>-text.pdf``; ``<page>.pdf`` where it was a picture.
"""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
from PIL import Image

from services.intake.domain.copies.program import openings, plane, recognition, written
from services.intake.domain.copies.quality import MEASURED, faults_of

LARGE, SMALL = 1400, 320
"""Pixels of the longer side of the two previews."""
_QUALITY = {LARGE: 72, SMALL: 65}
FINEST, COARSEST = 300, 150
"""Dots to the inch a page is read at."""
MOST_PIXELS = 12_500_000
"""Of a page that is read: A4 at 300 to the inch, half as much again."""
IMPROBABLE = 15
"""Confidence, of 100, below which a word is taken for a speck of dust."""


@dataclass(frozen=True)
class Job:
    """The scan whose pages are made."""

    folder: Path
    pdf: bool
    languages: str

    @property
    def original(self) -> Path:
        """What came in."""
        return self.folder / "original"

    def at(self, number: int, ending: str) -> Path:
        """A file of a page's."""
        return self.folder / f"{number}{ending}"


def make_page(job: Job, number: int) -> None:
    """Make page ``number``, counted from 1."""
    source, index = job.original, number - 1
    if not job.pdf:
        source, index = job.at(number, ".pdf"), 0
        openings.page_of(job.original, number - 1, source)
    document = pypdfium2.PdfDocument(source)
    page = document[index]
    textpage = written.text_page(page)
    known = _written(job, number, page, textpage) if written.is_written(page, textpage) else _read(job, number, page)
    job.at(number, ".json").write_text(json.dumps(known, allow_nan=False), encoding="utf-8")


def _written(job: Job, number: int, page: Any, textpage: Any) -> dict[str, Any]:
    width, height = page.get_size()
    shown = _rendered(page, min(LARGE / max(width, height), 4.0))
    _previews(job, number, shown)
    to_page = written.shown_to_page(page, *shown.size)
    words = written.words_of(textpage, np.linalg.inv(to_page))
    lines = textpage.get_text_bounded()[: written.MOST_SIGNS]
    return _page((width, height), [(text, _part(box, shown.size)) for text, box in words], lines)


def _read(job: Job, number: int, page: Any) -> dict[str, Any]:
    width, height = page.get_size()
    dpi = written.dots_per_inch(page, COARSEST, FINEST)
    dpi = int(min(dpi, (MOST_PIXELS / (width * height)) ** 0.5 * 72)) or 1
    shown = _rendered(page, dpi / 72)
    grey = shown.convert("L")
    faults, lean = faults_of(np.asarray(recognition.reduced(grey, MEASURED)))
    if "blank" in faults:
        _previews(job, number, shown)
        return _page((width, height), [], "", faults=faults)
    layer = job.at(number, "-text.pdf")
    try:
        reading = recognition.recognise(grey, lean, dpi, job.languages, layer)
    except (OSError, ValueError, subprocess.SubprocessError):
        _previews(job, number, shown)  # it can be seen at least
        return _page((width, height), [], "", faults=faults) | {"unread": True}
    upright = shown.rotate(-reading.turn, expand=True) if reading.turn else shown
    _previews(job, number, upright)
    words = [word for word in reading.words if word.confidence >= IMPROBABLE]
    placed = [(word.text, _part(plane.box_through(reading.to_upright, *word.box), upright.size)) for word in words]
    # The layer is as large as the picture that was read; its matrix leads from there to where the page is drawn.
    to_page = written.shown_to_page(page, *shown.size) @ reading.to_shown
    matrix = to_page @ plane.from_layer(dpi, upright.size[1])
    size = (height, width) if reading.turn in (90, 270) else (width, height)
    found = _page(size, placed, _lines(words), faults=faults, recognised=True)
    return found | {"turn": reading.turn, "matrix": plane.operands(matrix)}


def _page(
    size: tuple[float, float], words: list[Any], text: str, *, faults: Any = (), recognised: bool = False
) -> dict[str, Any]:
    return {
        "width": round(size[0], 2),
        "height": round(size[1], 2),
        "recognised": recognised,
        "faults": list(faults),
        "turn": 0,
        "matrix": None,
        "words": [[text, *box] for text, box in words],
        "text": text,
    }


def _rendered(page: Any, scale: float) -> Image.Image:
    bitmap = page.render(scale=scale, rev_byteorder=True)
    picture: Image.Image = bitmap.to_pil()
    return picture if picture.mode in ("L", "RGB") else picture.convert("RGB")


def _previews(job: Job, number: int, shown: Image.Image) -> None:
    large = recognition.reduced(shown, LARGE)
    for size, picture in ((LARGE, large), (SMALL, recognition.reduced(large, SMALL))):
        ending = "-large.webp" if size == LARGE else "-small.webp"
        picture.save(job.at(number, ending), "WEBP", quality=_QUALITY[size], method=2)


def _part(box: tuple[float, ...], size: tuple[int, int]) -> tuple[float, ...]:
    """A box as parts of the page, within it."""
    sides = (size[0], size[1], size[0], size[1])
    return tuple(round(min(1.0, max(0.0, at / side)), 5) for at, side in zip(box, sides, strict=True))


def _lines(words: list[recognition.Found]) -> str:
    lines: dict[tuple[int, ...], list[str]] = {}
    for word in words:
        lines.setdefault(word.line, []).append(word.text)
    return "\n".join(" ".join(line) for line in lines.values())
