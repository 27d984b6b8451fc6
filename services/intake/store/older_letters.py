"""Letters that were registered before copies were made of their scans. Invariant: each is gone through once.

A row a book, there while numbers of it are left: from which number on, and how far the book went when it was asked for.
"""

from dataclasses import dataclass

from services.chassis.mongo import Database, Session
from services.intake.domain.agenda import AgendaBook
from services.intake.store.counters import COLLECTION as COUNTERS

COLLECTION = "older_letters"


@dataclass(frozen=True)
class OlderBook:
    """A book, the number that is next, and the last."""

    book: AgendaBook
    number: int
    last: int


class OlderLetters:
    """The books that are gone through."""

    def __init__(self, database: Database) -> None:
        self._books, self._counters = database[COLLECTION], database[COUNTERS]

    async def begin(self) -> None:
        """Go through all the books there are, from their first number on."""
        async for row in self._counters.find({}, {"last": 1}):
            whole = {"number": 1, "last": int(row["last"])}
            await self._books.update_one({"_id": row["_id"]}, {"$set": whole}, upsert=True)

    async def stop(self) -> None:
        """Go no further."""
        await self._books.delete_many({})

    async def left(self) -> int:
        """How many letters were not gone through yet."""
        return sum([int(row["last"]) - int(row["number"]) + 1 async for row in self._books.find({})])

    async def next(self) -> OlderBook | None:
        """Some book that is not finished; None where there is none."""
        for row in await self._books.find({}).limit(1).to_list(1):
            return OlderBook(AgendaBook.of_key(row["_id"]), int(row["number"]), int(row["last"]))
        return None

    async def done(self, older: OlderBook, session: Session | None) -> bool:
        """Its number was gone through; False where another process has said so."""
        as_seen = {"_id": older.book.key, "number": older.number}
        if older.number >= older.last:
            return (await self._books.delete_one(as_seen, session=session)).deleted_count == 1
        further = {"$set": {"number": older.number + 1}}
        return (await self._books.update_one(as_seen, further, session=session)).matched_count == 1
