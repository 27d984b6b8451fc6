"""The words of a scan, with where they stand. Invariant: as they were read once; nothing is read from the scan here."""

import orjson

from services.chassis.storage import ObjectMissing
from services.intake.context import Context
from services.intake.domain.copies.copies import Copy
from services.intake.domain.words import PageWords, Word

MOST_PAGE_BYTES = 4 * 1024 * 1024
"""Of the words of a page; ten thousand usual ones are half a megabyte."""


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
    """A page a line, so that the first pages of a thick scan are read without the others.

    A page of more words than any paper holds ends it: what is there was made of what comes from outside.
    """
    pages: list[PageWords] = []
    begun = bytearray()
    async for piece in context.storage.read(words.key):
        first, *others = piece.split(b"\n")
        begun += first
        for following in others:
            pages.append(page_words(begun))
            begun = bytearray(following)
        enough = most_pages is not None and len(pages) >= most_pages
        if enough or len(begun) > MOST_PAGE_BYTES:
            break
    return tuple(pages[:most_pages])


def page_words(line: bytes | bytearray) -> PageWords:
    """A page as the program that reads the words writes it: ``[page, width, height, [[text, box...], ...]]``."""
    page, width, height, words = orjson.loads(line)
    return PageWords(page, width, height, tuple(Word(*word) for word in words))
