"""Show a letter. Invariant: what the caller may not read is not there; what is read of a confidential one is recorded.

It is waited for a moment: who was told of a letter just now may be faster than the right to read it.
"""

import asyncio

from services.chassis.auth import Principal
from services.chassis.errors import not_found
from services.contracts.intake import StoredFile
from services.contracts.vocabulary import Access
from services.intake.context import Context
from services.intake.domain.letter import Letter
from services.projections.letter_access import may_read, patiently


async def read_letter(context: Context, caller: Principal, letter_id: str) -> Letter:
    """The letter, or 404, which takes equally long for a letter that is not there and for one that is not theirs."""
    letter = await _admitted(context, caller, letter_id)
    await context.readings.opened(caller, letter)
    return letter


async def find_scan(context: Context, caller: Principal, letter_id: str, file_id: str) -> StoredFile:
    """A file of the letter, or 404, as for the letter."""
    letter = await _admitted(context, caller, letter_id)
    file = letter.file(file_id)
    if file is None:
        raise not_found("Berkas")
    await context.readings.opened(caller, letter, file_id)
    return file


async def _admitted(context: Context, caller: Principal, letter_id: str) -> Letter:
    async def look() -> Access | None:
        access = await context.readers.of(letter_id)
        return access if access and may_read(caller, access) else None

    letter, access = await asyncio.gather(context.letters.get(letter_id), patiently(look))
    if letter is not None and access is None:
        context.readings.refused(caller, letter)
    if letter is None or access is None:
        raise not_found("Surat")
    return letter
