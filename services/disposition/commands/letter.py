"""The letter behind a disposition. Invariant: nobody hears of a letter that they may not read."""

from services.chassis.auth import Principal
from services.contracts.routing import LetterDelivered
from services.disposition.context import Context
from services.disposition.domain.disposition import Disposition


async def letter_at_hand(
    context: Context, caller: Principal, letter_id: str
) -> tuple[LetterDelivered, list[Disposition]]:
    """The letter, and what the caller's positions were instructed about it; 404 where they may not read it.

    Whoever was instructed may read the letter. This service knows it before routing has said so: it gave the
    instruction, so there is nothing to wait for.
    """
    received = await context.dispositions.received(letter_id, caller.position_ids)
    delivery = await context.letters.delivery(letter_id) if received else None
    return delivery or await context.letters.readable(letter_id, caller), received
