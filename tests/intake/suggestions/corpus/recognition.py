"""The words of a picture, as character recognition reads them: the same program that the worker runs."""

import csv
import io
import os
import subprocess

from PIL import Image

from services.intake.domain.words import PageWords, Word
from tests.intake.suggestions.corpus.drawing import DPI

SECONDS = 120


def recognised(page: Image.Image, number: int) -> PageWords:
    """What tesseract reads in Indonesian and English."""
    target = io.BytesIO()
    page.save(target, "PNG")
    command = ["tesseract", "stdin", "stdout", "-l", "ind+eng", "--dpi", str(DPI), "tsv"]
    environment = os.environ | {"OMP_THREAD_LIMIT": "1"}
    done = subprocess.run(
        command, input=target.getvalue(), capture_output=True, check=True, env=environment, timeout=SECONDS
    )
    return _words(done.stdout.decode(), page.size, number)


def _words(table: str, size: tuple[int, int], number: int) -> PageWords:
    width, height = size
    words = []
    for row in csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE):
        text = (row.get("text") or "").strip()
        if row["level"] == "5" and text:
            left, top = int(row["left"]), int(row["top"])
            right, bottom = left + int(row["width"]), top + int(row["height"])
            words.append(Word(text, left / width, top / height, right / width, bottom / height))
    return PageWords(number, width * 72 / DPI, height * 72 / DPI, tuple(words))
