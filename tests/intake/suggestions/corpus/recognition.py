"""The words of a picture as the worker reads them: by the very functions that make the copies of a scan."""

import os
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image

from services.intake.domain.copies.program import plane, recognition
from services.intake.domain.copies.program.pages import IMPROBABLE
from services.intake.domain.copies.quality import MEASURED, faults_of
from services.intake.domain.words import PageWords, Word
from tests.intake.suggestions.corpus.drawing import DPI

LANGUAGES = "ind+eng"


def recognised(page: Image.Image, number: int) -> PageWords:
    """What is read on it, straightened and evened out as a scan is."""
    os.environ["OMP_THREAD_LIMIT"] = "1"
    grey = page.convert("L")
    _, lean = faults_of(np.asarray(recognition.reduced(grey, MEASURED)))
    with tempfile.TemporaryDirectory() as folder:
        reading = recognition.recognise(grey, lean, DPI, LANGUAGES, Path(folder) / "layer.pdf")
    words = [_placed(one, reading) for one in reading.words if one.confidence >= IMPROBABLE]
    width, height = reading.size
    return PageWords(number, width * 72 / DPI, height * 72 / DPI, tuple(words))


def _placed(found: recognition.Found, reading: recognition.Reading) -> Word:
    width, height = reading.size
    left, top, right, bottom = plane.box_through(reading.to_upright, *found.box)
    return Word(found.text, left / width, top / height, right / width, bottom / height)
