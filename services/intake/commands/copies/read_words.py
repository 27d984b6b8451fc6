"""The words of a scan, with where they stand. Invariant: as they were read once; nothing is read from the scan here."""

import orjson

from services.chassis.storage import ObjectMissing
from services.intake.context import Context
from services.intake.domain.copies.copies import Copy
from services.intake.domain.words import PageWords, Word


async def words_of(context: Context, file_id: str, most_pages: int | None = None) -> tuple[PageWords, ...] | None:
    """The words of the pages from the first on, at most ``most_pages``; None while they are not there.

    They never will be where the copies are parked: `context.copies.of` tells. A page without words has an entry too.
    """
    copies = await context.copies.of(file_id)
    if copies is None or copies.state != "done" or copies.words is None:
        return None
    try:
        return await _read(context, copies.words, most_pages)
    except ObjectMissing:
        return None


async def _read(context: Context, words: Copy, most_pages: int | None) -> tuple[PageWords, ...]:
    """A page a line, so that the first pages of a thick scan are read without the others."""
    pages: list[PageWords] = []
    rest = b""
    async for piece in context.storage.read(words.key):
        *lines, rest = (rest + piece).split(b"\n")
        pages += map(page_words, lines)
        if most_pages is not None and len(pages) >= most_pages:
            break
    return tuple(pages[:most_pages])


def page_words(line: bytes) -> PageWords:
    """A page as the program that reads the words writes it: ``[page, width, height, [[text, box...], ...]]``."""
    page, width, height, words = orjson.loads(line)
    return PageWords(page, width, height, tuple(Word(*word) for word in words))
