"""The agenda books' counters. Invariant: the number is taken in the transaction that writes the letter.

So a registration that fails takes no number with it: there are no gaps and, the counter being one document that
transactions clash over, no doubles.
"""

from services.chassis.mongo import Database, Session
from services.intake.domain.agenda import AgendaBook

COLLECTION = "agenda_counters"


class Counters:
    """One counter a book; a book begins with 1."""

    def __init__(self, database: Database) -> None:
        self._counters = database[COLLECTION]

    async def next(self, book: AgendaBook, session: Session | None) -> int:
        """Take the next number of ``book``.

        In two strokes of one transaction: a find-and-modify would have the embedded server look through all books.
        """
        await self._counters.update_one({"_id": book.key}, {"$inc": {"last": 1}}, upsert=True, session=session)
        row = await self._counters.find_one({"_id": book.key}, session=session)
        assert row is not None  # noqa: S101 - written in this very transaction
        return int(row["last"])
