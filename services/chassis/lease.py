"""A lease on a duty that one process at a time performs. Invariant: at most one holder at a time.

Who holds it asks the database again only when half of it has passed, so that duties that are looked at several
times a second cost no write each time; half of it is always left for what is begun.

Clocks must agree within a second. A holder that was paused past its lease may still finish one step; duties are
therefore harmless when done twice (the relay's readers drop duplicates). The lease keeps two relays from doing all
the work twice, it is not a lock on data.
"""

import time
from datetime import timedelta

from services.chassis.clock import now
from services.chassis.ids import new_id
from services.chassis.mongo import Database, DuplicateKeyError

COLLECTION = "leases"
SURE_SHARE = 0.5
"""Of a lease that was just taken, the part for which it is not asked whether it still holds."""


class Lease:
    """The lease named ``duty``; each Lease object is one candidate."""

    def __init__(self, database: Database, duty: str, *, seconds: float = 6.0) -> None:
        self._leases = database[COLLECTION]
        self.duty = duty
        self._candidate = new_id()
        self.seconds = seconds
        self._sure_until = 0.0

    async def hold(self) -> bool:
        """Take or renew the lease; False while another candidate has it."""
        asked, at = time.monotonic(), now()
        if asked < self._sure_until:
            return True
        mine_or_free = {"_id": self.duty, "$or": [{"holder": self._candidate}, {"until": {"$lte": at}}]}
        change = {"$set": {"holder": self._candidate, "until": at + timedelta(seconds=self.seconds)}}
        try:
            await self._leases.update_one(mine_or_free, change, upsert=True)
        except DuplicateKeyError:
            return False
        self._sure_until = asked + self.seconds * SURE_SHARE
        return True

    async def release(self) -> None:
        """Give the lease up, so that the next candidate need not wait it out."""
        self._sure_until = 0.0
        await self._leases.delete_one({"_id": self.duty, "holder": self._candidate})
