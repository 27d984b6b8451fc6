"""One-tap replies. Invariant: a reply keeps the words it was given with, whatever becomes of its code."""

from services.chassis.errors import unprocessable
from services.disposition.context import Context
from services.disposition.domain.catalogue import QUICK_REPLIES


async def text_of(context: Context, code: str) -> str:
    """What a one-tap reply says; 422 for a code there is not."""
    found = QUICK_REPLIES.get(code)
    if found is None:
        raise unprocessable("unknown_quick_reply", "Balasan cepat ini tidak dikenal.", quick_reply=code)
    return found
