"""What was done with dispositions, as documents. Invariant: rows are added and never changed, so the thread is its own
history.
"""

from collections.abc import Sequence
from typing import ClassVar

from services.chassis.documents import document, model
from services.chassis.mongo import Database, Document, IndexModel, Session
from services.disposition.domain.disposition import Act

SHOWN_AT_MOST = 500


class Acts:
    """Acts by the disposition they belong to."""

    COLLECTION = "disposition_acts"
    INDEXES: ClassVar[dict[str, Sequence[IndexModel]]] = {
        COLLECTION: [IndexModel([("disposition_id", 1), ("_id", -1)], name="disposition")],
    }

    def __init__(self, database: Database) -> None:
        self._rows = database[self.COLLECTION]

    async def add(self, acts: Sequence[Act], session: Session | None) -> None:
        """Keep new ones."""
        if acts:
            await self._rows.insert_many([document(act) for act in acts], session=session)

    async def of(self, disposition_id: str) -> list[Act]:
        """The newest acts on a disposition, up to 500, the oldest of them first."""
        found = self._rows.find({"disposition_id": disposition_id}).sort("_id", -1).limit(SHOWN_AT_MOST)
        rows: list[Document] = await found.to_list(SHOWN_AT_MOST)
        return [model(Act, row) for row in reversed(rows)]

    async def get(self, disposition_id: str, act_id: str) -> Act | None:
        """One act on this disposition, or None."""
        row = await self._rows.find_one({"_id": act_id})
        return model(Act, row) if row and row["disposition_id"] == disposition_id else None
