"""What has been handled. Invariant: an event takes effect at most once for each handler.

``{event, handler}`` is inserted first in the handler's own transaction, so the mark and the effect share one fate.
Marks are kept half a year: longer than any message can wait on the ladder, and than a parked one should lie.
"""

from pymongo import IndexModel

from services.chassis.clock import now
from services.chassis.mongo import Database, DuplicateKeyError, Session

COLLECTION = "inbox"
KEEP_SECONDS = 180 * 24 * 3600
INDEXES = {COLLECTION: [IndexModel([("at", 1)], name="expiry", expireAfterSeconds=KEEP_SECONDS)]}


class AlreadyHandled(Exception):
    """The handler has seen this event before."""


class Inbox:
    """The marks of one service."""

    def __init__(self, database: Database) -> None:
        self._marks = database[COLLECTION]

    async def claim(self, event_id: str, handler: str, session: Session) -> None:
        """Mark the event as handled within ``session``; raises AlreadyHandled where it is marked."""
        try:
            await self._marks.insert_one({"_id": {"event": event_id, "handler": handler}, "at": now()}, session=session)
        except DuplicateKeyError:
            raise AlreadyHandled(f"{handler} has handled {event_id}") from None
