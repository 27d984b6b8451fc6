"""Sessions with the database, written down. Invariant: who died in a transaction blocks nobody once started again.

The server keeps the transaction of a client that is gone, and the documents it has written to stay closed to everybody
else, until the transaction expires, a minute later by default. So each session is noted before its first transaction,
and a process that starts ends the sessions of its predecessor. They are told by the address they listen at: whoever
has bound it has no living predecessor.

They stood among a service's own ``sessions`` once, which the gateway has of people: what is left there is taken over.
"""

import logging
import socket
from datetime import timedelta

from bson.binary import Binary

from services.chassis.clock import now
from services.chassis.mongo import Collection, Database, IndexModel, PyMongoError, Session, is_outage

log = logging.getLogger(__name__)
COLLECTION = "driver_sessions"
FORMER_COLLECTION = "sessions"
KEEP_SECONDS = 24 * 3600
INDEXES = {COLLECTION: [IndexModel([("at", 1)], name="expiry", expireAfterSeconds=KEEP_SECONDS)]}


class SessionBook:
    """The sessions of the process that listens at ``port`` of this host; without a port nothing is noted."""

    def __init__(self, database: Database, port: int) -> None:
        self._rows = database[COLLECTION]
        self._former = database[FORMER_COLLECTION]
        self._admin = database.client.get_database("admin")
        self._holder = f"{socket.gethostname()}:{port}" if port else None
        self._noted: set[bytes] = set()

    async def note(self, session: Session) -> None:
        """Write the session down if it is new."""
        identifier = session.delegate.session_id["id"]
        if self._holder is None or bytes(identifier) in self._noted:
            return
        row = {"holder": self._holder, "at": now()}
        await self._rows.update_one({"_id": identifier}, {"$set": row}, upsert=True)
        self._noted.add(bytes(identifier))

    async def end_predecessors(self) -> None:
        """End what an earlier process at our address has left open; to be called before the first transaction."""
        if self._holder is None:
            return
        for rows in (self._rows, self._former):
            await self._end(rows, self._holder)
        old = {"holder": {"$exists": True}, "at": {"$lt": now() - timedelta(seconds=KEEP_SECONDS)}}
        await self._former.delete_many(old)

    async def _end(self, rows: Collection, holder: str) -> None:
        found = await rows.find({"holder": holder}).to_list(None)
        if not found:
            return
        try:
            await self._admin.command("killSessions", [{"id": Binary(row["_id"], 4)} for row in found])
        except PyMongoError as error:
            if is_outage(error):
                raise
            log.warning("the sessions of an earlier run cannot be ended, they expire: %s", error)
        await rows.delete_many({"_id": {"$in": [row["_id"] for row in found]}})
