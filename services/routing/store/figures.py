"""What is measured of each letter, in the database, and which letters have to be measured again. Invariant: a letter's
mark is taken off only if nothing happened to the letter since the mark was read.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from services.chassis.documents import document, model
from services.chassis.ids import first_id_of, instant_of
from services.chassis.mongo import Database, Document, IndexModel, Session, UpdateOne
from services.chassis.newest import Bounds
from services.routing.domain.figures import LetterFigures, Row, WayFigures
from services.routing.store.letters import FIGURES_DUE, Letters

_TICK = timedelta(milliseconds=1)
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class DueLetter:
    """A letter and since when it has to be measured again."""

    letter_id: str
    at: datetime


def order_of(due: DueLetter) -> str:
    """The instant as an id, for reading newest first."""
    return first_id_of(due.at)


class DueLetters:
    """The letters that changed since they were measured."""

    def __init__(self, database: Database) -> None:
        self._letters = database[Letters.COLLECTION]

    async def within(self, bounds: Bounds) -> list[DueLetter]:
        """Those marked within bounds, the last one first."""
        span: Document = {"$gte": instant_of(bounds.since) if bounds.since else _LONG_AGO}
        if bounds.before:
            span["$lt"] = instant_of(bounds.before)
        rows = await self._letters.find({FIGURES_DUE: span}, {FIGURES_DUE: 1}).to_list(None)
        found = [DueLetter(row["_id"], row[FIGURES_DUE]) for row in rows]
        return sorted(found, key=lambda due: due.at, reverse=True)

    async def settle(self, due: Iterable[DueLetter]) -> None:
        """Take the marks off that are still the same."""
        changes = [UpdateOne({"_id": one.letter_id, FIGURES_DUE: one.at}, {"$unset": {FIGURES_DUE: ""}}) for one in due]
        if changes:
            await self._letters.bulk_write(changes, ordered=False)

    async def set_aside(self, due: DueLetter) -> None:
        """Leave it marked, behind all others, so that it keeps nobody waiting."""
        await self._letters.update_one({"_id": due.letter_id, FIGURES_DUE: due.at}, {"$set": {FIGURES_DUE: _LONG_AGO}})

    async def mark(self, letter_ids: Iterable[str], at: datetime) -> None:
        """Have these measured again; each gets an instant of its own, so that they can be read a few at a time."""
        changes = [
            UpdateOne({"_id": letter_id}, {"$set": {FIGURES_DUE: at + _TICK * number}})
            for number, letter_id in enumerate(letter_ids)
        ]
        if changes:
            await self._letters.bulk_write(changes, ordered=False)


class FigureRows:
    """The rows of every letter."""

    COLLECTION = "figure_rows"
    INDEXES: ClassVar[dict[str, Sequence[IndexModel]]] = {
        COLLECTION: [
            IndexModel([("letter_id", 1)], name="letter"),
            IndexModel([("unit_id", 1), ("month", 1)], name="unit_month"),
        ]
    }

    def __init__(self, database: Database) -> None:
        self._rows = database[self.COLLECTION]

    async def of_letter(self, letter_id: str, session: Session | None = None) -> dict[str, Row]:
        """The rows of a letter, by their ids."""
        return {row.id: row for row in await self._found({"letter_id": letter_id}, session)}

    async def in_month(self, unit_id: str, month: str, session: Session | None) -> list[Row]:
        """The rows of a unit and month."""
        return await self._found({"unit_id": unit_id, "month": month}, session)

    async def put(self, rows: Iterable[Row], session: Session | None) -> None:
        """Keep these, each in the place of an older one."""
        changes = [UpdateOne({"_id": row.id}, {"$set": _fields(row)}, upsert=True) for row in rows]
        if changes:
            await self._rows.bulk_write(changes, ordered=False, session=session)

    async def drop(self, row_ids: Iterable[str], session: Session | None) -> None:
        """Take these away."""
        for row_id in row_ids:
            await self._rows.delete_one({"_id": row_id}, session=session)

    async def clear(self) -> None:
        """Take all of them away."""
        await self._rows.delete_many({})

    async def _found(self, query: Document, session: Session | None) -> list[Row]:
        rows = await self._rows.find(query, session=session).to_list(None)
        return [model(WayFigures, row) if row["kind"] == "way" else model(LetterFigures, row) for row in rows]


def _fields(row: Row) -> Document:
    fields = {name: value for name, value in document(row).items() if name != "_id"}
    return {**fields, "kind": "way" if isinstance(row, WayFigures) else "letter"}
