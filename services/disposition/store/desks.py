"""Desks as documents. Invariant: a desk is only replaced by the version that follows the one it was read at."""

from collections.abc import Sequence
from typing import ClassVar

from services.chassis.documents import document, model
from services.chassis.mongo import Database, IndexModel, Session
from services.disposition.domain.desk import Desk


class Desks:
    """Who is responsible on each desk."""

    COLLECTION = "desks"
    INDEXES: ClassVar[dict[str, Sequence[IndexModel]]] = {COLLECTION: []}

    def __init__(self, database: Database) -> None:
        self._rows = database[self.COLLECTION]

    async def get(self, desk_id: str, session: Session | None = None) -> Desk:
        """The desk; one where nobody is responsible yet if it was never used."""
        row = await self._rows.find_one({"_id": desk_id}, session=session)
        return model(Desk, row) if row else Desk(id=desk_id)

    async def save(self, desk: Desk, session: Session | None) -> bool:
        """Keep the desk; False where another has changed it since, DuplicateKeyError where another has made it."""
        if desk.version == 1:
            await self._rows.insert_one(document(desk), session=session)
            return True
        known = {"_id": desk.id, "version": desk.version - 1}
        return (await self._rows.replace_one(known, document(desk), session=session)).matched_count == 1
