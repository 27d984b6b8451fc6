"""The words of a letter that was never paper: a PDF of a word processor, read as the worker reads it."""

import json
from typing import Any

import numpy as np
import pypdfium2

from services.intake.domain.copies.program import written
from services.intake.domain.words import PageWords, Word
from tests.intake.suggestions.corpus.drawing import LAYOUTS, compiler


def carried(layout: str, printed: dict[str, Any], emblem: str = "left") -> tuple[PageWords, ...]:
    """The words of its pages."""
    data = printed | {"head": printed["head"] | {"emblem": emblem}}
    made = compiler().compile(input=LAYOUTS / f"{layout}.typ", format="pdf", sys_inputs={"data": json.dumps(data)})
    document = pypdfium2.PdfDocument(made)
    return tuple(_page(document[index], index + 1) for index in range(len(document)))


def _page(page: Any, number: int) -> PageWords:
    width, height = page.get_size()
    shown = (round(width), round(height))
    to_shown = np.linalg.inv(written.shown_to_page(page, *shown))
    words = [
        Word(text, left / shown[0], top / shown[1], right / shown[0], bottom / shown[1])
        for text, (left, top, right, bottom) in written.words_of(page.get_textpage(), to_shown)
    ]
    return PageWords(number, width, height, tuple(words))
