"""The agenda books as books: by number. Invariant: a look is bounded by numbers, which an index holds and have no gaps.

So what a page costs follows from the page, and not from how thick the book is.
"""

from collections.abc import Sequence
from datetime import date, datetime

from services.chassis.mongo import Database, Document
from services.intake.domain.agenda import AgendaBook
from services.intake.domain.letter import Letter
from services.intake.store.letters import COLLECTION


class Agenda:
    """Letters by their numbers."""

    def __init__(self, database: Database) -> None:
        self._letters = database[COLLECTION]

    async def between(self, book: AgendaBook, after: int, upto: int) -> list[Letter]:
        """The letters numbered above ``after`` and up to ``upto``, in order."""
        query = {**_in(book), "agenda_number": {"$gt": after, "$lte": upto}}
        rows = await self._letters.find(query).sort("agenda_number", 1).to_list(None)
        return [Letter.model_validate({**row, "letter_id": row["_id"]}) for row in rows]

    async def letters(self, letter_ids: Sequence[str]) -> dict[str, Letter]:
        """These letters by their ids."""
        rows = self._letters.find({"_id": {"$in": list(letter_ids)}})
        return {row["_id"]: Letter.model_validate({**row, "letter_id": row["_id"]}) async for row in rows}

    async def last_before(self, book: AgendaBook, instant: datetime, last: int) -> int:
        """A number below which every letter was entered before ``instant``; 0 where there is none.

        Letters are entered in the order of their numbers, so it is searched by halves.
        """
        low, high = 0, last
        while high - low > 1:
            middle = (low + high) // 2
            if await self._entered(book, middle) < instant:
                low = middle
            else:
                high = middle
        return low

    async def _entered(self, book: AgendaBook, number: int) -> datetime:
        query = {**_in(book), "agenda_number": {"$gte": number, "$lte": number}}
        row = await self._letters.find_one(query, {"registered_at": 1})
        if row is None:
            raise LookupError(f"number {number} of {book.key} is not there")
        entered: datetime = row["registered_at"]
        return entered


def _in(book: AgendaBook) -> Document:
    return {"unit_id": book.unit_id, "book": book.name, "year": book.year}


def inside(letter: Letter, first: date | None, last: date | None) -> bool:
    """Whether the letter was received within these days."""
    return (first or date.min) <= letter.received_on <= (last or date.max)
