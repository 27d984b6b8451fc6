"""Who is shown which dispositions. Invariant: beside issuer and recipients, only offices that the letter came to, and
those who read every office's letters.
"""

from services.chassis.auth import Principal
from services.chassis.errors import not_found
from services.disposition.commands.letter import came_to, letter_at_hand
from services.disposition.context import Context
from services.disposition.domain.disposition import Act, Disposition
from services.projections.letter_access import may_read, oversees

Shown = tuple[list[Disposition], str | None]


async def may_see(context: Context, caller: Principal, disposition: Disposition) -> bool:
    """Whether the caller is a party to it, gave it down to the issuer, reads the letter in the issuer's unit, or reads
    every unit's.
    """
    if {*disposition.parties, *disposition.above}.intersection(caller.position_ids):
        return True
    access = await context.letters.of(disposition.letter_id)
    if access is None:
        return False
    # What is read with a position elsewhere says nothing of what one may know in the issuer's unit.
    there = caller.model_copy(update={"positions": caller.in_unit(disposition.issuer.unit_id)})
    return oversees(caller, access) or may_read(there, access)


async def show_disposition(context: Context, caller: Principal, disposition_id: str) -> tuple[Disposition, list[Act]]:
    """A disposition with what its recipients did."""
    disposition = await context.dispositions.get(disposition_id)
    if disposition is None or not await may_see(context, caller, disposition):
        raise not_found("Disposisi")
    return disposition, await context.thread.of(disposition_id)


async def show_dispositions_of_letter(
    context: Context, caller: Principal, letter_id: str, cursor: str | None, limit: int
) -> Shown:
    """What was instructed about a letter, newest first; nothing for those who only sent it or may only read it."""
    letter, received = await letter_at_hand(context, caller, letter_id)
    inside = bool(received) or oversees(caller, letter.access)
    if not inside and not came_to(caller, letter, await context.branches.of(letter)):
        return [], None
    return await context.dispositions.of_letter(letter_id, cursor, limit)
