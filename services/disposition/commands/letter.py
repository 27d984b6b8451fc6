"""The letter behind a disposition. Invariant: nobody hears of a letter that they may not read, and what an office says
to itself about it is for those it came to and those who oversee all offices, not for those it came from.
"""

from collections.abc import Iterable

from services.chassis.auth import Principal
from services.chassis.errors import conflict
from services.chassis.uow import Transaction
from services.contracts.routing import LetterDelivered
from services.disposition.context import Context
from services.disposition.domain.disposition import Disposition
from services.projections.reading import handles_letters
from services.projections.titles import display_title
from services.projections.ways import Way


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


async def must_be_valid(context: Context, letter_id: str, tx: Transaction) -> None:
    """409 where the letter's registration is void: nothing is done about it any more."""
    void = await context.letters.voided(letter_id, tx.session)
    if void is not None:
        by = display_title(void.voided_by.position_title, void.voided_by.capacity)
        detail = f"Pendaftaran surat ini sudah dibatalkan oleh {void.voided_by.person_name} ({by})."
        raise conflict("letter_voided", detail, state={"status": "void", "at": void.at, "reason": void.reason})


def came_to(caller: Principal, letter: LetterDelivered, ways: Iterable[Way]) -> bool:
    """Whether the letter lies with one of the caller's positions, or with a unit whose letters one of them handles."""
    mine = set(caller.position_ids)
    handled = {held.unit_id for held in caller.positions if handles_letters(held.role, letter.access.confidentiality)}
    return any(
        bool(mine & {way.branch.position_id, *way.branch.holders})
        or (way.branch.open_to_unit and way.branch.unit_id in handled)
        for way in ways
        if not way.is_outside and way.left is None
    )
