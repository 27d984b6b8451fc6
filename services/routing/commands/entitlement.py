"""Who may act on a branch, and as which position. Invariant: an act is done as a held position entitled to it."""

from collections.abc import Callable
from typing import Literal

from services.chassis.auth import HeldPosition, Principal
from services.chassis.errors import forbidden, not_found
from services.projections.first_access import CHIEFS
from services.projections.letter_access import handles_letters, may_read, reads_across
from services.routing.domain.branch import Branch, handlers_key, trusted_key
from services.routing.domain.control import AUDITORS_KEY, LEADERS_KEY
from services.routing.domain.letter import Letter

Side = Literal["holder", "sender"]
"""Who an act belongs to: those the letter came to, or those it came from."""


def is_entitled(held: HeldPosition, branch: Branch) -> bool:
    """Whether the position receives for the branch, or handles the letters of a unit the branch is open to."""
    if branch.external_name:
        return False
    if held.position_id in branch.holders:
        return True
    in_unit = branch.open_to_unit and held.unit_id == branch.unit_id
    return in_unit and handles_letters(held.role, branch.letter.confidentiality)


def is_sender(held: HeldPosition, letter: Letter) -> bool:
    """Whether the position entered the letter, or handles the letters of the unit that did."""
    by = letter.registered_by
    if held.position_id == by.position_id:
        return True
    return held.unit_id == by.unit_id and handles_letters(held.role, letter.summary.confidentiality)


def acting_on(
    caller: Principal, letter: Letter, branch: Branch, side: Side, as_position: str | None = None
) -> HeldPosition:
    """The held position the caller acts as; 404 where the letter is not theirs to know of, 403 where it is."""
    if side == "sender":
        return _acting(caller, letter, lambda held: is_sender(held, letter), as_position, _NOT_YOURS_TO_SEND)
    named = branch.position_id
    return _acting(caller, letter, lambda held: is_entitled(held, branch), as_position, _NOT_YOURS, named)


def acting_anywhere(
    caller: Principal, letter: Letter, branches: tuple[Branch, ...], as_position: str | None = None
) -> HeldPosition:
    """The same for an act on the letter as a whole: by its sender, or by those it came to on any branch."""

    def entitled(held: HeldPosition) -> bool:
        there = (one for one in branches if one.is_theirs and one.state != "returned")
        return is_sender(held, letter) or any(is_entitled(held, one) for one in there)

    return _acting(caller, letter, entitled, as_position, _NOT_YOURS)


_NOT_YOURS = "Surat ini tidak ditujukan kepada jabatan atau unit Anda."
_NOT_YOURS_TO_SEND = "Hanya unit pengirim surat yang dapat melakukan ini."


def _acting(
    caller: Principal,
    letter: Letter,
    entitled: Callable[[HeldPosition], bool],
    as_position: str | None,
    refusal: str,
    named: str | None = None,
) -> HeldPosition:
    """Left open as what, somebody acts as the position the letter names, else as the chief they stand in for."""
    if not may_read(caller, letter.access):
        raise not_found("Surat")  # whatever stands on a branch: who may not read a letter cannot act on it either
    held = [one for one in caller.positions if as_position is None or one.position_id == as_position]
    held.sort(key=lambda one: (one.position_id != named, one.role not in CHIEFS))
    found = next((one for one in held if entitled(one)), None)
    if found is not None:
        return found
    if not held:
        raise forbidden("Anda tidak memegang jabatan tersebut.")
    raise forbidden(refusal)


def keys_of(caller: Principal, unit_id: str | None = None) -> list[str]:
    """The keys under which letters lie with the caller's positions and with the units they handle letters of.

    No branch lies with two of them: who is trusted in a unit is not counted among its other handlers too.
    """
    keys: list[str] = []
    for held in caller.positions:
        if unit_id is None or held.unit_id == unit_id:
            keys += [held.position_id, *_unit_keys(held)]
    trusted = {key.removesuffix("/trusted") for key in keys if key.endswith("/trusted")}
    return [key for key in dict.fromkeys(keys) if key.removesuffix("/handlers") not in trusted]


def seen_keys(caller: Principal) -> list[str]:
    """The keys under which the caller sees letters in lists; one is enough for who reads across the regency."""
    keys = keys_of(caller)
    roles = {held.role for held in caller.positions}
    if any(reads_across(role, "secret") for role in roles):
        return [LEADERS_KEY, *keys]
    return [AUDITORS_KEY, *keys] if any(reads_across(role, "ordinary") for role in roles) else keys


def _unit_keys(held: HeldPosition) -> list[str]:
    if handles_letters(held.role, "secret"):
        return [trusted_key(held.unit_id)]
    return [handlers_key(held.unit_id)] if handles_letters(held.role, "ordinary") else []
