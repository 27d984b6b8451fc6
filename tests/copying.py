"""Copies of scans in the running house: of those alone that a test looks at.

A run sends hundreds of letters to see where they go; copying each of their scans costs a second of the processor, which
nobody would look at. What is held back is only put off: it can be asked for at any time, as ``at_once`` does.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime

from services.chassis.mongo import PyMongoError, connect

AT_ONCE, SOME_DAY = datetime(2001, 1, 1, tzinfo=UTC), datetime(8001, 1, 1, tzinfo=UTC)
EVERY_SECONDS = 0.3


class Copying:
    """Holds copies back while nobody is ``looking``."""

    def __init__(self, mongo_url: str) -> None:
        self._database = connect(mongo_url, "lontar_intake")
        self.looking = 0

    @asynccontextmanager
    async def looked_at(self) -> AsyncIterator[None]:
        """What comes while the block runs is copied as it comes."""
        self.looking += 1
        try:
            yield
        finally:
            self.looking -= 1

    async def at_once(self, file_id: str) -> None:
        """Have this one copied ahead of everything else."""
        untouched = {"_id": file_id, "state": "due", "attempts": 0, "due_at": {"$gt": AT_ONCE}}
        await self._database["copies"].update_one(untouched, {"$set": {"due_at": AT_ONCE}})

    async def hold_back(self) -> None:
        """Put off what nobody looks at, until cancelled."""
        waiting = {"state": "due", "attempts": 0, "due_at": {"$gt": AT_ONCE, "$lt": SOME_DAY}}
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            if not self.looking:
                with suppress(PyMongoError):  # tests take the database away
                    await self._database["copies"].update_many(waiting, {"$set": {"due_at": SOME_DAY}})

    def close(self) -> None:
        """Let the database go."""
        self._database.client.close()
