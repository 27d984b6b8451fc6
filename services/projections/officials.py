"""Who holds which position and who is away, as a service sees it. Invariant: each is at its newest known state.

What is past is kept too: who held a position when its work was given must be told long after.
"""

import asyncio
import time
from collections.abc import Sequence
from datetime import date
from typing import Any

from services.chassis.bus.consumer import Received, Subscription
from services.chassis.mongo import Database, IndexModel, Session
from services.chassis.uow import Transaction
from services.contracts.routing import AbsenceChanged, AssignmentChanged, PositionChanged
from services.projections.availability import Availability, Post, attendance, in_force
from services.projections.newest_state import fields_of, keep_newest

ASSIGNMENTS = "known_assignments"
ABSENCES = "known_absences"
INDEXES: dict[str, Sequence[IndexModel]] = {
    ASSIGNMENTS: [IndexModel([("position_id", 1)], name="position")],
    ABSENCES: [IndexModel([("person_id", 1), ("last_day", 1)], name="person_last_day")],
}
ENDLESS = "9999-12-31"
REMEMBERED_SECONDS = 2.0
"""How long an answer is given from memory where no session is asked for. It is the slack that events have anyway."""
REMEMBERED = 4096
AT_ONCE = 10
"""How many are read at the same time: each is a trip or two to the database."""


class Officials:
    """Assignments and absences known to this service."""

    def __init__(self, database: Database) -> None:
        self._assignments = database[ASSIGNMENTS]
        self._absences = database[ABSENCES]
        self._lately: dict[tuple[str, date], tuple[float, Availability]] = {}

    async def availability_of(
        self, positions: Sequence[PositionChanged], day: date, session: Session | None = None
    ) -> dict[str, Availability]:
        """Each of these positions on a local date, by its id."""
        if session is not None:
            return {one.position_id: await self._read(one, day, session) for one in positions}
        remembered = ((one, self._remembered(one, day)) for one in positions)
        found = {one.position_id: state for one, state in remembered if state is not None}
        unknown = [one for one in positions if one.position_id not in found]
        for start in range(0, len(unknown), AT_ONCE):
            read = [self._read(one, day, None) for one in unknown[start : start + AT_ONCE]]
            found |= {state.position_id: state for state in await asyncio.gather(*read)}
        return {one.position_id: found[one.position_id] for one in positions}

    async def assignments_of(self, position_id: str, session: Session | None = None) -> list[AssignmentChanged]:
        """Every assignment to a position that was not cancelled, past and coming ones too, the earliest first."""
        rows = await self._assignments.find({"position_id": position_id}, session=session).to_list(None)
        found = [AssignmentChanged.read(fields_of(row)) for row in rows]
        return sorted((one for one in found if not one.cancelled), key=lambda one: (one.starts_on, one.assignment_id))

    async def on_assignment_changed(self, event: AssignmentChanged, received: Received, tx: Transaction) -> None:
        """Keep the assignment's newest state."""
        await keep_newest(self._assignments, event.assignment_id, event.model_dump(mode="json"), received.seq, tx)
        self._lately.clear()

    async def on_absence_changed(self, event: AbsenceChanged, received: Received, tx: Transaction) -> None:
        """Keep the absence's newest state."""
        row = event.model_dump(mode="json")
        row["last_day"] = row["ends_on"] or ENDLESS
        await keep_newest(self._absences, event.absence_id, row, received.seq, tx)
        self._lately.clear()

    def subscriptions(self) -> list[Subscription[Any]]:
        """The rows a service adds to its subscription table to keep this projection."""
        return [
            Subscription(AssignmentChanged, "officials.assignment", self.on_assignment_changed, guarded=True),
            Subscription(AbsenceChanged, "officials.absence", self.on_absence_changed, guarded=True),
        ]

    async def _read(self, position: PositionChanged, day: date, session: Session | None) -> Availability:
        seats = [one for one in await self.assignments_of(position.position_id, session) if in_force(one, day)]
        people = sorted({one.person_id for one in seats})
        absences = {person: await self._absences_of(person, day, session) for person in people}
        post = Post(position.position_id, position.title, position.active)
        state: Availability = attendance(post, seats, absences, day)
        if session is None:
            self._remember(state)
        return state

    async def _absences_of(self, person_id: str, day: date, session: Session | None) -> list[AbsenceChanged]:
        """The person's absences that are not over on ``day``."""
        lasting = {"$gte": day.isoformat(), "$lte": ENDLESS}
        rows = await self._absences.find({"person_id": person_id, "last_day": lasting}, session=session).to_list(None)
        return [AbsenceChanged.read(fields_of(row)) for row in rows]

    def _remembered(self, position: PositionChanged, day: date) -> Availability | None:
        until, known = self._lately.get((position.position_id, day), (0.0, None))
        same = known is not None and (known.title, known.active) == (position.title, position.active)
        return known if same and until > time.monotonic() else None

    def _remember(self, state: Availability) -> None:
        if len(self._lately) >= REMEMBERED:
            self._lately.clear()
        self._lately[state.position_id, state.on] = (time.monotonic() + REMEMBERED_SECONDS, state)
