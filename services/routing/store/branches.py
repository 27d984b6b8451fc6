"""Branches in the database. Invariant: ``tabs`` are exactly the boxes a branch stands in, and for whom it stands there.

Lists are bounded twice: by one tab and by a span of ids, because ids tell the time. One query a tab, merged here, stays
on the index where ``$in`` together with a range does not on every server.
"""

import asyncio
import heapq
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import ClassVar

from services.chassis.documents import document, indexed, model
from services.chassis.mongo import Database, Document, IndexModel, Session
from services.chassis.newest import Bounds
from services.routing.domain.boxes import tabs_of
from services.routing.domain.branch import Branch

BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


class Branches:
    """Every way every letter goes."""

    COLLECTION = "branches"
    INDEXES: ClassVar[dict[str, Sequence[IndexModel]]] = {
        COLLECTION: [
            IndexModel([("letter_id", 1)], name="letter"),
            IndexModel([("tabs", 1), ("_id", -1)], name="tabs"),
            IndexModel([("tabs", 1), ("due_at", 1)], name="tabs_due"),
            IndexModel([("watch_at", 1)], name="watch", sparse=True),
        ]
    }

    def __init__(self, database: Database) -> None:
        self._rows = database[self.COLLECTION]

    async def find(self, branch_id: str, session: Session | None) -> Branch | None:
        """The branch, or None."""
        row = await self._rows.find_one({"_id": branch_id}, session=session)
        return model(Branch, row) if row else None

    async def of(self, letter_id: str, session: Session | None) -> list[Branch]:
        """The branches of a letter, in the order they were opened."""
        rows = await self._rows.find({"letter_id": letter_id}, session=session).to_list(None)
        return sorted((model(Branch, row) for row in rows), key=lambda branch: branch.id)

    async def add(self, branches: Sequence[Branch], session: Session | None) -> None:
        """Keep new branches."""
        if branches:
            await self._rows.insert_many([branch_row(branch) for branch in branches], session=session)

    async def change(self, branch: Branch, session: Session | None) -> None:
        """Keep the branch's new state, or the whole branch where it was lost."""
        await self._rows.replace_one({"_id": branch.id}, branch_row(branch), upsert=True, session=session)

    async def drop(self, letter_id: str, but: Sequence[str], session: Session | None) -> None:
        """Take away a letter's branches that no history tells of."""
        await self._rows.delete_many({"letter_id": letter_id, "_id": {"$nin": list(but)}}, session=session)

    async def within(self, tabs: Sequence[str], bounds: Bounds, further: Document) -> list[Branch]:
        """The branches that stand at one of ``tabs``, within bounds and further conditions, newest first."""
        lists = await asyncio.gather(*(indexed(self._rows, {"tabs": one, **bounds.condition}, further) for one in tabs))
        rows = {row["_id"]: row for rows in lists for row in rows}
        return [model(Branch, rows[one]) for one in heapq.nlargest(len(rows), rows)]

    async def count(self, tabs: Sequence[str], further: Document) -> int:
        """How many stand at these tabs, no two of which share a branch; ``further`` may be a span of ``due_at``."""
        counts = await asyncio.gather(*(self._rows.count_documents({"tabs": one, **further}) for one in tabs))
        return sum(counts)

    async def to_watch(self, until: datetime, limit: int) -> list[Branch]:
        """Those whose deadline asks for something by ``until``."""
        rows = await self._rows.find({"watch_at": {"$gt": BEGINNING, "$lte": until}}).limit(limit).to_list(limit)
        return [model(Branch, row) for row in rows]

    async def watch_later(self, branch_id: str, at: datetime) -> None:
        """Watch the branch's deadline again at that time."""
        await self._rows.update_one({"_id": branch_id}, {"$set": {"watch_at": at}})

    async def documents_of(self, letter_id: str, session: Session | None) -> list[Document]:
        """The branches of a letter as they are kept, in the order they were opened."""
        rows = await self._rows.find({"letter_id": letter_id}, session=session).to_list(None)
        return sorted(rows, key=lambda row: str(row["_id"]))


def branch_row(branch: Branch) -> Document:
    """The document, with what queries ask for beside the facts it follows from."""
    watch = {"watch_at": branch.watch_at} if branch.watch_at else {}
    return {**document(branch), "state": branch.state, "tabs": tabs_of(branch), **watch}
