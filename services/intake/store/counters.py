"""The agenda books' counters. Invariant: the number is taken in the transaction that writes the letter.

So a registration that fails takes no number with it: there are no gaps and, the counter being one document that
transactions clash over, no doubles.
"""

from collections.abc import Sequence

from services.chassis.mongo import Database, IndexModel, Session
from services.intake.domain.agenda import AgendaBook

COLLECTION = "agenda_counters"
INDEXES: dict[str, Sequence[IndexModel]] = {COLLECTION: [IndexModel([("unit_id", 1)], name="unit")]}


class Counters:
    """One counter a book; a book begins with 1."""

    def __init__(self, database: Database) -> None:
        self._counters = database[COLLECTION]

    async def next(self, book: AgendaBook, session: Session | None) -> int:
        """Take the next number of ``book``.

        In two strokes of one transaction: a find-and-modify would have the embedded server look through all books.
        """
        named = {"unit_id": book.unit_id, "book": book.name, "year": book.year}
        change = {"$inc": {"last": 1}, "$set": named}
        await self._counters.update_one({"_id": book.key}, change, upsert=True, session=session)
        return await self.last(book, session)

    async def last(self, book: AgendaBook, session: Session | None = None) -> int:
        """The number that was given last; 0 where there is no such book."""
        row = await self._counters.find_one({"_id": book.key}, session=session)
        return int(row["last"]) if row else 0

    async def describe(self, book: AgendaBook, session: Session | None) -> None:
        """Say of a counter of before, which has but its key, whose book it counts."""
        named = {"unit_id": book.unit_id, "book": book.name, "year": book.year}
        bare = {"_id": book.key, "unit_id": {"$exists": False}}
        await self._counters.update_one(bare, {"$set": named}, session=session)

    async def of_unit(self, unit_id: str) -> list[tuple[AgendaBook, int]]:
        """The books a unit keeps, each with its last number."""
        rows = await self._counters.find({"unit_id": unit_id}).to_list(None)
        return [(AgendaBook(unit_id, row["book"], row["year"]), int(row["last"])) for row in rows]
