"""The control list in the database: a row a letter. Invariant: a row is what its dossier says, written with it."""

import asyncio
import heapq
from collections.abc import Sequence
from typing import ClassVar

from services.chassis.documents import document, indexed, model
from services.chassis.mongo import Database, Document, IndexModel, Session
from services.chassis.newest import Bounds
from services.routing.domain.control import ControlRow


class ControlList:
    """One row for every letter."""

    COLLECTION = "control_list"
    INDEXES: ClassVar[dict[str, Sequence[IndexModel]]] = {
        COLLECTION: [
            IndexModel([("seen_by", 1), ("_id", -1)], name="seen_by"),
            IndexModel([("seen_by", 1), ("status", 1), ("_id", -1)], name="status"),
            IndexModel([("seen_by", 1), ("due_at", 1)], name="due"),
            IndexModel([("units", 1), ("_id", -1)], name="units"),
        ]
    }

    def __init__(self, database: Database) -> None:
        self._rows = database[self.COLLECTION]

    async def put(self, row: ControlRow, session: Session | None) -> None:
        """Keep the row, in the place of an older one."""
        await self._rows.replace_one({"_id": row.id}, document(row), upsert=True, session=session)

    async def add(self, row: ControlRow, session: Session | None) -> None:
        """Keep the row of a new letter."""
        await self._rows.insert_one(document(row), session=session)

    async def find(self, letter_id: str, session: Session | None = None) -> ControlRow | None:
        """The row of a letter, or None."""
        row = await self._rows.find_one({"_id": letter_id}, session=session)
        return model(ControlRow, row) if row else None

    async def document_of(self, letter_id: str, session: Session | None) -> Document | None:
        """The row of a letter as it is kept, or None."""
        return await self._rows.find_one({"_id": letter_id}, session=session)

    async def within(self, field: str, values: Sequence[str], bounds: Bounds, further: Document) -> list[ControlRow]:
        """The rows with one of ``values`` in ``field``, within bounds and further conditions, newest first."""
        rows = await self._found(field, values, bounds.condition, further)
        return [model(ControlRow, rows[one]) for one in heapq.nlargest(len(rows), rows)]

    async def due(self, keys: Sequence[str], span: Document, further: Document) -> list[ControlRow]:
        """The rows of open letters that are due within ``span``, the soonest first."""
        rows = await self._found("seen_by", keys, {"due_at": span}, further)
        return sorted((model(ControlRow, row) for row in rows.values()), key=lambda one: (str(one.due_at), one.id))

    async def count(self, keys: Sequence[str]) -> int:
        """How many rows these keys see, no two of which share a row."""
        counts = await asyncio.gather(*(self._rows.count_documents({"seen_by": one}) for one in keys))
        return sum(counts)

    async def _found(self, field: str, values: Sequence[str], span: Document, further: Document) -> dict[str, Document]:
        first = {"status": further["status"]} if "status" in further and "_id" in span and field == "seen_by" else {}
        lists = await asyncio.gather(*(indexed(self._rows, {field: one, **first, **span}, further) for one in values))
        return {row["_id"]: row for rows in lists for row in rows}
