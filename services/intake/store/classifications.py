"""The archive classification in the database. Invariant: a version is written once, whole, and every version is kept.

A version is a row that says who brought it in and what it changed, and its entries in a few rows of many; another row
says which is in force. So it is read in a few looks, and taken into force in one stroke.
"""

import time
from collections.abc import Sequence

from services.chassis.mongo import Database, Document, IndexModel, Session
from services.intake.domain.catalogue.classification import FIRST, ClassEntry, Classification

VERSIONS, ENTRIES = "classification_versions", "classification_entries"
IN_FORCE = "in force"
INDEXES: dict[str, Sequence[IndexModel]] = {ENTRIES: [IndexModel([("version", 1)], name="version")]}
KNOWN_SECONDS = 2.0
"""How long a process goes by the version it has read before it asks whether there is another."""
AT_ONCE = 500


class Classifications:
    """The catalogue in force, and those before it."""

    def __init__(self, database: Database) -> None:
        self._versions = database[VERSIONS]
        self._entries = database[ENTRIES]
        self._known = FIRST
        self._until = 0.0

    async def present(self) -> Classification:
        """The catalogue in force, as far as is known here."""
        if self._until <= time.monotonic():
            await self.newest()
        return self._known

    async def newest(self, session: Session | None = None) -> Classification:
        """The catalogue in force, asked for anew."""
        began = time.monotonic()
        row = await self._versions.find_one({"_id": IN_FORCE}, session=session)
        version = row["version"] if row else FIRST.version
        if version != self._known.version:
            self._known = await self._read(version, session)
        self._until = began + KNOWN_SECONDS
        return self._known

    async def keep(self, catalogue: Classification, brought: Document, session: Session | None) -> None:
        """Take a next version into force; DuplicateKeyError where another came first."""
        version = catalogue.version
        await self._versions.insert_one({"_id": f"v{version}", "version": version, **brought}, session=session)
        entries = [[one.code, one.name, one.retired] for one in catalogue.entries.values()]
        parts = [entries[at : at + AT_ONCE] for at in range(0, len(entries), AT_ONCE)]
        rows = [{"_id": f"v{version}/{n}", "version": version, "entries": part} for n, part in enumerate(parts)]
        await self._entries.insert_many(rows, session=session)
        change = {"$set": {"version": version}}
        await self._versions.update_one({"_id": IN_FORCE}, change, upsert=True, session=session)

    async def history(self) -> list[Document]:
        """The versions there were, the latest first."""
        rows = [row for row in await self._versions.find({}).to_list(None) if row["_id"] != IN_FORCE]
        return sorted(rows, key=lambda row: int(row["version"]), reverse=True)

    async def _read(self, version: int, session: Session | None) -> Classification:
        rows = await self._entries.find({"version": version}, session=session).to_list(None)
        return Classification.of(version, (ClassEntry(*one) for row in rows for one in row["entries"]))
