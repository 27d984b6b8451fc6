"""The units that practise. Invariant: every switch is kept, and each process knows of it within ``KNOWN_SECONDS``."""

import time

from services.chassis.documents import document, model
from services.chassis.ids import new_id
from services.chassis.mongo import Database, Session
from services.intake.domain.practice import Practice

COLLECTION, CHANGES = "practice", "practice_changes"
KNOWN_SECONDS = 2.0
"""How long a process goes by what it has read, so that no registration has to ask."""


class Practising:
    """Which units practise."""

    def __init__(self, database: Database) -> None:
        self._units = database[COLLECTION]
        self._changes = database[CHANGES]
        self._lately: tuple[float, frozenset[str]] = (0.0, frozenset())

    async def includes(self, unit_id: str) -> bool:
        """Whether the unit practises, as far as is known here."""
        until, known = self._lately
        if until <= time.monotonic():
            began = time.monotonic()
            rows = await self._units.find({}, {"on": 1}).to_list(None)
            known = frozenset(str(row["_id"]) for row in rows if row["on"])
            self._lately = (began + KNOWN_SECONDS, known)
        return unit_id in known

    async def get(self, unit_id: str, session: Session | None = None) -> Practice:
        """What was last said of the unit."""
        row = await self._units.find_one({"_id": unit_id}, session=session)
        return model(Practice, row) if row else Practice(id=unit_id)

    async def keep(self, practice: Practice, session: Session | None) -> bool:
        """Keep the next version; False where another came first. DuplicateKeyError for another first version."""
        row = document(practice)
        if practice.version == 1:
            await self._units.insert_one(row, session=session)
        else:
            before = {"_id": practice.id, "version": practice.version - 1}
            if not (await self._units.replace_one(before, row, session=session)).matched_count:
                return False
        await self._changes.insert_one(row | {"_id": new_id(), "unit_id": practice.id}, session=session)
        return True

    def forget(self) -> None:
        """Read anew when next asked."""
        self._lately = (0.0, frozenset())
