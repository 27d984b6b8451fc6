"""The lock on the organisation. Invariant: the organisation changes one act at a time.

Two changes that each are right may be wrong together: two moves at once can close a circle, a unit can be closed while
a position is made in it. So every act writes on one document first, and of two at once the database lets one through
and runs the other again. Within a process they queue, so that they need not clash.

An act too large for one transaction seizes the document for as long as it takes. What it had not finished when its
process died is told to whoever comes after the time is up.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.chassis.clock import now
from services.chassis.errors import ServiceError
from services.chassis.locks import NamedLocks
from services.chassis.mongo import Database, Document, DuplicateKeyError, ReturnDocument, Session

COLLECTION = "organisation_lock"
SEIZED = timedelta(seconds=60)
"""How long it stays seized after a sign of life."""
_ID = "organisation"


@dataclass(frozen=True)
class Holder:
    """Who seized it: a token for this very act, and the person it is done for."""

    token: str
    person_id: str
    name: str


class Unfinished(Exception):
    """A large act was cut off; what follows from it has to be brought in line first."""

    def __init__(self, person_id: str, name: str) -> None:
        super().__init__("an act on the organisation was not finished")
        self.person_id = person_id
        self.name = name


class OrganisationLock:
    """One per process."""

    def __init__(self, database: Database) -> None:
        self._rows = database[COLLECTION]
        self._turns = NamedLocks()
        self._there = False

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for one's turn in this process; the document to write on is there afterwards."""
        async with self._turns.hold(_ID):
            if not self._there:
                await self._make()
            yield

    async def take(self, session: Session | None) -> None:
        """Hold the organisation until the transaction ends; to be done before anything is read.

        503 while it is seized; Unfinished where it was seized and never released.
        """
        row = await self._write({"$inc": {"taken": 1}}, session)
        self._check(row, None)
        if row.get("holder"):
            raise Unfinished(row["holder"]["person_id"], row["holder"]["name"])

    async def seize(self, holder: Holder, session: Session | None, *, again: bool = False) -> None:
        """Hold it beyond this transaction; 503 while somebody else does. With ``again`` only who holds it may go on."""
        row = await self._write({"$inc": {"taken": 1}}, session)
        self._check(row, holder.token)
        if again and row.get("holder", {}).get("token") != holder.token:
            raise _busy()
        seized: Document = {"holder": vars(holder), "until": now() + SEIZED}
        await self._rows.update_one({"_id": _ID}, {"$set": seized}, session=session)

    async def release(self, holder: Holder, session: Session | None) -> None:
        """What seized it is done."""
        mine = {"_id": _ID, "holder.token": holder.token}
        await self._rows.update_one(mine, {"$unset": {"holder": "", "until": ""}}, session=session)

    async def _write(self, change: Document, session: Session | None) -> Document:
        row = await self._rows.find_one_and_update(
            {"_id": _ID}, change, session=session, return_document=ReturnDocument.AFTER
        )
        return row or {}

    @staticmethod
    def _check(row: Document, token: str | None) -> None:
        until: datetime | None = row.get("until")
        if until is not None and until > now() and row["holder"]["token"] != token:
            raise _busy()

    async def _make(self) -> None:
        with suppress(DuplicateKeyError):  # another process was first
            await self._rows.insert_one({"_id": _ID, "taken": 0})
        self._there = True


def _busy() -> ServiceError:
    detail = "Perubahan besar pada organisasi sedang disimpan. Silakan coba lagi sebentar."
    return ServiceError(503, "organisation_busy", detail, headers={"Retry-After": "5"})
