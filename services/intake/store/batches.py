"""Batches. Invariant: one is replaced whole, and only by who has seen it as it is.

Beside a batch lie ``due_at``, there while the worker is to do something for it, so that a sparse index holds the
pending alone, ``shown_to``, whose lists it is in, and ``cut_scans``, what was cut from it, there until it is closed.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from operator import itemgetter

from services.chassis.documents import document, model
from services.chassis.mongo import Database, Document, IndexModel, Session
from services.chassis.newest import Bounds, Newest
from services.chassis.pagination import page_of
from services.intake.domain.batches.batch import Batch, BatchState

COLLECTION = "batches"
_EVER = datetime(2000, 1, 1, tzinfo=UTC)
"""The embedded server uses an index for a range that is bounded on both sides."""
INDEXES: dict[str, Sequence[IndexModel]] = {
    COLLECTION: [
        IndexModel([("shown_to", 1), ("_id", -1)], name="shown_to"),
        IndexModel([("due_at", 1)], name="due_at", sparse=True),
        IndexModel([("cut_scans", 1)], name="cut_scans", sparse=True),
    ]
}


class Batches:
    """The scans of many letters that came."""

    def __init__(self, database: Database) -> None:
        self._batches = database[COLLECTION]
        self._newest = Newest(itemgetter("_id"))

    async def add(self, batch: Batch, due_at: datetime, session: Session | None) -> None:
        """Keep a new batch, to be split at once."""
        await self._batches.insert_one(_row(batch, due_at), session=session)

    async def get(self, batch_id: str, session: Session | None = None) -> Batch | None:
        """The batch with this id, or None."""
        row = await self._batches.find_one({"_id": batch_id}, session=session)
        return model(Batch, row) if row else None

    async def replace(self, batch: Batch, due_at: datetime | None = None, session: Session | None = None) -> bool:
        """Keep the batch in place of the version before it; False where that is the present one no more."""
        before = {"_id": batch.id, "version": batch.version - 1}
        return (await self._batches.replace_one(before, _row(batch, due_at), session=session)).matched_count == 1

    async def due(self, at: datetime, limit: int) -> list[Batch]:
        """Those that have waited the longest for the worker."""
        rows = (
            await self._batches.find({"due_at": {"$gte": _EVER, "$lte": at}})
            .sort("due_at", 1)
            .limit(limit)
            .to_list(None)
        )
        return [model(Batch, row) for row in rows]

    async def begin(self, batch: Batch, again_at: datetime) -> bool:
        """Count an attempt, before it is made; False where it was begun, or the batch changed, meanwhile."""
        as_seen = {"_id": batch.id, "version": batch.version, "attempts": batch.attempts}
        change = {"$inc": {"attempts": 1}, "$set": {"due_at": again_at}}
        return (await self._batches.update_one(as_seen, change)).matched_count == 1

    async def put_off(self, batch: Batch, until: datetime) -> None:
        """Look at it again then, unless it was changed meanwhile; what was begun since it was read does not count."""
        as_seen = {"_id": batch.id, "version": batch.version}
        await self._batches.update_one(as_seen, {"$set": {"due_at": until, "attempts": batch.attempts}})

    async def naming(self, scan_ids: Sequence[str]) -> set[str]:
        """Those of these scans that were cut from a batch that is not closed."""
        named = set()
        for scan_id in scan_ids:
            if await self._batches.find_one({"cut_scans": scan_id}, {"_id": 1}):
                named.add(scan_id)
        return named

    async def page(
        self, keys: Sequence[str], states: frozenset[BatchState], before: str | None, limit: int
    ) -> tuple[list[Batch], str | None]:
        """A page of the batches shown to any of these, newest first: ``person/<id>``, ``unit/<id>``."""
        found = {row["_id"]: row for key in keys for row in await self._list(key, states, before, limit + 1)}
        newest = sorted(found.values(), key=itemgetter("_id"), reverse=True)
        rows, following = page_of(newest[: limit + 1], limit)
        return [model(Batch, row) for row in rows], following

    async def _list(self, key: str, states: frozenset[BatchState], before: str | None, limit: int) -> list[Document]:
        async def look(bounds: Bounds) -> list[Document]:
            rows = await self._batches.find({"shown_to": key, **bounds.condition}).sort("_id", -1).to_list(None)
            return [row for row in rows if row["state"] in states]

        return await self._newest.read("/".join((key, *sorted(states))), look, limit=limit, before=before)


def _row(batch: Batch, due_at: datetime | None) -> Document:
    shown = {"shown_to": [f"person/{batch.scanned_by.person_id}", f"unit/{batch.unit_id}"]}
    cut = [] if batch.state == "closed" else batch.cut_scans
    return document(batch) | shown | ({"due_at": due_at} if due_at else {}) | ({"cut_scans": cut} if cut else {})
