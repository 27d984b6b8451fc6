"""Whether the leaders were there when letters came. Invariant: asked once for each branch, soon after it was opened,
and kept: an absence that is entered or corrected later does not change what was the case for a letter that had come.
"""

from collections.abc import Iterable
from datetime import date

from services.routing.domain.absence import Absence
from services.routing.domain.assignment import Assignment
from services.routing.domain.branch import Branch
from services.routing.domain.figure_leaders import leader_on, leading
from services.routing.domain.figure_measures import Leader
from services.routing.domain.organisation import Position
from services.routing.figure_room import FigureRoom


class LeaderBook:
    """Looks each unit up once; to be thrown away after a sweep."""

    def __init__(self, room: FigureRoom) -> None:
        self._room = room
        self._staff: dict[str, list[Position]] = {}
        self._assignments: dict[str, list[Assignment]] = {}
        self._absences: dict[tuple[str, date], list[Absence]] = {}

    async def when_opened(self, branches: Iterable[Branch]) -> dict[str, Leader]:
        """Per branch whether who leads where it goes was there."""
        return {one.id: await self._when_opened(one) for one in branches if one.external_name is None}

    async def _when_opened(self, branch: Branch) -> Leader:
        day = branch.opened_at.astimezone(self._room.zone).date()
        seats = leading(branch, await self._staff_of(branch.unit_id))
        holding = [one for seat in seats for one in await self._assigned_to(seat.id) if one.holds(day)]
        absences = [one for person in {held.person_id for held in holding} for one in await self._gone(person, day)]
        return leader_on(day, seats, holding, absences)

    async def _staff_of(self, unit_id: str) -> list[Position]:
        if unit_id not in self._staff:
            self._staff[unit_id] = await self._room.positions.in_units([unit_id], None)
        return self._staff[unit_id]

    async def _assigned_to(self, position_id: str) -> list[Assignment]:
        if position_id not in self._assignments:
            self._assignments[position_id] = await self._room.assignments.to_positions([position_id], None)
        return self._assignments[position_id]

    async def _gone(self, person_id: str, day: date) -> list[Absence]:
        if (person_id, day) not in self._absences:
            self._absences[person_id, day] = await self._room.absences.of_person(person_id, day, None)
        return self._absences[person_id, day]
