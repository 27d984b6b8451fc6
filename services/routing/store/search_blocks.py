"""Blocks of postings in the database. Invariant: one block for each key and part, which only grows.

Written seldom and many at a time, for a change costs far more than a question: the journal gathers what is new. What
was read is remembered until its key is written again.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import ClassVar

from services.chassis.mongo import BulkWriteError, Database, Document, IndexModel, UpdateOne, only_doubles
from services.routing.domain.search_postings import (
    NONE,
    PART,
    Postings,
    between,
    by_part,
    from_block,
    joined,
    to_block,
    united,
)

READ_AT_ONCE = 20
"""Of ``$in`` only short lists are quick on every server."""
WRITTEN_AT_ONCE = 500
REMEMBERED = 12_000_000
"""Postings; eight bytes each."""
READ_AHEAD = 9_000_000
"""Of them, what may be filled by what nobody has asked for yet."""
PARTS_AHEAD = 2
"""How many of the newest parts are read ahead."""
AN_ENTRY = 64
"""What remembering a block weighs beside its postings."""


class Blocks:
    """The blocks of every key."""

    COLLECTION = "search2_blocks"
    INDEXES: ClassVar[dict[str, Sequence[IndexModel]]] = {COLLECTION: []}

    def __init__(self, database: Database) -> None:
        self._rows = database[self.COLLECTION]
        self._memory = _Memory()

    @property
    def has_room(self) -> bool:
        """Whether more may be read ahead."""
        return self._memory.size < READ_AHEAD

    async def of(self, keys: Iterable[str], low: int, high: int) -> dict[str, Postings]:
        """The postings of these keys, of letters numbered from ``low`` until before ``high``, in their order."""
        parts = range(low // PART, -(-high // PART))
        wanted = {key: [_block(key, part) for part in parts] for key in keys}
        blocks = [block for some in wanted.values() for block in some]
        found = {block: known for block in blocks if (known := self._memory.of(block)) is not None}
        found |= await self._learnt([block for block in blocks if block not in found])
        return {key: between(joined(found[block] for block in some), low, high) for key, some in wanted.items()}

    async def read_ahead(self, keys: Iterable[str], base: int, top: int) -> None:
        """Remember the newest blocks of these keys; they are forgotten before what was asked for."""
        parts = range(max(base // PART, top // PART - PARTS_AHEAD + 1), -(-top // PART))
        blocks = [_block(key, part) for key in keys for part in parts]
        await self._learnt([block for block in blocks if block not in self._memory], ahead=True)

    async def keep(self, found: Mapping[str, Postings]) -> None:
        """Add these postings; repeated it changes nothing."""
        rows = [
            {"_id": _block(key, part), "part": part, "change": 0, "postings": to_block(some, part)}
            for key, every in found.items()
            for part, some in by_part(every)
        ]
        for some_rows in _slices(rows, WRITTEN_AT_ONCE):
            for there in _slices(await self._insert(some_rows), READ_AT_ONCE):
                await self._merge({row["_id"]: row for row in there})

    async def drop(self) -> None:
        """Forget every block."""
        await self._rows.drop()

    def changed(self, keys: Iterable[str] | None) -> None:
        """These keys have been written, or with None all may have been: do not go by what is remembered of them."""
        self._memory.forget(keys)

    async def _learnt(self, blocks: Sequence[str], *, ahead: bool = False) -> dict[str, Postings]:
        """What is in these blocks, nothing in those that are not there; it is remembered."""
        found, stamp = dict.fromkeys(blocks, NONE), self._memory.stamp
        for rows in await asyncio.gather(*(self._read(some) for some in _slices(blocks, READ_AT_ONCE))):
            found |= {row["_id"]: _postings(row) for row in rows}
        if stamp == self._memory.stamp:  # else some of it may have been written meanwhile
            for block, some in found.items():
                self._memory.keep(block, some, ahead=ahead)
        return found

    async def _read(self, blocks: Sequence[str]) -> list[Document]:
        return await self._rows.find({"_id": {"$in": list(blocks)}}).to_list(None)

    async def _insert(self, rows: Sequence[Document]) -> list[Document]:
        """Insert them; those that were there already."""
        try:
            await self._rows.insert_many(list(rows), ordered=False)
        except BulkWriteError as error:
            if not only_doubles(error):
                raise
            return [rows[one["index"]] for one in error.details["writeErrors"]]
        return []

    async def _merge(self, rows: Mapping[str, Document]) -> None:
        """Add to blocks that are there; again where another writer has added to one meanwhile."""
        while True:
            changes: list[UpdateOne] = []
            for there in await self._read(list(rows)):
                if (grown := _grown(there, rows[there["_id"]])) is not None:
                    changes.append(UpdateOne({"_id": there["_id"], "change": there["change"]}, {"$set": grown}))
                await asyncio.sleep(0)  # a long block takes milliseconds; others are served in between
            if not changes or (await self._rows.bulk_write(changes, ordered=False)).matched_count == len(changes):
                return


class _Memory:
    """Blocks that were read, also those that are not there, the least used of them forgotten first."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, Postings] = OrderedDict()
        self._blocks: dict[str, set[str]] = {}
        self.size = 0
        self.stamp = 0

    def of(self, block: str) -> Postings | None:
        """The block, where it is remembered."""
        known = self._known.get(block)
        if known is not None:
            self._known.move_to_end(block)
        return known

    def __contains__(self, block: str) -> bool:
        return block in self._known

    def keep(self, block: str, found: Postings, *, ahead: bool = False) -> None:
        """Remember what was read; what was read ``ahead`` is the first to be forgotten."""
        self._drop(block)
        self._known[block] = found
        self._known.move_to_end(block, last=not ahead)
        self._blocks.setdefault(_key(block), set()).add(block)
        self.size += len(found) + AN_ENTRY
        while self.size > REMEMBERED and len(self._known) > 1:
            self._drop(next(iter(self._known)))

    def forget(self, keys: Iterable[str] | None) -> None:
        """Forget these keys, with None all."""
        self.stamp += 1
        for key in list(self._blocks) if keys is None else keys:
            for block in list(self._blocks.get(key, ())):
                self._drop(block)

    def _drop(self, block: str) -> None:
        known = self._known.pop(block, None)
        if known is not None:
            self.size -= len(known) + AN_ENTRY
            blocks = self._blocks[_key(block)]
            blocks.discard(block)
            if not blocks:
                del self._blocks[_key(block)]


def _block(key: str, part: int) -> str:
    return f"{key}/{part}"


def _key(block: str) -> str:
    return block.rsplit("/", 1)[0]


def _postings(row: Document) -> Postings:
    return from_block(row["postings"], row["part"])


def _grown(there: Document, row: Document) -> Document | None:
    """What is to be written so that a block has the postings of ``row`` too; None where it has them."""
    whole = to_block(united(joined((_postings(there), _postings(row)))), there["part"])
    return None if whole == there["postings"] else {"change": there["change"] + 1, "postings": whole}


def _slices(items: Sequence, size: int) -> Iterator[Sequence]:  # type: ignore[type-arg]
    return (items[start : start + size] for start in range(0, len(items), size))
