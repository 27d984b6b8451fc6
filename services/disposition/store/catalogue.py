"""The catalogue in the database. Invariant: what was changed or added wins over what a regency begins with, an entry is
only replaced by the version that follows the one it was read at, and every version it had is kept.
"""

import time
from collections.abc import Mapping, Sequence
from typing import ClassVar, Generic, TypeVar

from services.chassis.documents import plain
from services.chassis.ids import new_id
from services.chassis.mongo import Database, Document, IndexModel, Session
from services.disposition.domain.catalogue import Entry, InstructionEntry, QuickReplyEntry, in_order
from services.disposition.domain.first_catalogue import FIRST_INSTRUCTIONS, FIRST_QUICK_REPLIES

CHANGES = "catalogue_changes"
INDEXES: dict[str, Sequence[IndexModel]] = {CHANGES: [IndexModel([("entry", 1), ("_id", 1)], name="entry")]}
REMEMBERED_SECONDS = 2.0
"""How long the catalogue is answered from memory; whoever changes it is answered from the database at once."""
E = TypeVar("E", bound=Entry)


class Shelf(Generic[E]):
    """One part of the catalogue: what it begins with, and on top of it what the database says."""

    COLLECTION: ClassVar[str]

    def __init__(self, database: Database, kind: type[E], first: Mapping[str, E]) -> None:
        self._rows = database[self.COLLECTION]
        self._changes = database[CHANGES]
        self._kind = kind
        self._first = first
        self._lately: tuple[float, dict[str, E]] = (0.0, {})

    async def all(self) -> Mapping[str, E]:
        """Every entry by its code, retired ones too, in order."""
        until, known = self._lately
        if until > time.monotonic():
            return known
        rows = await self._rows.find({}).to_list(None)
        entries = dict(self._first) | {str(row["_id"]): self._read(row) for row in rows}
        found = {one.code: one for one in in_order(entries.values())}
        self._lately = (time.monotonic() + REMEMBERED_SECONDS, found)
        return found

    async def get(self, code: str, session: Session | None) -> E | None:
        """The entry as it is now, or None."""
        row = await self._rows.find_one({"_id": code}, session=session)
        return self._read(row) if row else self._first.get(code)

    async def keep(self, entry: E, session: Session | None) -> bool:
        """Keep a new entry, or the next version of one; False where another has changed it since.

        DuplicateKeyError where another was first to make or to change it.
        """
        row = {"_id": entry.code, **plain(entry)}
        before = {"_id": entry.code, "version": entry.version - 1}
        if not (await self._rows.replace_one(before, row, session=session)).matched_count:
            known = await self._rows.find_one({"_id": entry.code}, {"version": 1}, session=session)
            if known:
                return False
            await self._rows.insert_one(row, session=session)
        change = {"_id": new_id(), "entry": f"{self.COLLECTION}/{entry.code}", "made": plain(entry)}
        await self._changes.insert_one(change, session=session)
        return True

    def forget(self) -> None:
        """Read anew when next asked."""
        self._lately = (0.0, {})

    def _read(self, row: Document) -> E:
        return self._kind.model_validate({**row, "code": row["_id"]})


class Instructions(Shelf[InstructionEntry]):
    """The instructions that may be given."""

    COLLECTION = "instructions"

    def __init__(self, database: Database) -> None:
        super().__init__(database, InstructionEntry, FIRST_INSTRUCTIONS)


class QuickReplies(Shelf[QuickReplyEntry]):
    """The one-tap replies."""

    COLLECTION = "quick_replies"

    def __init__(self, database: Database) -> None:
        super().__init__(database, QuickReplyEntry, FIRST_QUICK_REPLIES)
