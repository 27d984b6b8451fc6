"""How far the object store has been swept. Invariant: everything put before the mark has been looked at."""

from datetime import datetime

from services.chassis.mongo import Database, Session

COLLECTION = "sweeps"
ORPHANS = "orphans"


class Sweeps:
    """The mark of the sweep for orphaned scans."""

    def __init__(self, database: Database) -> None:
        self._sweeps = database[COLLECTION]

    async def swept_until(self, session: Session | None = None) -> datetime | None:
        """The instant up to which everything has been looked at, or None before the first sweep."""
        row = await self._sweeps.find_one({"_id": ORPHANS}, session=session)
        return row["until"] if row else None

    async def mark(self, until: datetime, session: Session | None = None) -> None:
        """Everything put before ``until`` has been looked at."""
        await self._sweeps.update_one({"_id": ORPHANS}, {"$max": {"until": until}}, upsert=True, session=session)
