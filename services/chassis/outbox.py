"""Events on their way out. Invariant: an event exists exactly when the state it tells of was committed.

Pending is a present field, ``due_at``, so a sparse index holds the pending alone. (Not a partial index: the embedded
server does not use one for reading, and would look through everything ever sent.) ``sent_at`` appears only after the
broker's confirm; a TTL on it sweeps what was sent. (stream, seq) is unique, so no two events claim one version.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pymongo import IndexModel, UpdateOne
from pymongo.errors import BulkWriteError

from services.chassis.bus.envelope import Sealed
from services.chassis.clock import now
from services.chassis.mongo import Database, Document, Session

COLLECTION = "outbox"
PENDING_INDEX = "pending"
KEEP_SENT_SECONDS = 14 * 24 * 3600
INDEXES = {
    COLLECTION: [
        IndexModel([("due_at", 1)], name=PENDING_INDEX, sparse=True),
        IndexModel([("stream", 1), ("seq", 1)], name="stream_version", unique=True),
        IndexModel([("sent_at", 1)], name="expiry", expireAfterSeconds=KEEP_SENT_SECONDS),
    ]
}


DUPLICATE_KEY = 11000
BATCH = 1000
"""How many entries one command writes: an import publishes thousands at once, and a command has its time."""


class StreamVersionTaken(Exception):
    """Somebody else published this version of the stream first: the state was changed meanwhile."""


@dataclass(frozen=True)
class Pending:
    """An event that waits to be published."""

    id: str
    stream: str
    seq: int
    type: str
    body: bytes
    trace: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class OutboxSummary:
    """How much waits, and for how many seconds the oldest has."""

    pending: int
    oldest_age_s: float | None


def entry(sealed: Sealed, trace: dict[str, str], due_at: datetime) -> Document:
    """The document of a pending event."""
    return {
        "_id": sealed.id,
        "stream": sealed.stream,
        "seq": sealed.seq,
        "type": sealed.type,
        "body": sealed.body,
        "trace": trace,
        "due_at": due_at,
    }


class Outbox:
    """The pending and sent events of one service."""

    def __init__(self, database: Database) -> None:
        self._entries = database[COLLECTION]

    async def add(self, entries: Sequence[Document], session: Session) -> None:
        """Write the entries in the caller's transaction; raises StreamVersionTaken, which rolls it back."""
        try:
            for start in range(0, len(entries), BATCH):
                await self._entries.insert_many(list(entries[start : start + BATCH]), session=session)
        except BulkWriteError as error:
            if any(one["code"] == DUPLICATE_KEY for one in error.details["writeErrors"]):
                raise StreamVersionTaken(entries[0]["stream"]) from None
            raise

    async def due(self, limit: int, without: Collection[str] = ()) -> list[Pending]:
        """The next events to publish, oldest first, passing over the streams in ``without``."""
        query: dict[str, Any] = {"due_at": {"$lte": now()}}
        if without:
            query["stream"] = {"$nin": list(without)}
        # Read along the index instead of asking for a sort: the order is the same, and a server that sorts what it
        # has found would sort the whole backlog for every batch.
        rows = await self._entries.find(query).hint(PENDING_INDEX).limit(limit).to_list(limit)
        pending = [
            Pending(row["_id"], row["stream"], row["seq"], row["type"], bytes(row["body"]), row.get("trace", {}))
            for row in rows
        ]
        return sorted(pending, key=lambda one: (one.id, one.seq))

    async def mark_sent(self, ids: Iterable[str]) -> None:
        """The broker has confirmed these."""
        change = {"$set": {"sent_at": now()}, "$unset": {"due_at": ""}}
        updates = [UpdateOne({"_id": identifier}, change) for identifier in ids]
        if updates:
            await self._entries.bulk_write(updates, ordered=False)

    async def summary(self) -> OutboxSummary:
        """What is pending now."""
        query: dict[str, Any] = {"due_at": {"$exists": True}}
        pending = await self._entries.count_documents(query)
        oldest = await self._entries.find(query).sort("due_at", 1).limit(1).to_list(1)
        age = (now() - oldest[0]["due_at"]).total_seconds() if oldest else None
        return OutboxSummary(pending, age)


async def outbox_summary(database: Database) -> OutboxSummary:
    """What of this service's events is pending, for operators."""
    return await Outbox(database).summary()
