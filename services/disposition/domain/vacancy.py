"""Positions that nobody holds. Invariant: pure; a position is vacant on a day, from a day, and its work moves when that
has lasted for as many days as were granted.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from services.contracts.routing import AssignmentChanged
from services.disposition.domain.disposition import Disposition
from services.disposition.domain.recipient import DispositionRecipient
from services.projections.availability import in_force
from services.projections.local_dates import long_date

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Vacancy:
    """A position without a holder ``since`` a day; its work moves from ``due_on``."""

    title: str
    since: date
    due_on: date

    @property
    def reason(self) -> str:
        """Why its work moves, for people to read."""
        return f"Jabatan {self.title} kosong sejak {long_date(self.since)}."


def is_held(assignments: Iterable[AssignmentChanged], day: date) -> bool:
    """Whether somebody holds the position on this day, in whatever capacity."""
    return any(in_force(one, day) for one in assignments)


def vacancy_of(title: str, assignments: Sequence[AssignmentChanged], noticed_on: date, grace_days: int) -> Vacancy:
    """The vacancy that was noticed on a day: days of grace count from then, and it is told since the last one left."""
    ends = [one.ends_on for one in assignments if one.ends_on and one.ends_on < noticed_on]
    since = max(ends) + DAY if ends else noticed_on
    return Vacancy(title, since, noticed_on + grace_days * DAY)


def heir_of_part(
    one: Disposition, part: DispositionRecipient, superiors: Sequence[str], held: Collection[str]
) -> str | None:
    """Where a part goes that nobody has: to the nearest of the superiors that is held and has no part of its own in it.

    None where it goes back: because whoever gave it comes first, held or not, or because there is nobody.
    """
    others = {each.position_id for each in one.live if each.recipient_id != part.recipient_id}
    for each in superiors:
        if each == one.owner.position_id:
            return None
        if each in held and each not in others:
            return each
    return None


def heir_of_giving(one: Disposition, superiors: Sequence[str], held: Collection[str]) -> str | None:
    """Who waits for the answers in the place of nobody: the nearest held superior that is not to give one."""
    parties = {each.position_id for each in one.live}
    return next((each for each in superiors if each in held and each not in parties), None)
