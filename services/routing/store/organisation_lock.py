"""The lock on the organisation. Invariant: the organisation changes one act at a time.

Two changes that each are right may be wrong together: two moves at once can close a circle, a unit can be closed while
a position is made in it. So every act writes on one document first, and of two at once the database lets one through
and runs the other again. Within a process they queue, so that they need not clash.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from services.chassis.locks import NamedLocks
from services.chassis.mongo import Database, DuplicateKeyError, Session

COLLECTION = "organisation_lock"
_ID = "organisation"


class OrganisationLock:
    """One per process."""

    def __init__(self, database: Database) -> None:
        self._rows = database[COLLECTION]
        self._turns = NamedLocks()
        self._there = False

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for one's turn in this process; the document to write on is there afterwards."""
        async with self._turns.hold(_ID):
            if not self._there:
                await self._make()
            yield

    async def take(self, session: Session | None) -> None:
        """Hold the organisation until the transaction ends; to be done before anything is read."""
        await self._rows.update_one({"_id": _ID}, {"$inc": {"taken": 1}}, session=session)

    async def _make(self) -> None:
        with suppress(DuplicateKeyError):  # another process was first
            await self._rows.insert_one({"_id": _ID, "taken": 0})
        self._there = True
