"""A lease on a duty that one process at a time performs. Invariant: at most one holder at a time.

Clocks must agree within a second. A holder that was paused past its lease may still finish one step; duties are
therefore harmless when done twice (the relay's readers drop duplicates). The lease keeps two relays from doing all
the work twice, it is not a lock on data.
"""

from datetime import timedelta

from services.chassis.clock import now
from services.chassis.ids import new_id
from services.chassis.mongo import Database, DuplicateKeyError

COLLECTION = "leases"


class Lease:
    """The lease named ``duty``; each Lease object is one candidate."""

    def __init__(self, database: Database, duty: str, *, seconds: float = 6.0) -> None:
        self._leases = database[COLLECTION]
        self.duty = duty
        self._candidate = new_id()
        self.seconds = seconds

    async def hold(self) -> bool:
        """Take or renew the lease; False while another candidate has it."""
        at = now()
        mine_or_free = {"_id": self.duty, "$or": [{"holder": self._candidate}, {"until": {"$lte": at}}]}
        change = {"$set": {"holder": self._candidate, "until": at + timedelta(seconds=self.seconds)}}
        try:
            await self._leases.update_one(mine_or_free, change, upsert=True)
        except DuplicateKeyError:
            return False
        return True

    async def release(self) -> None:
        """Give the lease up, so that the next candidate need not wait it out."""
        await self._leases.delete_one({"_id": self.duty, "holder": self._candidate})
