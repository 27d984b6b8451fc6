"""Units, positions and people in the database."""

from collections.abc import Sequence
from typing import ClassVar

from services.chassis.mongo import IndexModel, Session
from services.routing.domain.organisation import Person, Position, Unit
from services.routing.store.documents import model
from services.routing.store.entities import Entities


class Units(Entities[Unit]):
    """Every unit of the regency."""

    COLLECTION = "units"
    kind = Unit
    INDEXES: ClassVar[dict[str, Sequence[IndexModel]]] = {
        COLLECTION: [
            IndexModel([("parent_id", 1), ("_id", -1)], name="parent"),
            IndexModel([("kind", 1), ("_id", -1)], name="kind"),
        ]
    }


class Positions(Entities[Position]):
    """Every position."""

    COLLECTION = "positions"
    kind = Position
    INDEXES: ClassVar[dict[str, Sequence[IndexModel]]] = {
        COLLECTION: [
            IndexModel([("unit_id", 1), ("_id", -1)], name="unit"),
            IndexModel([("role", 1), ("_id", -1)], name="role"),
        ]
    }

    async def in_units(self, unit_ids: Sequence[str], session: Session | None) -> list[Position]:
        """The positions of these units, active or not: a unit has few, and knowing one of them is knowing the unit."""
        if not unit_ids:
            return []
        rows = await self._rows.find({"unit_id": {"$in": list(unit_ids)}}, session=session).to_list(None)
        return [model(Position, row) for row in rows]


class People(Entities[Person]):
    """Every person who holds or held a position."""

    COLLECTION = "people"
    kind = Person
    INDEXES: ClassVar[dict[str, Sequence[IndexModel]]] = {COLLECTION: []}
