"""Who is there, asked for many positions at once."""

from collections.abc import Sequence
from datetime import date

from services.chassis.mongo import Session
from services.routing.domain.availability import Availability, availability
from services.routing.store.absences import Absences
from services.routing.store.assignments import Assignments
from services.routing.store.organisation import Positions


class Presence:
    """Positions, who holds them and who of those is away, read together."""

    def __init__(self, positions: Positions, assignments: Assignments, absences: Absences) -> None:
        self._positions = positions
        self._assignments = assignments
        self._absences = absences

    async def availability_of(
        self, position_ids: Sequence[str], on: date, session: Session | None = None
    ) -> dict[str, Availability]:
        """Each of these positions on a local date; one that is unknown is left out."""
        found: dict[str, Availability] = {}
        for identifier in dict.fromkeys(position_ids):
            position = await self._positions.find(identifier, session)
            if position is None:
                continue
            seats = await self._assignments.where({"position_id": identifier}, session)
            people = {one.person_id for one in seats if one.holds(on)}
            absences = {person: await self._absences.of_person(person, on, session) for person in sorted(people)}
            found[identifier] = availability(position, seats, absences, on)
        return found
