"""The copies of scans, as a queue and as what came of it. Invariant: each is made by one process at a time.

A row for each original. ``due_at`` is there while something is to be done for it (copies to be made, a letter's readers
to be told, copies to be taken away), so that a sparse index holds the pending alone. Whoever begins an attempt counts
it and moves ``due_at`` on, again and again while at work: a row that is due was begun by nobody who is still at it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from services.chassis.clock import now
from services.chassis.documents import model, plain
from services.chassis.mongo import Database, Document, IndexModel, Session
from services.contracts.intake import StoredFile
from services.intake.domain.copies.copies import CopiesOf
from services.intake.store.copied_letters import NewLetter

COLLECTION = "copies"
INDEXES = {
    COLLECTION: [
        IndexModel([("due_at", 1)], name="due_at", sparse=True),
        IndexModel([("parked_at", 1)], name="parked_at", sparse=True),
    ]
}
HEAD_START = timedelta(minutes=30)
"""Somebody sits before a scan that has no letter yet, so it goes before letters that wait for less than this."""
_EVER, _NEVER = datetime(2000, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)
_MADE = ("pages", "warnings", "failed_pages", "normalised", "archival", "text", "words")


@dataclass(frozen=True)
class Queue:
    """What is still to be done for scans, what was given up, and since when the next one is waiting."""

    waiting: int
    parked: int
    next_wanted_at: datetime | None


class Copies:
    """The copies of every original that is kept."""

    def __init__(self, database: Database) -> None:
        self._copies = database[COLLECTION]

    async def want(self, file: StoredFile, unit_id: str, letter_id: str | None, session: Session | None = None) -> None:
        """Have copies made of ``file``; where they are wanted already nothing happens.

        Those that were to be taken away are made anew, as a scan given back by its batch is.
        """
        row = _wanted(file, unit_id, letter_id)
        again = {"$set": {name: row[name] for name in ("state", "due_at", "letter_id", "told")}}
        if (await self._copies.update_one(_dropped(file.file_id), again, session=session)).matched_count == 0:
            await self._copies.update_one({"_id": file.file_id}, {"$setOnInsert": row}, upsert=True, session=session)

    async def want_anew(self, letters: Iterable[NewLetter], session: Session | None) -> bool:
        """The same for the scans of whole letters, in one command; False, and nothing done, where one has a row."""
        rows = {
            file.file_id: _wanted(file, letter.unit_id, letter.letter_id) for letter in letters for file in letter.files
        }
        if await self._copies.find_one({"_id": {"$in": list(rows)}}, {"_id": 1}, session=session):
            return False
        await self._copies.insert_many([{"_id": one, **row} for one, row in rows.items()], session=session)
        return True

    async def of(self, file_id: str, session: Session | None = None) -> CopiesOf | None:
        """How far the copies of this file are; None where none are wanted (yet)."""
        row = await self._copies.find_one({"_id": file_id}, session=session)
        return model(CopiesOf, row) if row else None

    async def given_to(self, file_id: str, letter_id: str, session: Session | None) -> None:
        """The scan is this letter's now; what is done already is due to be told, what is being made goes on."""
        made = {"_id": file_id, "letter_id": None, "state": {"$in": ["done", "parked"]}}
        change = {"letter_id": letter_id}
        due = change | {"due_at": now()}
        if (await self._copies.update_one(made, {"$set": due}, session=session)).matched_count == 0:
            await self._copies.update_one({"_id": file_id, "letter_id": None}, {"$set": change}, session=session)

    async def drop(self, file_id: str, session: Session | None = None) -> None:
        """The scan is no longer kept: have its copies taken away. A letter's scan is never dropped."""
        change = {"$set": {"state": "dropped", "due_at": now()}, "$unset": {"parked_at": ""}, "$inc": {"attempts": 1}}
        await self._copies.update_one({"_id": file_id, "letter_id": None}, change, session=session)

    async def due(self, at: datetime, limit: int) -> list[tuple[CopiesOf, datetime]]:
        """What has been due the longest, and since when."""
        rows = await self._copies.find({"due_at": {"$gte": _EVER, "$lte": at}}).sort("due_at", 1).to_list(limit)
        return [(model(CopiesOf, row), row["due_at"]) for row in rows]

    async def queue(self) -> Queue:
        """How long it is."""
        pending, given_up = {"due_at": {"$gte": _EVER, "$lte": _NEVER}}, {"parked_at": {"$gte": _EVER, "$lte": _NEVER}}
        following = await self._copies.find(pending, {"wanted_at": 1}).sort("due_at", 1).to_list(1)
        return Queue(
            waiting=await self._copies.count_documents(pending),
            parked=await self._copies.count_documents(given_up),
            next_wanted_at=following[0]["wanted_at"] if following else None,
        )

    async def begin(self, copies: CopiesOf, due_at: datetime, until: datetime, *, attempt: int = 1) -> bool:
        """Count an attempt, before it is made; False where another process was faster."""
        as_seen = {"_id": copies.file_id, "due_at": due_at, "attempts": copies.attempts, "state": copies.state}
        change = {"$inc": {"attempts": attempt}, "$set": {"due_at": until}}
        return (await self._copies.update_one(as_seen, change)).matched_count == 1

    async def hold(self, begun: CopiesOf, until: datetime) -> bool:
        """Still at it; False where the attempt is no longer ours."""
        return (await self._copies.update_one(_ours(begun), {"$set": {"due_at": until}})).matched_count == 1

    async def put_off(self, begun: CopiesOf, again_at: datetime, reason: str) -> None:
        """The attempt failed."""
        await self._copies.update_one(_ours(begun), {"$set": {"due_at": again_at, "reason": reason}})

    async def take_back(self, begun: CopiesOf, again_at: datetime, *, starved: bool = False) -> None:
        """The attempt does not count: it was not the scan that failed. ``starved``: the machine had no time for it."""
        change = {"$inc": {"attempts": -1, "starved": int(starved)}, "$set": {"due_at": again_at}}
        await self._copies.update_one(_ours(begun), change)

    async def made(self, begun: CopiesOf, made: CopiesOf, at: datetime, session: Session | None) -> CopiesOf | None:
        """They are there: as the row stands now; None where the attempt is no longer ours."""
        facts: Document = {name: value for name, value in plain(made).items() if name in _MADE}
        change = {"$set": facts | {"state": "done", "made_at": at, "reason": None}, "$unset": {"due_at": ""}}
        return await self._changed(begun, change, session)

    async def park(self, begun: CopiesOf, reason: str, at: datetime, session: Session | None) -> CopiesOf | None:
        """None are to be had: as the row stands now; None where the attempt is no longer ours."""
        facts = {"state": "parked", "reason": reason, "parked_at": at, "told": False}
        return await self._changed(begun, {"$set": facts, "$unset": {"due_at": ""}}, session)

    async def told(self, file_id: str, session: Session | None) -> bool:
        """The letter's readers were told; False where they had been, or nothing can be told any more."""
        untold = {"_id": file_id, "told": False, "state": {"$in": ["done", "parked"]}}
        change = {"$set": {"told": True}, "$inc": {"version": 1}, "$unset": {"due_at": ""}}
        return (await self._copies.update_one(untold, change, session=session)).matched_count == 1

    async def version(self, file_id: str, session: Session | None) -> int:
        """How often something was told on the stream of these copies."""
        row = await self._copies.find_one({"_id": file_id}, {"version": 1}, session=session)
        return int((row or {}).get("version", 0))

    async def parked(self, limit: int) -> list[CopiesOf]:
        """Those given up, the latest first."""
        rows = await self._copies.find({"parked_at": {"$gte": _EVER}}).sort("parked_at", -1).to_list(limit)
        return [model(CopiesOf, row) for row in rows]

    async def retry(self, file_id: str) -> bool:
        """Try one that was given up anew, from the first attempt; False where there is no such one."""
        change = {
            "$set": {"state": "due", "attempts": 0, "starved": 0, "due_at": now(), "told": False},
            "$unset": {"parked_at": ""},
        }
        return (await self._copies.update_one({"_id": file_id, "state": "parked"}, change)).matched_count == 1

    async def forget(self, file_id: str) -> None:
        """Its copies are away."""
        await self._copies.delete_one(_dropped(file_id))

    async def _changed(self, begun: CopiesOf, change: Document, session: Session | None) -> CopiesOf | None:
        done = await self._copies.update_one(_ours(begun), change, session=session)
        return await self.of(begun.file_id, session) if done.matched_count else None


def _wanted(file: StoredFile, unit_id: str, letter_id: str | None) -> Document:
    """A new row, but for its id."""
    at = now()
    row: Document = plain(CopiesOf(file=file, unit_id=unit_id, letter_id=letter_id, wanted_at=at))
    return row | {"due_at": at if letter_id else at - HEAD_START}


def _dropped(file_id: str) -> Document:
    return {"_id": file_id, "state": "dropped"}


def _ours(begun: CopiesOf) -> Document:
    return {"_id": begun.file_id, "attempts": begun.attempts, "state": "due"}
