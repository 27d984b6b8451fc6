"""Letters in the database, and their histories. Invariant: an entry of a history is never changed or taken away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from services.chassis.documents import document, model
from services.chassis.mongo import Database, Document, IndexModel, Session, take_document
from services.contracts.event import Event
from services.routing.domain.dossier import APPLICABLE
from services.routing.domain.letter import Letter

SEARCH_DUE = "search_due"
FIGURES_DUE = "figures_due"


BESIDE = frozenset({"taken", SEARCH_DUE, FIGURES_DUE})
SEARCHED = ("access", "summary", "abstract", "occasion")
"""What of a letter the search reads, and can change."""


class Letters:
    """Facts of each letter, and the version of its stream.

    ``search_due`` and ``figures_due``: since when the search, and the figures, do not know what became of it.
    """

    COLLECTION = "letters"
    INDEXES: ClassVar[dict[str, Sequence[IndexModel]]] = {
        COLLECTION: [
            IndexModel([(SEARCH_DUE, 1)], name="search_due", sparse=True),
            IndexModel([(FIGURES_DUE, 1)], name="figures_due", sparse=True),
            IndexModel([("summary.tracking_code", 1)], name="tracking_code"),
        ]
    }

    def __init__(self, database: Database) -> None:
        self._rows = database[self.COLLECTION]

    async def find(self, letter_id: str, session: Session | None) -> Letter | None:
        """The letter, or None."""
        row = await self._rows.find_one({"_id": letter_id}, session=session)
        return model(Letter, row) if row else None

    async def document_of(self, letter_id: str, session: Session | None) -> Document | None:
        """The letter as it is kept, without what is only kept beside it; held until the transaction ends."""
        row = await take_document(self._rows, letter_id, session)
        return {name: value for name, value in row.items() if name not in BESIDE} if row else None

    async def ids(self) -> list[str]:
        """Every letter that is kept."""
        return [row["_id"] async for row in self._rows.find({}, {"_id": 1})]

    async def add(self, letter: Letter, at: datetime, session: Session | None) -> None:
        """Keep a new letter; the driver's DuplicateKeyError where it was opened before."""
        await self._rows.insert_one({**document(letter), SEARCH_DUE: at, FIGURES_DUE: at}, session=session)

    async def take(self, letter_id: str, session: Session | None) -> Letter | None:
        """The letter, held until the transaction ends: whatever happens to one letter happens one after the other."""
        row = await take_document(self._rows, letter_id, session)
        return model(Letter, row) if row else None

    async def change(self, before: Letter, after: Letter, at: datetime, session: Session | None) -> None:
        """Keep what has changed of a letter."""
        old, new = document(before), document(after)
        changes = {name: value for name, value in new.items() if old[name] != value}
        if any(name in changes for name in SEARCHED):
            changes[SEARCH_DUE] = at
        if changes:
            changes[FIGURES_DUE] = at
            await self._rows.update_one({"_id": after.id}, {"$set": changes}, session=session)

    async def replace(self, letter: Letter, at: datetime, session: Session | None) -> None:
        """Put the letter in the place of what is there, or where nothing is."""
        row = {**document(letter), SEARCH_DUE: at, FIGURES_DUE: at}
        await self._rows.replace_one({"_id": letter.id}, row, upsert=True, session=session)


@dataclass(frozen=True)
class Entry:
    """An event in a letter's history: its own id, its place there, and the version it has on its stream."""

    event_id: str
    number: int
    seq: int
    event: Event


class History:
    """Everything that ever happened to each letter, in the order it was applied."""

    COLLECTION = "history"
    INDEXES: ClassVar[dict[str, Sequence[IndexModel]]] = {
        COLLECTION: [
            IndexModel([("letter_id", 1), ("n", 1)], name="letter", unique=True),
            IndexModel([("begins", 1)], name="begins", sparse=True),
        ]
    }
    _KINDS: ClassVar[dict[str, type[Event]]] = {kind.event_type: kind for kind in APPLICABLE}

    def __init__(self, database: Database) -> None:
        self._rows = database[self.COLLECTION]

    async def add(self, letter_id: str, entries: Sequence[Entry], at: datetime, session: Session | None) -> None:
        """Keep new entries; the driver's error where an event or a place is taken."""
        if entries:
            await self._rows.insert_many([history_row(letter_id, one, at) for one in entries], session=session)

    async def of(self, letter_id: str, session: Session | None = None) -> list[Entry]:
        """Every entry of a letter, in its order."""
        rows = await self._rows.find({"letter_id": letter_id}, session=session).to_list(None)
        return [self._entry(row) for row in sorted(rows, key=lambda row: int(row["n"]))]

    async def letters(self) -> list[str]:
        """The id of every letter that has a history, read at once: a cursor does not outlast long work."""
        return [row["begins"] async for row in self._rows.find({"begins": {"$gt": ""}}, {"begins": 1})]

    def _entry(self, row: Document) -> Entry:
        return Entry(row["_id"], row["n"], row["seq"], self._KINDS[row["type"]].read(row["data"]))


def history_row(letter_id: str, entry: Entry, at: datetime) -> Document:
    """The document of an entry."""
    return {
        "_id": entry.event_id,
        "letter_id": letter_id,
        "n": entry.number,
        "seq": entry.seq,
        "type": entry.event.event_type,
        "data": entry.event.model_dump(mode="json"),
        "recorded_at": at,
        **({"begins": letter_id} if entry.number == 1 else {}),
    }
