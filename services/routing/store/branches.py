"""Branches in the database. Invariant: ``lies_with`` holds exactly the keys of those an open branch lies with.

Lists are bounded twice: by the key of one reader and by an earliest id, because ids tell the time. One query a key,
merged here, stays on the index where ``$in`` together with a range does not on every server.
"""

import asyncio
import heapq
from collections.abc import Sequence
from typing import ClassVar

from services.chassis.mongo import Database, Document, IndexModel, Session
from services.routing.domain.branch import Branch, State
from services.routing.store.documents import document, model


class Branches:
    """Every way every letter goes."""

    COLLECTION = "branches"
    INDEXES: ClassVar[dict[str, Sequence[IndexModel]]] = {
        COLLECTION: [
            IndexModel([("letter_id", 1)], name="letter"),
            IndexModel([("lies_with", 1), ("_id", -1)], name="lies_with"),
            IndexModel([("lay_with", 1), ("_id", -1)], name="lay_with"),
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
            await self._rows.insert_many([_row(branch) for branch in branches], session=session)

    async def change(self, branch: Branch, session: Session | None) -> None:
        """Keep the branch's new state."""
        fields = _row(branch)
        await self._rows.update_one({"_id": fields.pop("_id")}, {"$set": fields}, session=session)

    async def lying_with(
        self,
        keys: Sequence[str],
        *,
        state: State | None,
        unit_id: str | None,
        before: str | None,
        since: str | None,
        limit: int,
    ) -> list[Branch]:
        """The newest branches that lie with one of ``keys``, done ones only where ``state`` asks for them."""
        query: Document = {}
        if state:
            query["state"] = state
        if unit_id:
            query["unit_id"] = unit_id
        bounds = {name: bound for name, bound in (("$lt", before), ("$gte", since)) if bound}
        if bounds:
            query["_id"] = bounds
        name = "lay_with" if state == "done" else "lies_with"
        lists = await asyncio.gather(*(self._newest({name: key, **query}, limit) for key in keys))
        rows = {row["_id"]: row for rows in lists for row in rows}
        return [model(Branch, rows[one]) for one in heapq.nlargest(limit, rows)]

    async def _newest(self, query: Document, limit: int) -> list[Document]:
        return await self._rows.find(query).sort("_id", -1).limit(limit).to_list(limit)


def _row(branch: Branch) -> Document:
    """The document, with what queries ask for beside the facts it follows from."""
    done = branch.state == "done"
    derived: Document = {
        "state": branch.state,
        "lies_with": [] if done else branch.readers,
        "lay_with": branch.readers if done else [],
    }
    return {**document(branch), **derived}
