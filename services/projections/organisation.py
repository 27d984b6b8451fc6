"""The organisation as a service sees it: units and positions. Invariant: each is at its newest known state.

Events carry whole states, so a stale one is skipped by its sequence and a repeated one changes nothing.
"""

from collections.abc import Sequence
from typing import Any

from services.chassis.bus.consumer import Received, Subscription
from services.chassis.mongo import Database, Document, IndexModel, Session
from services.chassis.uow import Transaction
from services.contracts.event import Event
from services.contracts.routing import PositionChanged, UnitChanged

UNITS = "known_units"
POSITIONS = "known_positions"
INDEXES: dict[str, Sequence[IndexModel]] = {
    POSITIONS: [IndexModel([("unit_id", 1), ("role", 1)], name="unit_role")],
}


class Organisation:
    """Units and positions known to this service."""

    def __init__(self, database: Database) -> None:
        self._units = database[UNITS]
        self._positions = database[POSITIONS]

    async def unit(self, unit_id: str, session: Session | None = None) -> UnitChanged | None:
        """The active unit with this id, or None."""
        row = await self._units.find_one({"_id": unit_id, "active": True}, session=session)
        return UnitChanged.read(_fields(row)) if row else None

    async def position(self, position_id: str, session: Session | None = None) -> PositionChanged | None:
        """The active position with this id, or None."""
        row = await self._positions.find_one({"_id": position_id, "active": True}, session=session)
        return PositionChanged.read(_fields(row)) if row else None

    async def positions(self, position_ids: Sequence[str], session: Session | None = None) -> list[PositionChanged]:
        """The active ones among these positions."""
        query: Document = {"_id": {"$in": list(position_ids)}, "active": True}
        rows = self._positions.find(query, session=session)
        return [PositionChanged.read(_fields(row)) async for row in rows]

    async def in_unit(
        self, unit_id: str, roles: Sequence[str], session: Session | None = None
    ) -> list[PositionChanged]:
        """The unit's active positions with one of these roles."""
        query: Document = {"unit_id": unit_id, "role": {"$in": list(roles)}, "active": True}
        rows = self._positions.find(query, session=session)
        return [PositionChanged.read(_fields(row)) async for row in rows]

    async def on_unit_changed(self, event: UnitChanged, received: Received, transaction: Transaction) -> None:
        """Keep the unit's newest state."""
        await _keep(self._units, event.unit_id, event, received.seq, transaction.session)

    async def on_position_changed(self, event: PositionChanged, received: Received, transaction: Transaction) -> None:
        """Keep the position's newest state."""
        await _keep(self._positions, event.position_id, event, received.seq, transaction.session)

    def subscriptions(self) -> list[Subscription[Any]]:
        """The rows a service adds to its subscription table to keep this projection."""
        return [
            Subscription(UnitChanged, "organisation.unit", self.on_unit_changed),
            Subscription(PositionChanged, "organisation.position", self.on_position_changed),
        ]


async def _keep(collection: Any, identifier: str, event: Event, seq: int, session: Session | None) -> None:
    known = await collection.find_one({"_id": identifier}, {"last_seq": 1}, session=session)
    if known and known["last_seq"] >= seq:
        return
    row = event.model_dump(mode="json") | {"_id": identifier, "last_seq": seq}
    await collection.replace_one({"_id": identifier}, row, upsert=True, session=session)


def _fields(row: Document) -> Document:
    return {name: value for name, value in row.items() if name not in ("_id", "last_seq")}
