"""How a service is, for the gateway's status page. Invariant: numbers and times alone, and never late.

A process that only answers knows nothing of queues: a worker writes what it last saw of them into the database, where
every process of the service reads it. Whoever asks gets what was found at most two seconds ago.
"""

import asyncio
from datetime import datetime

from pydantic import BaseModel

from services.chassis.clock import now
from services.chassis.health import Health
from services.chassis.mongo import Database, PyMongoError
from services.chassis.outbox import Outbox, OutboxSummary

COLLECTION = "vitals"
QUEUES = "queues"
FRESH_SECONDS = 2.0
PATIENCE_SECONDS = 1.0


class Queues(BaseModel):
    """What a worker last saw of the service's queues. ``parked`` waits for an operator."""

    waiting: int
    parked: int
    consumers: int
    seen_at: datetime


class Vitals(BaseModel):
    """How a service is. What could not be found out in time is None."""

    service: str
    started_at: datetime
    at: datetime
    ready: bool
    parts: dict[str, bool]
    pending: int | None = None
    oldest_pending_seconds: float | None = None
    queues: Queues | None = None


class VitalSigns:
    """Looks, and remembers for a moment what it saw; several who ask at once share one look."""

    def __init__(self, service: str, database: Database, health: Health, *, publishes: bool = True) -> None:
        self._service = service
        self._database = database
        self._health = health
        self._outbox = Outbox(database) if publishes else None
        self._started_at = now()
        self._seen: Vitals | None = None
        self._lock = asyncio.Lock()

    async def look(self) -> Vitals:
        """How the service is now."""
        async with self._lock:
            if self._seen is None or (now() - self._seen.at).total_seconds() >= FRESH_SECONDS:
                self._seen = await self._examine()
            return self._seen

    async def _examine(self) -> Vitals:
        parts, (summary, queues) = await asyncio.gather(self._health.look(), self._counted())
        return Vitals(
            service=self._service,
            started_at=self._started_at,
            at=now(),
            ready=self._health.enough(parts),
            parts=parts,
            pending=summary.pending if summary else None,
            oldest_pending_seconds=summary.oldest_age_s if summary else None,
            queues=queues,
        )

    async def _counted(self) -> tuple[OutboxSummary | None, Queues | None]:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                summary = await self._outbox.summary() if self._outbox else OutboxSummary(0, None)
                row = await self._database[COLLECTION].find_one({"_id": QUEUES})
                return summary, Queues.model_validate(row) if row else None
        except (PyMongoError, TimeoutError):
            return None, None


async def keep_queues(database: Database, queues: Queues) -> None:
    """Write down what a worker saw."""
    await database[COLLECTION].replace_one({"_id": QUEUES}, queues.model_dump(), upsert=True)
