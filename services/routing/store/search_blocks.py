"""Blocks of postings in the database. Invariant: one block for each key and chunk, and once written it only grows.

Written seldom and by the thousand, because an insert costs far less than a change: the journal gathers what is new.
What was read is remembered until its key is written again.
"""

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import ClassVar

from services.chassis.mongo import BulkWriteError, Database, Document, IndexModel, only_doubles
from services.routing.domain.search_postings import Postings, by_chunk, from_block, joined, to_block, united

KEYS_AT_ONCE = 12
"""Of ``$in`` only short lists are quick on every server."""
WRITTEN_AT_ONCE = 500
REMEMBERED = 4_000_000
"""Postings; eight bytes each."""


class Blocks:
    """The blocks of every key."""

    COLLECTION = "search_blocks"
    INDEXES: ClassVar[dict[str, Sequence[IndexModel]]] = {
        COLLECTION: [IndexModel([("key", 1), ("chunk", 1)], name="key")]
    }

    def __init__(self, database: Database) -> None:
        self._rows = database[self.COLLECTION]
        self._memory = _Memory()

    async def of(self, keys: Sequence[str], chunks: range) -> dict[str, Postings]:
        """The postings of these keys in these chunks."""
        found = {key: known for key in keys if (known := self._memory.of(key, chunks)) is not None}
        missing = [key for key in dict.fromkeys(keys) if key not in found]
        stamp = self._memory.stamp
        for read in await asyncio.gather(*(self._read(some, chunks) for some in _slices(missing, KEYS_AT_ONCE))):
            found |= read
        if stamp == self._memory.stamp:
            for key in missing:
                self._memory.keep(key, found[key])
        return {key: joined(parts.values()) for key, parts in found.items()}

    async def keep(self, found: Mapping[str, Postings]) -> None:
        """Add these postings; repeated it changes nothing."""
        rows = [
            {"_id": f"{key}/{chunk}", "key": key, "chunk": chunk, "postings": to_block(part, chunk)}
            for key, some in found.items()
            for chunk, part in by_chunk(some)
        ]
        for some_rows in _slices(rows, WRITTEN_AT_ONCE):
            for row in await self._insert(some_rows):
                await self._merge(row)

    async def drop(self) -> None:
        """Forget every block."""
        await self._rows.drop()
        for models in self.INDEXES.values():
            await self._rows.create_indexes(list(models))

    def changed(self, keys: Iterable[str] | None) -> None:
        """These keys have been written, or with None all may have been: do not go by what is remembered of them."""
        self._memory.forget(keys)

    async def _read(self, keys: Sequence[str], chunks: range) -> dict[str, dict[int, Postings]]:
        query = {"key": {"$in": list(keys)}, "chunk": {"$gte": chunks.start, "$lt": chunks.stop}}
        empty = from_block(b"", 0)
        found: dict[str, dict[int, Postings]] = {key: dict.fromkeys(chunks, empty) for key in keys}
        for row in await self._rows.find(query).to_list(None):
            found[row["key"]][row["chunk"]] = from_block(row["postings"], row["chunk"])
        return found

    async def _insert(self, rows: Sequence[Document]) -> list[Document]:
        """Insert them; those that were there already."""
        try:
            await self._rows.insert_many(list(rows), ordered=False)
        except BulkWriteError as error:
            if not only_doubles(error):
                raise
            return [rows[one["index"]] for one in error.details["writeErrors"]]
        return []

    async def _merge(self, row: Document) -> None:
        """Add to a block that is there; again where another writer has added to it meanwhile."""
        while True:
            there = await self._rows.find_one({"_id": row["_id"]})
            if there is None:
                return
            chunk = row["chunk"]
            parts = [from_block(one["postings"], chunk) for one in (there, row)]
            change = {"$set": {"postings": to_block(united(joined(parts)), chunk)}}
            as_it_was = {"_id": row["_id"], "postings": there["postings"]}
            if (await self._rows.update_one(as_it_was, change)).matched_count:
                return


class _Memory:
    """What was read of the blocks, the least used of it forgotten first."""

    def __init__(self) -> None:
        self._known: dict[str, dict[int, Postings]] = {}
        self._size = 0
        self.stamp = 0

    def of(self, key: str, chunks: range) -> dict[int, Postings] | None:
        """What is in these chunks of the key; None where not all of it is remembered."""
        known = self._known.get(key)
        if known is None or any(chunk not in known for chunk in chunks):
            return None
        self._known[key] = self._known.pop(key)
        return {chunk: known[chunk] for chunk in chunks}

    def keep(self, key: str, found: Mapping[int, Postings]) -> None:
        """Remember what was read."""
        known = self._known.setdefault(key, {})
        self._size += sum(len(one) for chunk, one in found.items() if chunk not in known) + len(found)
        known.update(found)
        while self._size > REMEMBERED and len(self._known) > 1:
            self._drop(next(iter(self._known)))

    def forget(self, keys: Iterable[str] | None) -> None:
        """Forget these keys, with None all."""
        self.stamp += 1
        for key in list(self._known) if keys is None else keys:
            if key in self._known:
                self._drop(key)

    def _drop(self, key: str) -> None:
        known = self._known.pop(key)
        self._size -= sum(len(one) for one in known.values()) + len(known)


def _slices(items: Sequence, size: int) -> Iterator[Sequence]:  # type: ignore[type-arg]
    return (items[start : start + size] for start in range(0, len(items), size))
