"""Whose books are whose. Invariant: a book is there for those who handle its unit's letters, and for nobody else.

Who oversees the regency reads letters, not the books of units: that is what the register says of itself too.
"""

from services.chassis.auth import Principal
from services.chassis.errors import not_found
from services.projections.letter_access import handles_letters


def units_kept_by(caller: Principal) -> dict[str, str]:
    """The units whose books the caller keeps, with their names."""
    kept = (held for held in caller.positions if handles_letters(held.role, "ordinary"))
    return {held.unit_id: held.unit_name for held in kept}


def keeper_of(caller: Principal, unit_id: str) -> str:
    """The name of the unit; 404 unless the caller keeps its books."""
    name = units_kept_by(caller).get(unit_id)
    if name is None:
        raise not_found("Buku")
    return name
