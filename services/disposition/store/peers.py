"""Positions beside a position that it may instruct too, as configured. Invariant: nobody is a peer of itself."""

from collections.abc import Sequence
from typing import ClassVar

from services.chassis.mongo import Database, IndexModel, Session


class Peers:
    """By the instructing position, the positions that were named for it."""

    COLLECTION = "peers"
    INDEXES: ClassVar[dict[str, Sequence[IndexModel]]] = {COLLECTION: []}

    def __init__(self, database: Database) -> None:
        self._rows = database[self.COLLECTION]

    async def of(self, position_id: str, session: Session | None = None) -> frozenset[str]:
        """The peers of a position; none where none were named."""
        row = await self._rows.find_one({"_id": position_id}, session=session)
        return frozenset(row["positions"]) if row else frozenset()
