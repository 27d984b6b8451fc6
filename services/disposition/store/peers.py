"""Positions beside a position that it may instruct too, as configured. Invariant: a list is only replaced by the
version that follows the one its maker has seen.
"""

from collections.abc import Sequence
from typing import ClassVar

from pydantic import AwareDatetime, BaseModel, ConfigDict

from services.chassis.documents import document, model
from services.chassis.mongo import Database, IndexModel, Session


class PeerList(BaseModel):
    """The peers of one position, in the order they are offered; who named them, and when."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    positions: tuple[str, ...] = ()
    version: int = 0
    by_name: str | None = None
    by_id: str | None = None
    at: AwareDatetime | None = None


class Peers:
    """By the instructing position, the positions that were named for it."""

    COLLECTION = "peers"
    INDEXES: ClassVar[dict[str, Sequence[IndexModel]]] = {COLLECTION: []}

    def __init__(self, database: Database) -> None:
        self._rows = database[self.COLLECTION]

    async def of(self, position_id: str, session: Session | None = None) -> frozenset[str]:
        """The peers of a position; none where none were named."""
        return frozenset((await self.read(position_id, session)).positions)

    async def read(self, position_id: str, session: Session | None = None) -> PeerList:
        """The list as it is; an empty one of version 0 where none was made."""
        row = await self._rows.find_one({"_id": position_id}, session=session)
        return model(PeerList, row) if row else PeerList(id=position_id)

    async def write(self, kept: PeerList, session: Session | None) -> None:
        """Keep the list in the place of the former; whoever does it at once clashes."""
        await self._rows.replace_one({"_id": kept.id}, document(kept), upsert=True, session=session)
