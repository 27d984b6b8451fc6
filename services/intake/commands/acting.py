"""As which position somebody registers. Invariant: only a position the person holds now, by the verified token."""

from services.chassis.auth import HeldPosition, Principal
from services.chassis.errors import forbidden
from services.projections.letter_access import LETTER_HANDLERS


def acting_position(caller: Principal, as_position: str | None) -> HeldPosition:
    """The position named, or the first that handles its unit's letters, or the first; 403 where there is none."""
    if as_position is not None:
        held = caller.holding(as_position)
        if held is None:
            raise forbidden("Anda tidak sedang memegang jabatan tersebut.")
        return held
    if not caller.positions:
        raise forbidden("Anda tidak sedang memegang jabatan apa pun, sehingga tidak dapat mencatat surat.")
    handling = (held for held in caller.positions if held.role in LETTER_HANDLERS)
    return next(handling, caller.positions[0])
