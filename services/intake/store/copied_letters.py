"""Letters whose scans are still to be queued for copying. Invariant: registering writes one field for it and no more.

``copies_due`` stands beside a new letter until each of its scans has a row among the copies that names the letter.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from services.chassis.mongo import Database, Document, Session, UpdateOne
from services.contracts.intake import StoredFile

COLLECTION = "letters"
DUE_INDEX = "copies_due"
_EVER = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class NewLetter:
    """A letter as far as it matters here."""

    letter_id: str
    unit_id: str
    files: tuple[StoredFile, ...]


def to_be_copied(at: datetime) -> Document:
    """The field a new letter begins with."""
    return {"copies_due": at}


class CopiedLetters:
    """The marks beside the letters."""

    def __init__(self, database: Database) -> None:
        self._letters = database[COLLECTION]

    async def due(self, at: datetime, limit: int) -> Sequence[NewLetter]:
        """The letters that have been waiting the longest."""
        query = {"copies_due": {"$gte": _EVER, "$lte": at}}
        rows = await self._letters.find(query, {"unit_id": 1, "files": 1}).sort("copies_due", 1).to_list(limit)
        return [NewLetter(row["_id"], row["unit_id"], _files(row)) for row in rows]

    async def done(self, letter_id: str, session: Session | None) -> bool:
        """Its scans are queued; False where another process has said so."""
        return (await self._letters.update_one(_due(letter_id), _DONE, session=session)).matched_count == 1

    async def all_done(self, letters: Sequence[NewLetter], session: Session | None) -> bool:
        """The scans of all of them are queued; False where another process has said so of one."""
        changes = [UpdateOne(_due(letter.letter_id), _DONE) for letter in letters]
        result = await self._letters.bulk_write(changes, ordered=False, session=session)
        return result.matched_count == len(letters)

    async def recognised(self, letter_id: str, file_id: str, session: Session | None) -> int:
        """The scan's text was recognised: nobody need look for text it carries. The version its text is told with.

        The first where the text it carries was not told before; what was recognised is more than that, and follows it.
        """
        row = await self._letters.find_one({"_id": letter_id}, {"texts": 1, "unread": 1}, session=session)
        if row is None:
            return 1
        told = row.get("texts", {}).get(file_id)
        others = set(row.get("unread", {})) - {file_id}
        change: Document = {"$set": {f"texts.{file_id}": "recognised"}}
        if file_id in row.get("unread", {}):
            change["$unset"] = {f"unread.{file_id}": ""} if others else {"unread": "", "text_due": ""}
        await self._letters.update_one({"_id": letter_id}, change, session=session)
        return 2 if told == "embedded" else 1


_DONE: Document = {"$unset": {"copies_due": ""}}


def _due(letter_id: str) -> Document:
    return {"_id": letter_id, "copies_due": {"$exists": True}}


def _files(row: Document) -> tuple[StoredFile, ...]:
    return tuple(StoredFile.model_validate(file) for file in row["files"])
