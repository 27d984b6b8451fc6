"""Assignments in the database."""

from collections.abc import Sequence
from typing import ClassVar

from services.chassis.documents import model
from services.chassis.mongo import IndexModel, Session
from services.routing.domain.assignment import Assignment
from services.routing.store.entities import Entities


class Assignments(Entities[Assignment]):
    """Who holds, held and will hold which position."""

    COLLECTION = "assignments"
    kind = Assignment
    INDEXES: ClassVar[dict[str, Sequence[IndexModel]]] = {
        COLLECTION: [
            IndexModel([("position_id", 1), ("_id", -1)], name="position"),
            IndexModel([("person_id", 1), ("_id", -1)], name="person"),
            IndexModel([("unit_id", 1), ("_id", -1)], name="unit"),
        ]
    }

    async def to_positions(self, position_ids: Sequence[str], session: Session | None) -> list[Assignment]:
        """Every assignment to these positions, past and coming ones too."""
        if not position_ids:
            return []
        rows = await self._rows.find({"position_id": {"$in": list(position_ids)}}, session=session).to_list(None)
        return [model(Assignment, row) for row in rows]
