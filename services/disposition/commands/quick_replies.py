"""One-tap replies. Invariant: a reply keeps the words it was given with, whatever becomes of its code."""

from services.chassis.errors import unprocessable
from services.disposition.context import Context


async def text_of(context: Context, code: str) -> str:
    """What a one-tap reply says; 422 for a code there is not, or that is in use no more."""
    found = (await context.quick_replies.all()).get(code)
    if found is None:
        raise unprocessable("unknown_quick_reply", "Balasan cepat ini tidak dikenal.", quick_reply=code)
    if found.retired:
        raise unprocessable("quick_reply_retired", "Balasan cepat ini sudah tidak dipakai.", quick_reply=code)
    return found.labels.id
