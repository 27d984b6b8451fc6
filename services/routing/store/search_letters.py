"""What the search keeps of each letter to show it as a hit. Invariant: one document a letter, under the letter's id.

``keys`` are those it was indexed under and ``said`` is a digest of what it said then: what has not changed since is not
indexed again.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

import orjson

from services.chassis.mongo import BulkWriteError, Database, Document, IndexModel, only_doubles
from services.routing.domain.search_analysis import Analysed
from services.routing.domain.search_document import SearchDocument
from services.routing.domain.search_hits import Kept

AT_ONCE = 20
SHOWN = dict.fromkeys(("n", "subject", "abstract", "text", "entries", "received_on"), 1)
"""What a hit is made of: the keys a letter was indexed under are as long again."""
MARGIN = 200
"""Characters of text that are kept beyond the last word that was indexed, for an excerpt to end in."""


@dataclass(frozen=True)
class Indexed:
    """How a letter was indexed last."""

    number: int
    said: bytes
    keys: frozenset[str]


class SearchLetters:
    """One document for every letter that can be found."""

    COLLECTION = "search2_letters"
    INDEXES: ClassVar[dict[str, Sequence[IndexModel]]] = {COLLECTION: [IndexModel([("n", 1)], name="number")]}

    def __init__(self, database: Database) -> None:
        self._rows = database[self.COLLECTION]

    async def indexed(self, letter_ids: Sequence[str]) -> dict[str, Indexed]:
        """How these letters were indexed last; those that were not are left out."""
        wanted = {"n": 1, "said": 1, "keys": 1}
        rows = await self._several("_id", letter_ids, wanted)
        return {row["_id"]: Indexed(row["n"], row["said"], frozenset(row["keys"])) for row in rows}

    async def add(self, rows: Sequence[Document]) -> set[str]:
        """Keep what was made by ``search_row``; the ids of those that were kept already, which stay as they are."""
        try:
            if rows:
                await self._rows.insert_many(list(rows), ordered=False)
        except BulkWriteError as error:
            if not only_doubles(error):
                raise
            return {rows[one["index"]]["_id"] for one in error.details["writeErrors"]}
        return set()

    async def put(self, row: Document) -> None:
        """Keep it in the place of what is there."""
        await self._rows.replace_one({"_id": row["_id"]}, row, upsert=True)

    async def widen(self, letter_id: str, keys: Sequence[str]) -> None:
        """The letter is indexed under these keys too."""
        await self._rows.update_one({"_id": letter_id}, {"$addToSet": {"keys": {"$each": list(keys)}}})

    async def remove(self, letter_ids: Sequence[str]) -> None:
        """Keep nothing of these letters."""
        for letter_id in letter_ids:
            await self._rows.delete_one({"_id": letter_id})

    async def drop(self) -> None:
        """Keep nothing of any letter."""
        await self._rows.drop()
        for models in self.INDEXES.values():
            await self._rows.create_indexes(list(models))

    async def numbered(self, numbers: Sequence[int]) -> dict[int, Kept]:
        """What is kept of the letters with these numbers."""
        return {row["n"]: _kept(row) for row in await self._several("n", numbers, SHOWN)}

    async def keys_of(self, numbers: Sequence[int]) -> set[str]:
        """The keys under which the letters with these numbers are found beside their words."""
        rows = await self._several("n", numbers, {"keys": 1})
        return {key for row in rows for key in row["keys"]}

    async def _several(self, field: str, values: Sequence[str] | Sequence[int], fields: Document) -> list[Document]:
        """The documents with one of these values, a few at a time: only short lists are quick on every server."""
        lists = await asyncio.gather(
            *(
                self._rows.find({field: {"$in": list(values[start : start + AT_ONCE])}}, fields).to_list(None)
                for start in range(0, len(values), AT_ONCE)
            )
        )
        return [row for rows in lists for row in rows]


def search_row(document: SearchDocument, number: int, said: bytes, keys: Sequence[str], found: Analysed) -> Document:
    """The document of a letter."""
    return {
        "_id": document.letter_id,
        "n": number,
        "said": said,
        "keys": list(keys),
        "subject": document.subject,
        "abstract": document.abstract,
        "text": document.text[: found.upto + MARGIN],
        "entries": orjson.dumps({stem: [entry.mask, *entry.places] for stem, entry in found.entries.items()}),
        "received_on": document.received_on.isoformat(),
    }


def _kept(row: Document) -> Kept:
    return Kept(
        number=row["n"],
        letter_id=row["_id"],
        subject=row["subject"],
        abstract=row["abstract"],
        text=row["text"],
        entries=orjson.loads(row["entries"]),
        received_on=date.fromisoformat(row["received_on"]),
    )
