"""Put copies into the store, and take them out again. Invariant: an attempt has a folder of its own.

So a key is written once, whatever was cut off where: what an attempt left that came to nothing is another's to remove.
"""

import asyncio
import hashlib
from pathlib import Path

from services.chassis.ids import instant_of
from services.chassis.storage import ObjectStorage
from services.contracts.intake import PageWarning
from services.intake.commands.copies.run_program import Made, PageMade, preview
from services.intake.context import Context
from services.intake.domain.copies.copies import CopiesOf, Copy, PageCopy
from services.intake.domain.copies.program.make import NORMALISED, TEXT, WORDS
from services.intake.settings import IntakeSettings

ROOT = f"{IntakeSettings.FOLDER}/copies/"
AT_ONCE = 4
_CHUNK = 1 << 20


def folder_of(file_id: str, attempt: int | None = None) -> str:
    """What the keys of a scan's copies begin with, or those one attempt made."""
    own = f"{ROOT}{instant_of(file_id):%Y/%m}/{file_id}/"
    return own if attempt is None else f"{own}{attempt}/"


async def keep_objects(context: Context, begun: CopiesOf, made: Made, folder: Path) -> CopiesOf:
    """Put what was made in ``folder``; what is to be said of it."""
    place = folder_of(begun.file_id, begun.attempts)
    slots = asyncio.Semaphore(AT_ONCE)

    async def put(path: Path, name: str, media_type: str) -> Copy:
        async with slots:
            return await _put(context.storage, path, place + name, media_type)

    async def page_of(one: PageMade) -> PageCopy:
        number = one.page
        small, large = preview(folder, number, "small"), preview(folder, number, "large")
        shown = small.exists() and large.exists()
        return PageCopy(
            page=number,
            width=one.width,
            height=one.height,
            recognised=one.recognised,
            small=await put(small, f"{number}-small.webp", "image/webp") if shown else None,
            large=await put(large, f"{number}-large.webp", "image/webp") if shown else None,
        )

    pages = await asyncio.gather(*map(page_of, made.pages))
    return begun.model_copy(
        update={
            "pages": tuple(pages),
            "warnings": tuple(PageWarning(page=one.page, fault=fault) for one in made.pages for fault in one.faults),
            "failed_pages": tuple(page.page for page in made.pages if page.failed),
            "normalised": await put(folder / NORMALISED, "normalised.pdf", "application/pdf")
            if made.normalised
            else None,
            "archival": made.archival,
            "text": await put(folder / TEXT, "text.txt", "text/plain"),
            "words": await put(folder / WORDS, "words.jsonl", "application/x-ndjson"),
        }
    )


async def remove_objects(context: Context, file_id: str, *, of: int | None = None, but: int | None = None) -> None:
    """Remove a scan's copies: those of one attempt, or of every attempt but one, or all."""
    kept = None if but is None else folder_of(file_id, but)
    keys = [one.key async for one in context.storage.keys(folder_of(file_id, of))]
    for key in keys:
        if kept is None or not key.startswith(kept):
            await context.storage.remove(key)


async def _put(storage: ObjectStorage, path: Path, key: str, media_type: str) -> Copy:
    sha256, size = await asyncio.to_thread(_measured, path)
    with path.open("rb") as content:
        await storage.put(key, content, size, media_type)
    return Copy(key=key, sha256=sha256, size=size)


def _measured(path: Path) -> tuple[str, int]:
    found, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while piece := file.read(_CHUNK):
            found.update(piece)
            size += len(piece)
    return found.hexdigest(), size
