"""Units, positions and people in the database."""

from collections.abc import Sequence
from typing import ClassVar

from services.chassis.documents import model
from services.chassis.mongo import Document, IndexModel, Session
from services.routing.domain.organisation import Person, Position, Unit
from services.routing.store import names
from services.routing.store.entities import Entities

_CODE = IndexModel([("code", 1)], name="code")
_ACTIVE = IndexModel([("active", 1), ("_id", -1)], name="active")


class Units(Entities[Unit]):
    """Every unit of the regency."""

    COLLECTION = "units"
    kind = Unit
    INDEXES: ClassVar[dict[str, Sequence[IndexModel]]] = {
        COLLECTION: [
            IndexModel([("parent_id", 1), ("_id", -1)], name="parent"),
            IndexModel([("kind", 1), ("_id", -1)], name="kind"),
            _ACTIVE,
            _CODE,
            names.INDEX,
        ]
    }

    async def above(self, unit_id: str | None, session: Session | None) -> list[Unit]:
        """The unit and those above it, nearest first."""
        found: dict[str, Unit] = {}
        while unit_id is not None and unit_id not in found:
            unit = await self.find(unit_id, session)
            if unit is None:
                break
            found[unit.id] = unit
            unit_id = unit.parent_id
        return list(found.values())

    def _row(self, entity: Unit) -> Document:
        return {**super()._row(entity), **names.searchable(entity.name)}


class Positions(Entities[Position]):
    """Every position."""

    COLLECTION = "positions"
    kind = Position
    INDEXES: ClassVar[dict[str, Sequence[IndexModel]]] = {
        COLLECTION: [
            IndexModel([("unit_id", 1), ("_id", -1)], name="unit"),
            IndexModel([("role", 1), ("_id", -1)], name="role"),
            IndexModel([("superiors", 1)], name="superiors"),
            _ACTIVE,
            _CODE,
            names.INDEX,
        ]
    }

    async def in_units(self, unit_ids: Sequence[str], session: Session | None) -> list[Position]:
        """The positions of these units, active or not: a unit has few, and knowing one of them is knowing the unit."""
        if not unit_ids:
            return []
        rows = await self._rows.find({"unit_id": {"$in": list(unit_ids)}}, session=session).to_list(None)
        return [model(Position, row) for row in rows]

    async def below(self, position_id: str, session: Session | None) -> list[Position]:
        """Every position below it, however far."""
        return await self.where({"superiors": position_id}, session)

    def _row(self, entity: Position) -> Document:
        return {**super()._row(entity), **names.searchable(entity.title)}


class People(Entities[Person]):
    """Every person who holds or held a position."""

    COLLECTION = "people"
    kind = Person
    INDEXES: ClassVar[dict[str, Sequence[IndexModel]]] = {
        COLLECTION: [
            IndexModel([("nip", 1)], name="nip"),
            _CODE,
            names.INDEX,
        ]
    }

    async def with_number(self, nip: str, session: Session | None) -> Person | None:
        """The person with this civil servant's number, or None."""
        return next(iter(await self.where({"nip": nip}, session)), None)

    def _row(self, entity: Person) -> Document:
        return {**super()._row(entity), **names.searchable(entity.name)}
