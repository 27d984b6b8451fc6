"""Who may act on a branch, and as which position. Invariant: an act is done as a held position entitled to it."""

from services.chassis.auth import HeldPosition, Principal
from services.chassis.errors import forbidden, not_found
from services.projections.letter_access import handles_letters, may_read
from services.routing.context import Context
from services.routing.domain.branch import Branch, handlers_key, trusted_key


def is_entitled(held: HeldPosition, branch: Branch) -> bool:
    """Whether the position receives for the branch, or handles the letters of a unit the branch is open to."""
    if held.position_id in branch.holders:
        return True
    in_unit = branch.open_to_unit and held.unit_id == branch.unit_id
    return in_unit and handles_letters(held.role, branch.letter.confidentiality)


async def acting_on(context: Context, caller: Principal, branch: Branch, as_position: str | None) -> HeldPosition:
    """The held position the caller acts as; 404 where the letter is not theirs to know of, 403 where it is."""
    held = [one for one in caller.positions if as_position is None or one.position_id == as_position]
    entitled = next((one for one in held if is_entitled(one, branch)), None)
    if entitled is not None:
        return entitled
    letter = await context.letters.find(branch.letter_id, None)
    if letter is None or not may_read(caller, letter.access):
        raise not_found("Surat")
    if not held:
        raise forbidden("Anda tidak memegang jabatan tersebut.")
    raise forbidden("Surat ini tidak ditujukan kepada jabatan atau unit Anda.")


def keys_of(caller: Principal, unit_id: str | None = None) -> list[str]:
    """The keys under which branches lie with the caller's positions and with the units they handle letters of."""
    keys: list[str] = []
    for held in caller.positions:
        if unit_id is not None and held.unit_id != unit_id:
            continue
        keys.append(held.position_id)
        if handles_letters(held.role, "secret"):
            keys.append(trusted_key(held.unit_id))
        elif handles_letters(held.role, "ordinary"):
            keys.append(handlers_key(held.unit_id))
    return list(dict.fromkeys(keys))
