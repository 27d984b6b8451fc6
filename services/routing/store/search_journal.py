"""The search's journal: what was indexed since the last blocks were written. Invariant: batches are numbered without
a gap, and whoever has applied number n knows everything up to n; what is sealed in blocks is in no batch that counts.

``era`` changes when everything is forgotten, ``epoch`` when batches were sealed; ``floor`` is the first batch that
counts. The state is kept beside the batches, so that one command reads what is new and whether it still counts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import ClassVar

import orjson

from services.chassis.mongo import Database, Document, DuplicateKeyError, IndexModel
from services.routing.domain.search_lexicon import Heard
from services.routing.domain.search_postings import Postings, cut, joined

STATE, NUMBERS, LEXICON = 0, -1, -2
AT_ONCE = 8


@dataclass(frozen=True)
class State:
    """Which batches count, and from which number until before which letters are in blocks."""

    era: int = 0
    epoch: int = 0
    floor: int = 1
    base: int = 0
    top: int = 0


@dataclass(frozen=True)
class Batch:
    """Postings of some letters by key, and the words heard in them."""

    postings: Mapping[str, Postings]
    heard: Heard


class Journal:
    """Batches in the database, and the two counters beside them."""

    COLLECTION = "search2_journal"
    INDEXES: ClassVar[dict[str, Sequence[IndexModel]]] = {COLLECTION: []}

    def __init__(self, database: Database) -> None:
        self._rows = database[self.COLLECTION]

    async def after(self, seq: int) -> tuple[State, dict[int, Batch]]:
        """The state and the next batches, a few at a time."""
        wanted = [STATE, *range(seq + 1, seq + 1 + AT_ONCE)]
        rows = {row["_id"]: row async for row in self._rows.find({"_id": {"$in": wanted}})}
        return _state(rows.pop(STATE, None)), {number: _batch(row) for number, row in rows.items()}

    async def state(self) -> State:
        """The state as it is now."""
        return _state(await self._rows.find_one({"_id": STATE}))

    async def append(self, seq: int, batch: Batch) -> bool:
        """Keep a batch as number ``seq``; False where there is one."""
        try:
            await self._rows.insert_one({"_id": seq, **_row(batch)})
        except DuplicateKeyError:
            return False
        return True

    async def take_numbers(self, count: int) -> int:
        """The first of ``count`` numbers that are given to nobody else."""
        while True:
            row = await self._rows.find_one({"_id": NUMBERS})
            first = int(row["next"]) if row else 0
            try:
                taken = await self._rows.update_one(
                    {"_id": NUMBERS, "next": first}, {"$set": {"next": first + count}}, upsert=row is None
                )
            except DuplicateKeyError:
                continue  # somebody else began to count
            if taken.matched_count or taken.upserted_id is not None:
                return first

    async def words(self) -> dict[str, int]:
        """The words that occur in letters, as of the last sealing."""
        row = await self._rows.find_one({"_id": LEXICON})
        found: dict[str, int] = orjson.loads(row["words"]) if row else {}
        return found

    async def seal(self, state: State, upto: int, top: int, words: Mapping[str, int]) -> None:
        """The batches up to this one count no more; without effect where the state has changed meanwhile."""
        await self._rows.replace_one({"_id": LEXICON}, {"words": orjson.dumps(words)}, upsert=True)
        if await self._change(state, State(state.era, state.epoch + 1, upto + 1, state.base, top)):
            await self._rows.delete_many({"_id": {"$gte": 1, "$lte": upto}})

    async def forget(self, state: State, upto: int) -> None:
        """Begin a new era: nothing that was indexed counts, and no number is given again."""
        base = await self.take_numbers(1) + 1
        if await self._change(state, State(state.era + 1, state.epoch + 1, upto + 1, base, base)):
            await self._rows.delete_many({"_id": {"$gte": 1, "$lte": upto}})
            await self._rows.delete_one({"_id": LEXICON})

    async def _change(self, state: State, after: State) -> bool:
        """Put the state in the place of this one; False where it has changed meanwhile."""
        as_it_was = {"_id": STATE, "era": state.era, "epoch": state.epoch}
        try:
            done = await self._rows.update_one(as_it_was, {"$set": asdict(after)}, upsert=state == State())
        except DuplicateKeyError:
            return False
        return done.matched_count > 0 or done.upserted_id is not None


def _state(row: Document | None) -> State:
    return State(row["era"], row["epoch"], row["floor"], row["base"], row["top"]) if row else State()


def _row(batch: Batch) -> Document:
    head = {
        "keys": list(batch.postings),
        "counts": [len(some) for some in batch.postings.values()],
        "heard": batch.heard,
    }
    return {"head": orjson.dumps(head), "postings": joined(batch.postings.values()).tobytes()}


def _batch(row: Document) -> Batch:
    head = orjson.loads(row["head"])
    parts = cut(row["postings"], head["counts"])
    heard = {form: (count, typed) for form, (count, typed) in head["heard"].items()}
    return Batch(dict(zip(head["keys"], parts, strict=True)), heard)
