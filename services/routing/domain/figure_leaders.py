"""Whether who leads a unit was there on a day. Invariant: pure; says what is known when it is asked."""

from collections.abc import Iterable, Sequence
from datetime import date

from services.projections.availability import counts_on
from services.routing.domain.absence import Absence
from services.routing.domain.assignment import Assignment
from services.routing.domain.branch import Branch
from services.routing.domain.figure_measures import LEADERS, Leader
from services.routing.domain.organisation import Position

LEADING = frozenset({"leader", "head"})


def leading(branch: Branch, staff: Iterable[Position]) -> list[Position]:
    """Who leads where a branch goes: the position it is addressed to, if that leads, or those that lead its unit."""
    found = [one for one in staff if one.role in LEADING and one.unit_id == branch.unit_id]
    named = [one for one in found if one.id == branch.position_id]
    return named or [one for one in found if one.active]


def leader_on(
    day: date, seats: Iterable[Position], assignments: Sequence[Assignment], absences: Sequence[Absence]
) -> Leader:
    """Present where one of these positions has its holder there; a stand-in does not make an absent holder present."""
    found = {_seat_on(day, seat, assignments, absences) for seat in seats}
    return next((state for state in LEADERS if state in found), "vacant")


def _seat_on(day: date, seat: Position, assignments: Sequence[Assignment], absences: Sequence[Absence]) -> Leader:
    holding = [one for one in assignments if one.position_id == seat.id and one.holds(day)]
    if not holding:
        return "vacant"
    holder = next((one for one in holding if not one.is_acting), holding[0])
    gone = any(one.person_id == holder.person_id and counts_on(one, day) for one in absences)
    return "away" if gone else "present"
