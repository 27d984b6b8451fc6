"""How many items stand in each box of a position. Invariant: counted in the transaction that changes what stands there,
so a count is the length of its list, and reading it costs the same however long that list has grown.

A position's counts lie in several documents, chosen by disposition, so that two who give to it at once rarely meet.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import ClassVar
from zlib import crc32

from services.chassis.mongo import (
    BulkWriteError,
    Database,
    Document,
    IndexModel,
    Session,
    UpdateOne,
    clash,
    only_doubles,
)
from services.disposition.domain.boxes import tabs_of
from services.disposition.domain.disposition import Disposition

SHARDS = 8


class BoxCounts:
    """Counts by position and box."""

    COLLECTION = "box_counts"
    INDEXES: ClassVar[dict[str, Sequence[IndexModel]]] = {
        COLLECTION: [IndexModel([("position_id", 1)], name="position")],
    }

    def __init__(self, database: Database) -> None:
        self._rows = database[self.COLLECTION]

    async def move(self, before: Disposition | None, after: Disposition, session: Session | None) -> None:
        """Count what stands elsewhere now than it did ``before``; None for what is new."""
        changes = changes_of(before, after)
        if not changes:
            return
        shard = crc32(after.id.encode()) % SHARDS
        writes = [_write(position_id, shard, boxes) for position_id, boxes in sorted(changes.items())]
        try:
            await self._rows.bulk_write(writes, ordered=True, session=session)
        except BulkWriteError as error:
            if not only_doubles(error):
                raise
            # Two were the first to count something of a position: once more, and the document is there.
            raise clash("counts of a box were begun twice") from error

    async def of(self, position_ids: Sequence[str]) -> Counter[str]:
        """How many items stand in each box of these positions together."""
        lists = await asyncio.gather(*(self._rows.find({"position_id": one}).to_list(None) for one in position_ids))
        found: Counter[str] = Counter()
        for rows in lists:
            for row in rows:
                found.update(row["boxes"])
        return found


def changes_of(before: Disposition | None, after: Disposition) -> dict[str, dict[str, int]]:
    """By position, by how much the counts of its boxes change."""
    moved = Counter(tabs_of(after))
    moved.subtract(tabs_of(before) if before else ())
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for tab, by in moved.items():
        position_id, _, box = tab.partition("#")
        if by:
            found[position_id][box] = by
    return found


def _write(position_id: str, shard: int, boxes: dict[str, int]) -> UpdateOne:
    change: Document = {"$inc": {f"boxes.{box}": by for box, by in boxes.items()}}
    change["$setOnInsert"] = {"position_id": position_id}
    return UpdateOne({"_id": f"{position_id}/{shard}"}, change, upsert=True)
