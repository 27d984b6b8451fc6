"""The copies of scans, as a queue and as what came of it. Invariant: each is made by one process at a time.

A row for each original. ``due_at`` is there while something is to be done for it, so that a sparse index holds the
pending alone; whoever begins an attempt counts it and moves ``due_at`` on, again and again while working. A row that is
due was therefore begun by nobody who is alive. ``tell`` marks what a letter's readers are still to be told of.
"""

from collections.abc import Sequence

from services.chassis.clock import now
from services.chassis.documents import model, plain
from services.chassis.mongo import Database, Document, IndexModel, Session
from services.contracts.intake import StoredFile
from services.intake.domain.copies.copies import CopiesOf

COLLECTION = "copies"
INDEXES: dict[str, Sequence[IndexModel]] = {
    COLLECTION: [
        IndexModel([("due_at", 1)], name="due_at", sparse=True),
        IndexModel([("parked_at", 1)], name="parked_at", sparse=True),
    ]
}


class Copies:
    """The copies of every original that is kept."""

    def __init__(self, database: Database) -> None:
        self._copies = database[COLLECTION]

    async def want(self, file: StoredFile, unit_id: str, letter_id: str | None, session: Session | None = None) -> None:
        """Have copies made of ``file``; where they are wanted already nothing happens."""
        at = now()
        row = plain(CopiesOf(file=file, unit_id=unit_id, letter_id=letter_id, wanted_at=at)) | {"due_at": at}
        await self._copies.update_one({"_id": file.file_id}, {"$setOnInsert": row}, upsert=True, session=session)

    async def of(self, file_id: str, session: Session | None = None) -> CopiesOf | None:
        """How far the copies of this file are; None where none are wanted (yet)."""
        row = await self._copies.find_one({"_id": file_id}, session=session)
        return _copies_of(row) if row else None

    async def drop(self, file_id: str, session: Session | None = None) -> None:
        """The scan is no longer kept: have its copies taken away. A letter's scan is never dropped."""
        change = {"$set": {"state": "dropped", "due_at": now()}, "$unset": {"parked_at": ""}, "$inc": {"attempts": 1}}
        await self._copies.update_one({"_id": file_id, "letter_id": None}, change, session=session)


def _copies_of(row: Document) -> CopiesOf:
    return model(CopiesOf, row)
