"""Show letters. Invariant: what the caller may not read is not there, in lists and by id alike.

By id it is waited for a moment: who was told of a letter just now may be faster than the right to read it.
"""

import asyncio

from services.chassis.auth import Principal
from services.chassis.errors import not_found
from services.intake.context import Context
from services.intake.domain.letter import Letter


async def read_letter(context: Context, caller: Principal, letter_id: str) -> Letter:
    """The letter, or 404, which takes equally long for a letter that is not there and for one that is not theirs."""
    letter, _ = await asyncio.gather(context.letters.get(letter_id), context.readers.admit(letter_id, caller))
    if letter is None:
        raise not_found("Surat")
    return letter
