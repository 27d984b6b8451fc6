"""Who may change what a register says. Invariant: only who handles such letters in the unit whose book it is."""

from services.chassis.auth import HeldPosition, Principal
from services.chassis.errors import conflict, forbidden
from services.intake.domain.letter import Letter
from services.projections.reading import handles_letters


def keeping_position(caller: Principal, letter: Letter, as_position: str | None) -> HeldPosition:
    """The position the caller changes the entry as; 403 where none that is held keeps this unit's book."""
    held = caller.in_unit(letter.unit_id)
    keeping = [one for one in held if handles_letters(one.role, letter.confidentiality)]
    if as_position is not None:
        keeping = [one for one in keeping if one.position_id == as_position]
    if not keeping:
        raise forbidden("Catatan surat hanya dapat diubah oleh petugas surat pada unit yang mencatatnya.")
    return keeping[0]


def check_standing(letter: Letter) -> None:
    """409 for a letter that was voided: what is void stays as it was."""
    if letter.voided is not None:
        state = {"version": letter.version, "voided": letter.voided.model_dump(mode="json")}
        raise conflict("letter_voided", "Surat ini sudah dibatalkan dan tidak dapat diubah lagi.", state=state)
