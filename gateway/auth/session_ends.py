"""Ending sessions. Invariant: that a session has ended and that its tokens are to be refused are committed together."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from gateway.auth.revocations import Revocations
from gateway.auth.session_rows import SESSIONS, live
from services.chassis.clock import now
from services.chassis.mongo import Database, Document, Session, UpdateOne
from services.chassis.uow import Transaction, UnitOfWork

ADOPTED_AT_ONCE = 500
Because = Literal["logout", "revoked", "replaced", "reuse", "too_many", "password_changed", "deactivated", "unlinked"]


class SessionEnds:
    """Ends what ``Sessions`` has opened. ``open_for`` is the account of a session that has not been ended."""

    def __init__(self, database: Database, uow: UnitOfWork, revocations: Revocations) -> None:
        self._rows = database[SESSIONS]
        self._uow = uow
        self._revocations = revocations

    async def end(self, session_id: str, because: Because, session: Session | None = None) -> bool:
        """End one session; whether it was alive. With ``session`` it ends with that transaction: then call ``ended``
        after the commit.
        """
        if session is None:

            async def work(tx: Transaction) -> bool:
                return await self.end(session_id, because, tx.session)

            was_alive = await self._uow.run(work)
            self.ended([session_id])
            return was_alive
        at = now()
        if live(await self._rows.find_one({"_id": session_id}, session=session), at) is None:
            return False
        await self._write([session_id], because, at, session)
        return True

    async def end_all(
        self, account_id: str, because: Because, *, but: str | None = None, session: Session | None = None
    ) -> list[str]:
        """End all sessions of an account, except ``but``; ``session`` as above. The ids of those that were ended."""
        if session is None:

            async def work(tx: Transaction) -> list[str]:
                return await self.end_all(account_id, because, but=but, session=tx.session)

            ids = await self._uow.run(work)
            self.ended(ids)
            return ids
        rows = await self._rows.find({"open_for": account_id}, {"_id": 1}, session=session).to_list(None)
        ids = [row["_id"] for row in rows if row["_id"] != but]
        await self._write(ids, because, now(), session)
        return ids

    async def adopt(self) -> None:
        """Say of sessions from before ``open_for`` was kept whose they are: nobody would find them to list and end."""
        nobodys: Document = {"open_for": {"$exists": False}, "revoked_at": {"$exists": False}}
        rows = self._rows.find({**nobodys, "account_id": {"$exists": True}}, {"account_id": 1})
        while found := await rows.to_list(ADOPTED_AT_ONCE):
            await self._rows.bulk_write(
                [UpdateOne({"_id": row["_id"], **nobodys}, {"$set": {"open_for": row["account_id"]}}) for row in found]
            )

    def ended(self, session_ids: Sequence[str]) -> None:
        """To be called when an end is committed: this process knows of it at once, the others within two seconds."""
        self._revocations.note(session_ids)

    async def _write(self, session_ids: Sequence[str], because: Because, at: datetime, session: Session | None) -> None:
        change = {"$set": {"revoked_at": at, "revoked_because": because}, "$unset": {"open_for": ""}}
        if session_ids:
            await self._rows.bulk_write([UpdateOne({"_id": one}, change) for one in session_ids], session=session)
            await self._revocations.write(session_ids, at, session)
