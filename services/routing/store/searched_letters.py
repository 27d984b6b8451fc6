"""Letters as the search looks at them. Invariant: a letter stays due until it was indexed as it is now, whatever
happens to it or to the process meanwhile.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from services.chassis.clock import now
from services.chassis.documents import model
from services.chassis.mongo import Database, Document, UpdateOne
from services.contracts.vocabulary import Access
from services.routing.domain.letter import Letter
from services.routing.domain.summary import LetterSummary
from services.routing.store.letters import SEARCH_DUE, Letters

AT_ONCE = 20
LATELY = timedelta(seconds=2)
MARKED_AT_ONCE = 500
_LONG_AGO = datetime(1970, 1, 2, tzinfo=UTC)


@dataclass(frozen=True)
class Due:
    """A letter that is to be indexed, and the mark that says so."""

    letter: Letter
    mark: Document


@dataclass(frozen=True)
class Shown:
    """What is shown of a letter that was found, and who may read it now."""

    summary: LetterSummary
    access: Access


class SearchedLetters:
    """The letters, as far as the search goes. One per process: it remembers how far it has read of what is due."""

    def __init__(self, database: Database) -> None:
        self._rows = database[Letters.COLLECTION]
        self._backlog: Any = None

    async def due(self, count: int) -> list[Due]:
        """Some letters that are due: those of this moment first, then the older ones."""
        ids = dict.fromkeys(await self._due_lately(count))
        if len(ids) < count:
            ids |= dict.fromkeys(await self._due_longer(count - len(ids)))
        rows = await self._several(list(ids), {})
        return [Due(model(Letter, row), _mark(row)) for row in rows if SEARCH_DUE in row]

    async def settle(self, done: Sequence[Due]) -> None:
        """These were indexed: they are due no more, except those that changed since they were read."""
        changes = [UpdateOne(one.mark, {"$unset": {SEARCH_DUE: ""}}) for one in done]
        if changes:
            await self._rows.bulk_write(changes, ordered=False)

    async def mark(self, letter_id: str) -> None:
        """The letter, where there is one, is to be indexed again."""
        await self._rows.update_one({"_id": letter_id}, {"$set": {SEARCH_DUE: now()}})

    async def mark_all(self) -> int:
        """Every letter is to be indexed again; how many there are."""
        marked = 0
        cursor = self._rows.find({}, {"_id": 1})
        while rows := await cursor.to_list(MARKED_AT_ONCE):
            at = now()
            changes = [UpdateOne({"_id": row["_id"]}, {"$set": {SEARCH_DUE: at}}) for row in rows]
            await self._rows.bulk_write(changes, ordered=False)
            marked += len(rows)
        return marked

    async def shown(self, letter_ids: Sequence[str]) -> Mapping[str, Shown]:
        """What is shown of these letters; those that are not there are left out."""
        rows = await self._several(letter_ids, {"summary": 1, "access": 1})
        return {
            row["_id"]: Shown(LetterSummary.model_validate(row["summary"]), Access.read(row["access"])) for row in rows
        }

    async def _due_lately(self, count: int) -> list[str]:
        """What became due in the last moments. The bound keeps a long backlog from being read over and over."""
        lately = {SEARCH_DUE: {"$gte": now() - LATELY}}
        rows = await self._rows.find(lately, {"_id": 1}).sort(SEARCH_DUE, -1).limit(count).to_list(count)
        return [row["_id"] for row in rows]

    async def _due_longer(self, count: int) -> list[str]:
        """What has been due for longer, read through once from end to end before it is looked at anew."""
        backlog = self._backlog or self._rows.find({SEARCH_DUE: {"$gt": _LONG_AGO}}, {"_id": 1})
        self._backlog = None  # forgotten where reading on fails
        rows = await backlog.to_list(count)
        if len(rows) == count:
            self._backlog = backlog
        return [row["_id"] for row in rows]

    async def _several(self, letter_ids: Sequence[str], fields: Document) -> list[Document]:
        """The documents of these letters, a few at a time: only short lists are quick on every server."""
        lists = await asyncio.gather(
            *(
                self._rows.find({"_id": {"$in": list(letter_ids[start : start + AT_ONCE])}}, fields or None).to_list(
                    None
                )
                for start in range(0, len(letter_ids), AT_ONCE)
            )
        )
        found = {row["_id"]: row for rows in lists for row in rows}
        return [found[one] for one in letter_ids if one in found]


def _mark(row: Document) -> Document:
    """What is still so where nothing has happened to the letter since: each act takes it, even in the same instant."""
    return {"_id": row["_id"], SEARCH_DUE: row[SEARCH_DUE], "taken": row.get("taken")}
