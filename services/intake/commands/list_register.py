"""Show the agenda books. Invariant: of the caller's own units only, and nothing the caller may not read by id."""

from collections.abc import Mapping
from typing import get_args

from services.chassis.auth import Principal
from services.contracts.vocabulary import Confidentiality
from services.intake.context import Context
from services.intake.domain.letter import Letter
from services.projections.letter_access import handles_letters, may_read


async def list_register(
    context: Context, caller: Principal, cursor: str | None, limit: int, *, training: bool = False
) -> tuple[list[Letter], str | None]:
    """A page of the registers of the caller's units, newest first; practice is apart and never among them.

    Access may have been narrowed since a letter was registered; such a letter is left out, so a page can be shorter
    than asked for while ``next`` still leads on. Who reads every letter still keeps no other unit's book.
    """
    letters, following = await context.letters.register(_readable(caller), cursor, limit, training=training)
    known = await context.readers.of_many([letter.letter_id for letter in letters])
    shown = [one for one in letters if one.letter_id in known and may_read(caller, known[one.letter_id])]
    return shown, following


def _readable(caller: Principal) -> Mapping[str, list[Confidentiality]]:
    """Of each of the caller's units, how confidential its letters may be for the positions held there."""
    levels: dict[str, list[Confidentiality]] = {}
    for unit_id in caller.unit_ids:
        roles = {held.role for held in caller.in_unit(unit_id)}
        seen = [one for one in get_args(Confidentiality) if any(handles_letters(role, one) for role in roles)]
        if seen:
            levels[unit_id] = seen
    return levels
