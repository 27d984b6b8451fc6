"""What of the scans has been read. Invariant: a scan is unread until, in one transaction, it is settled and told of.

Three fields beside a letter. ``unread``: the files still to be read, each with how often that was begun. ``text_due``:
when to look at them next, there while any is unread, so that a sparse index holds the pending alone. ``texts``: what
came of the others.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, TypeAlias

from services.chassis.mongo import Database, Document, Session
from services.contracts.intake import StoredFile

COLLECTION = "letters"
DUE_INDEX = "text_due"
Outcome: TypeAlias = Literal["embedded", "none", "unreadable", "recognised"]
"""What it carries was told; it carries none; it could not be read and is not tried again; it was recognised instead."""


@dataclass(frozen=True)
class UnreadScan:
    """A file whose text is due, and how often it was begun."""

    letter_id: str
    file: StoredFile
    attempts: int


def to_be_read(file_ids: Iterable[str], at: datetime) -> Document:
    """The fields a new letter begins with, of which these files are to be read; none where that is none of them."""
    unread = dict.fromkeys(file_ids, 0)
    return {"unread": unread, "text_due": at} if unread else {}


class Texts:
    """The reading of scans, as far as it got."""

    def __init__(self, database: Database) -> None:
        self._letters = database[COLLECTION]

    async def due(self, at: datetime, limit: int) -> list[UnreadScan]:
        """The unread scans of the letters that have been due the longest, at most ``limit`` letters."""
        query = {"text_due": {"$lte": at}}
        rows = await self._letters.find(query, {"files": 1, "unread": 1}).sort("text_due", 1).limit(limit).to_list(None)
        return [scan for row in rows for scan in _unread(row)]

    async def begin(self, scan: UnreadScan, again_at: datetime) -> UnreadScan | None:
        """Count an attempt, before it is made: the scan with it; None where it was settled or begun meanwhile."""
        change = {"$inc": {_attempts(scan): 1}, "$set": {"text_due": again_at}}
        query = {"_id": scan.letter_id, _attempts(scan): scan.attempts}
        begun = (await self._letters.update_one(query, change)).matched_count == 1
        return replace(scan, attempts=scan.attempts + 1) if begun else None

    async def take_back(self, scan: UnreadScan, again_at: datetime) -> None:
        """The attempt that was begun does not count: it was not the scan that failed."""
        change = {"$inc": {_attempts(scan): -1}, "$set": {"text_due": again_at}}
        await self._letters.update_one({"_id": scan.letter_id, _attempts(scan): scan.attempts}, change)

    async def settle(self, scan: UnreadScan, outcome: Outcome, session: Session | None) -> bool:
        """The scan, as it stands here, need not be looked at again; False where it does not stand so any more."""
        found = {f"texts.{scan.file.file_id}": outcome}
        alone = {"_id": scan.letter_id, "unread": {scan.file.file_id: scan.attempts}}
        last = {"$unset": {"unread": "", "text_due": ""}, "$set": found}
        if (await self._letters.update_one(alone, last, session=session)).matched_count:
            return True
        among = {"_id": scan.letter_id, _attempts(scan): scan.attempts}
        one = {"$unset": {_attempts(scan): ""}, "$set": found}
        return (await self._letters.update_one(among, one, session=session)).matched_count == 1


def _attempts(scan: UnreadScan) -> str:
    return f"unread.{scan.file.file_id}"


def _unread(row: Document) -> Iterator[UnreadScan]:
    for file in row["files"]:
        if file["file_id"] in row["unread"]:
            yield UnreadScan(row["_id"], StoredFile.model_validate(file), row["unread"][file["file_id"]])
