"""Which letters are alike. Invariant: of those that bear a mark and are not void, one bears it as the first.

Two fields beside a letter: ``likeness``, the marks it is first to bear, and ``also_like``, those by which it is like
a former one. So whoever asks after a mark reads one letter, though a thousand came with the same scan.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from services.chassis.mongo import Database, Document, IndexModel, Session
from services.intake.domain.likeness import Likeness

COLLECTION = "letters"
FIRST, ALSO = "likeness", "also_like"
INDEX_MODELS = [
    # Sparse, not partial: an equality uses it on every server the house runs on.
    IndexModel([(FIRST, 1)], name=FIRST, sparse=True),
    IndexModel([(ALSO, 1)], name=ALSO, sparse=True),
]


@dataclass(frozen=True)
class Former:
    """A letter that bears a mark already."""

    letter_id: str
    book: str
    year: int
    agenda_number: int


def fields_of(likeness: Likeness) -> Document:
    """The fields a new letter begins with."""
    said = {FIRST: list(likeness.first), ALSO: list(likeness.also)}
    return {name: marks for name, marks in said.items() if marks}


class Likenesses:
    """The marks of letters."""

    def __init__(self, database: Database) -> None:
        self._letters = database[COLLECTION]

    async def bearing(self, marks: Sequence[str], session: Session | None = None) -> dict[str, Former]:
        """For each of these marks that is borne, the first letter that does."""
        if not marks:
            return {}
        shown = {"agenda_number": 1, "year": 1, "book": 1, FIRST: 1}
        rows = await self._letters.find({FIRST: {"$in": list(marks)}}, shown, session=session).to_list(None)
        found: dict[str, Former] = {}
        for row in sorted(rows, key=lambda one: str(one["_id"]), reverse=True):
            former = Former(row["_id"], row["book"], row["year"], row["agenda_number"])
            found |= dict.fromkeys(set(_list(row, FIRST)) & set(marks), former)
        return found

    async def take(self, letter_id: str, mark: str, session: Session | None) -> Former | None:
        """The letter bears this mark from now on; the letter that did before, if there is one."""
        first, also = await self._marks(letter_id, session)
        former = (await self.bearing([mark], session)).get(mark)
        (also if former else first).append(mark)
        await self._write(letter_id, first, also, session)
        return former

    async def leave(self, letter_id: str, marks: Iterable[str], session: Session | None) -> None:
        """The letter bears these marks no more; where it was the first, the oldest of the others is now."""
        first, also = await self._marks(letter_id, session)
        gone = set(marks)
        kept = [mark for mark in first if mark not in gone], [mark for mark in also if mark not in gone]
        await self._write(letter_id, *kept, session)
        for mark in gone & set(first):
            await self._promote(mark, session)

    async def _promote(self, mark: str, session: Session | None) -> None:
        rows = await self._letters.find({ALSO: mark}, {"_id": 1}, session=session).to_list(None)
        if rows:
            oldest = min(str(row["_id"]) for row in rows)
            first, also = await self._marks(oldest, session)
            await self._write(oldest, [*first, mark], [one for one in also if one != mark], session)

    async def _marks(self, letter_id: str, session: Session | None) -> tuple[list[str], list[str]]:
        row = await self._letters.find_one({"_id": letter_id}, {FIRST: 1, ALSO: 1}, session=session) or {}
        return _list(row, FIRST), _list(row, ALSO)

    async def _write(self, letter_id: str, first: list[str], also: list[str], session: Session | None) -> None:
        borne = fields_of(Likeness(tuple(first), tuple(also)))
        gone = {name: "" for name in (FIRST, ALSO) if name not in borne}
        change = {name: fields for name, fields in (("$set", borne), ("$unset", gone)) if fields}
        await self._letters.update_one({"_id": letter_id}, change, session=session)


def _list(row: Document, name: str) -> list[str]:
    """The marks in a field; letters of before they could be several bear one."""
    found = row.get(name, [])
    return [found] if isinstance(found, str) else list(found)
