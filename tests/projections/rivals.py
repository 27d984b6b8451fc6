"""A collection in which somebody else is always a moment faster, as it happens between worker processes."""

from typing import Any

from services.chassis.mongo import Collection, Document, DuplicateKeyError


class Outrun:
    """The first upsert finds nothing, and what it would insert clashes with ``rival``, made in the same moment.

    MongoDB repeats such an upsert by itself only where it asks for nothing but equalities.
    """

    def __init__(self, collection: Collection, rival: Document) -> None:
        self._collection, self._rival = collection, rival

    def __getattr__(self, name: str) -> Any:
        return getattr(self._collection, name)

    async def update_one(self, query: Document, change: Document, *, upsert: bool = False, **rest: Any) -> Any:
        """As the collection's, but for the first upsert."""
        if upsert:
            await self._clash()
        return await self._collection.update_one(query, change, upsert=upsert, **rest)

    async def replace_one(self, query: Document, row: Document, *, upsert: bool = False, **rest: Any) -> Any:
        """As the collection's, but for the first upsert."""
        if upsert:
            await self._clash()
        return await self._collection.replace_one(query, row, upsert=upsert, **rest)

    async def find_one_and_update(self, query: Document, change: Document, *, upsert: bool = False, **rest: Any) -> Any:
        """As the collection's, but for the first upsert."""
        if upsert:
            await self._clash()
        return await self._collection.find_one_and_update(query, change, upsert=upsert, **rest)

    async def _clash(self) -> None:
        rival, self._rival = self._rival, {}
        if rival:
            await self._collection.insert_one(rival)
            raise DuplicateKeyError("E11000 duplicate key error")
