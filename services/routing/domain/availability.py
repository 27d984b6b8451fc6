"""Whether a position can be given work on a day, as routing knows it. Invariant: the rule is the one of projections."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TypeAlias

from services.projections.availability import STATES, Attendance, Post, attendance, warning
from services.routing.domain.absence import Absence
from services.routing.domain.assignment import Assignment
from services.routing.domain.organisation import Position

__all__ = ["STATES", "Availability", "availability", "warning"]

Availability: TypeAlias = Attendance[Assignment, Absence]


def availability(
    position: Position, assignments: Iterable[Assignment], absences: Mapping[str, Sequence[Absence]], on: date
) -> Availability:
    """What the assignments to the position and the absences of their people (by person) come to on the day."""
    own = [one for one in assignments if one.position_id == position.id]
    return attendance(Post(position.id, position.title, position.active), own, absences, on)
