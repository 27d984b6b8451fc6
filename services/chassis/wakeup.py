"""Quickness for the relay, never its guarantee. Invariant: without this module events still go out, within a poll.

A worker that shares no process with the HTTP server learns of commits from a change stream on the outbox.
"""

import asyncio
import logging
from typing import Any

from services.chassis.mongo import Database, PyMongoError
from services.chassis.outbox import COLLECTION, Outbox
from services.chassis.telemetry import OUTBOX_OLDEST, OUTBOX_PENDING

log = logging.getLogger(__name__)
REOPEN_SECONDS = 5.0
MEASURE_SECONDS = 5.0
ON_INSERT: list[dict[str, Any]] = [{"$match": {"operationType": "insert"}}, {"$project": {"_id": 1}}]


async def wake_on_commits(database: Database, wake: asyncio.Event) -> None:
    """Set ``wake`` whenever any process commits an event; reopened when it breaks, until cancelled."""
    while True:
        try:
            async with database[COLLECTION].watch(ON_INSERT) as commits:
                async for _ in commits:
                    wake.set()
        except PyMongoError as error:
            log.info("no change stream on the outbox (%s); polling until it can be opened", type(error).__name__)
        await asyncio.sleep(REOPEN_SECONDS)


async def measure_backlog(service: str, outbox: Outbox) -> None:
    """Keep the gauges of pending events and the oldest one's age, until cancelled."""
    while True:
        try:
            summary = await outbox.summary()
            OUTBOX_PENDING.labels(service).set(summary.pending)
            OUTBOX_OLDEST.labels(service).set(summary.oldest_age_s or 0.0)
        except PyMongoError as error:
            log.info("the backlog cannot be measured: %s", type(error).__name__)
        await asyncio.sleep(MEASURE_SECONDS)
