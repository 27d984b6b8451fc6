"""Blocks of postings in the database. Invariant: one block for each key and chunk, and once written it only grows.

Written seldom and by the thousand, because an insert costs far less than a change: the journal gathers what is new. The
blocks of some chunks in a row make a part of a key, which is read as a whole: an index serves equality on one field on
every server, equality on one together with a range on another not on all. What was read is remembered until its key is
written again.
"""

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import ClassVar

from services.chassis.mongo import BulkWriteError, Database, Document, IndexModel, only_doubles
from services.routing.domain.search_postings import (
    CHUNK,
    NONE,
    PART,
    Postings,
    between,
    by_chunk,
    from_block,
    joined,
    to_block,
    united,
)

PARTS_AT_ONCE = 12
"""Of ``$in`` only short lists are quick on every server."""
WRITTEN_AT_ONCE = 500
REMEMBERED = 12_000_000
"""Postings; eight bytes each."""
AN_ENTRY = 32
"""What remembering a part weighs beside its postings."""


class Blocks:
    """The blocks of every key."""

    COLLECTION = "search_blocks"
    INDEXES: ClassVar[dict[str, Sequence[IndexModel]]] = {COLLECTION: [IndexModel([("part", 1)], name="part")]}

    def __init__(self, database: Database) -> None:
        self._rows = database[self.COLLECTION]
        self._memory = _Memory()

    async def of(self, keys: Iterable[str], low: int, high: int) -> dict[str, Postings]:
        """The postings of these keys, of letters numbered from ``low`` until before ``high``, in their order."""
        numbers = range(low // PART, -(-high // PART))
        wanted = {key: [_part(key, number) for number in numbers] for key in keys}
        parts = [part for some in wanted.values() for part in some]
        found = {part: known for part in parts if (known := self._memory.of(part)) is not None}
        missing = [part for part in parts if part not in found]
        stamp = self._memory.stamp
        for read in await asyncio.gather(*(self._read(some) for some in _slices(missing, PARTS_AT_ONCE))):
            found |= read
        if stamp == self._memory.stamp:
            for part in missing:
                self._memory.keep(part, found[part])
        return {key: between(joined(found[part] for part in some), low, high) for key, some in wanted.items()}

    async def keep(self, found: Mapping[str, Postings]) -> None:
        """Add these postings; repeated it changes nothing."""
        rows = [
            {
                "_id": f"{key}/{chunk}",
                "part": _part(key, chunk * CHUNK // PART),
                "chunk": chunk,
                "postings": to_block(some, chunk),
            }
            for key, every in found.items()
            for chunk, some in by_chunk(every)
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

    async def _read(self, parts: Sequence[str]) -> dict[str, Postings]:
        rows = await self._rows.find({"part": {"$in": list(parts)}}).to_list(None)
        found: dict[str, list[Postings]] = {part: [] for part in parts}
        for row in sorted(rows, key=itemgetter("chunk")):
            found[row["part"]].append(from_block(row["postings"], row["chunk"]))
        return {part: joined(some) for part, some in found.items()}

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
            both = joined(from_block(one["postings"], chunk) for one in (there, row))
            change = {"$set": {"postings": to_block(united(both), chunk)}}
            as_it_was = {"_id": row["_id"], "postings": there["postings"]}
            if (await self._rows.update_one(as_it_was, change)).matched_count:
                return


class _Memory:
    """Parts that were read, the least used of them forgotten first."""

    def __init__(self) -> None:
        self._known: dict[str, Postings] = {}
        self._parts: dict[str, set[str]] = {}
        self._size = 0
        self.stamp = 0

    def of(self, part: str) -> Postings | None:
        """The part, where it is remembered."""
        known = self._known.get(part)
        if known is not None:
            self._known[part] = self._known.pop(part)
        return known

    def keep(self, part: str, found: Postings) -> None:
        """Remember what was read."""
        self._drop(part)
        self._known[part] = found if len(found) else NONE
        self._parts.setdefault(_key(part), set()).add(part)
        self._size += len(found) + AN_ENTRY
        while self._size > REMEMBERED and len(self._known) > 1:
            self._drop(next(iter(self._known)))

    def forget(self, keys: Iterable[str] | None) -> None:
        """Forget these keys, with None all."""
        self.stamp += 1
        for key in list(self._parts) if keys is None else keys:
            for part in list(self._parts.get(key, ())):
                self._drop(part)

    def _drop(self, part: str) -> None:
        known = self._known.pop(part, None)
        if known is not None:
            self._size -= len(known) + AN_ENTRY
            parts = self._parts[_key(part)]
            parts.discard(part)
            if not parts:
                del self._parts[_key(part)]


def _part(key: str, number: int) -> str:
    return f"{key}/{number}"


def _key(part: str) -> str:
    return part.rsplit("/", 1)[0]


def _slices(items: Sequence, size: int) -> Iterator[Sequence]:  # type: ignore[type-arg]
    return (items[start : start + size] for start in range(0, len(items), size))
