"""Objects to be removed. Invariant: written down in the transaction that gives the object up, so none is forgotten."""

from collections.abc import Sequence

from services.chassis.mongo import Database, Session

COLLECTION = "removals"


class Removals:
    """The keys of objects nobody needs any more."""

    def __init__(self, database: Database) -> None:
        self._removals = database[COLLECTION]

    async def add(self, key: str, session: Session | None) -> None:
        """Have the object under ``key`` removed."""
        await self._removals.update_one({"_id": key}, {"$setOnInsert": {"_id": key}}, upsert=True, session=session)

    async def some(self, limit: int) -> Sequence[str]:
        """Some of those that are still to be removed."""
        return [str(row["_id"]) for row in await self._removals.find({}).limit(limit).to_list(limit)]

    async def done(self, key: str) -> None:
        """It is removed."""
        await self._removals.delete_one({"_id": key})
