"""The organisation as a service sees it: units and positions. Invariant: each is at its newest known state.

Events carry whole states, so a stale one is skipped by its sequence and a repeated one changes nothing.
"""

import time
from collections.abc import Sequence
from typing import Any, TypeVar

from services.chassis.bus.consumer import Received, Subscription
from services.chassis.mongo import Database, Document, IndexModel, Session
from services.chassis.uow import Transaction
from services.contracts.routing import PositionChanged, UnitChanged
from services.projections.newest_state import fields_of, keep_newest

UNITS = "known_units"
POSITIONS = "known_positions"
INDEXES: dict[str, Sequence[IndexModel]] = {
    POSITIONS: [
        IndexModel([("unit_id", 1), ("role", 1)], name="unit_role"),
        IndexModel([("superiors", 1)], name="superiors"),
    ],
}
REMEMBERED_SECONDS = 2.0
"""How long a unit or position once read is answered from memory. It is the slack that events have anyway."""
REMEMBERED = 4096
State = TypeVar("State", UnitChanged, PositionChanged)


class Organisation:
    """Units and positions known to this service."""

    def __init__(self, database: Database) -> None:
        self._units = database[UNITS]
        self._positions = database[POSITIONS]
        self._lately: dict[str, tuple[float, UnitChanged | PositionChanged]] = {}

    async def unit(self, unit_id: str) -> UnitChanged | None:
        """The active unit with this id, or None."""
        known = self._remembered(unit_id)
        if isinstance(known, UnitChanged):
            return known
        row = await self._units.find_one({"_id": unit_id, "active": True})
        return self._remember(unit_id, UnitChanged.read(fields_of(row))) if row else None

    async def position(self, position_id: str) -> PositionChanged | None:
        """The active position with this id, or None."""
        known = self._remembered(position_id)
        if isinstance(known, PositionChanged):
            return known
        row = await self._positions.find_one({"_id": position_id, "active": True})
        return self._remember(position_id, PositionChanged.read(fields_of(row))) if row else None

    async def known(self, position_id: str, session: Session | None = None) -> PositionChanged | None:
        """The position with this id, whether it still is one or not; None for one that was never told of."""
        row = await self._positions.find_one({"_id": position_id}, session=session)
        return PositionChanged.read(fields_of(row)) if row else None

    async def positions(self, position_ids: Sequence[str], session: Session | None = None) -> list[PositionChanged]:
        """The active ones among these positions."""
        query: Document = {"_id": {"$in": list(position_ids)}}
        rows = self._positions.find(query, session=session)
        return [PositionChanged.read(fields_of(row)) async for row in rows if row["active"]]

    async def below(self, position_id: str) -> list[PositionChanged]:
        """The active positions under this one, however far down."""
        rows = await self._positions.find({"superiors": position_id}).to_list(None)
        return [PositionChanged.read(fields_of(row)) for row in rows if row["active"]]

    async def in_unit(
        self, unit_id: str, roles: Sequence[str], session: Session | None = None
    ) -> list[PositionChanged]:
        """The unit's active positions with one of these roles."""
        # By unit alone, which an index holds, and chosen here: the embedded server would look through all positions.
        rows = self._positions.find({"unit_id": unit_id}, session=session)
        wanted = [row async for row in rows if row["active"] and row["role"] in roles]
        return [PositionChanged.read(fields_of(row)) for row in wanted]

    async def all_units(self) -> list[UnitChanged]:
        """Every active unit. Looks through all there are: for those who ask seldom and remember what they were told."""
        rows = await self._units.find({}).to_list(None)
        return [UnitChanged.read(fields_of(row)) for row in rows if row["active"]]

    async def all_with(self, roles: Sequence[str]) -> list[PositionChanged]:
        """Every active position with one of these roles. Looks through all there are, as ``all_units`` does."""
        rows = await self._positions.find({}).to_list(None)
        return [PositionChanged.read(fields_of(row)) for row in rows if row["active"] and row["role"] in roles]

    async def on_unit_changed(self, event: UnitChanged, received: Received, transaction: Transaction) -> None:
        """Keep the unit's newest state."""
        await keep_newest(self._units, event.unit_id, event.model_dump(mode="json"), received.seq, transaction)
        self._lately.pop(event.unit_id, None)

    async def on_position_changed(self, event: PositionChanged, received: Received, transaction: Transaction) -> None:
        """Keep the position's newest state."""
        await keep_newest(self._positions, event.position_id, event.model_dump(mode="json"), received.seq, transaction)
        self._lately.pop(event.position_id, None)

    def _remembered(self, identifier: str) -> UnitChanged | PositionChanged | None:
        until, known = self._lately.get(identifier, (0.0, None))
        return known if until > time.monotonic() else None

    def _remember(self, identifier: str, state: State) -> State:
        if len(self._lately) >= REMEMBERED:
            self._lately.clear()
        self._lately[identifier] = (time.monotonic() + REMEMBERED_SECONDS, state)
        return state

    def subscriptions(self) -> list[Subscription[Any]]:
        """The rows a service adds to its subscription table to keep this projection."""
        return [
            Subscription(UnitChanged, "organisation.unit", self.on_unit_changed, guarded=True),
            Subscription(PositionChanged, "organisation.position", self.on_position_changed, guarded=True),
        ]
