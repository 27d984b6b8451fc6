"""What recipients did, as documents. Invariant: rows are added and never changed, so the thread is its own history."""

from collections.abc import Sequence

from services.chassis.mongo import Database, Document, IndexModel, Session
from services.disposition.domain.disposition import Act

COLLECTION = "disposition_acts"
INDEXES: dict[str, Sequence[IndexModel]] = {
    COLLECTION: [IndexModel([("disposition_id", 1), ("_id", -1)], name="disposition")],
}
SHOWN_AT_MOST = 500


class Acts:
    """Acts by the disposition they belong to."""

    def __init__(self, database: Database) -> None:
        self._rows = database[COLLECTION]

    async def add(self, act: Act, session: Session | None) -> None:
        """Keep a new one."""
        row = act.model_dump()
        row["_id"] = row.pop("id")
        await self._rows.insert_one(row, session=session)

    async def of(self, disposition_id: str) -> list[Act]:
        """The newest acts on a disposition, up to 500, the oldest of them first."""
        found = self._rows.find({"disposition_id": disposition_id}).sort("_id", -1).limit(SHOWN_AT_MOST)
        rows: list[Document] = await found.to_list(SHOWN_AT_MOST)
        return [Act.model_validate(row | {"id": row["_id"]}, extra="ignore") for row in reversed(rows)]
