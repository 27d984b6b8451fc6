"""Sessions and their refresh tokens. Invariant: a refresh token works once; seen twice, its whole session ends.

A token is 256 random bits and only its SHA-256 is stored. Whoever stole one and whoever owns it cannot both go on:
the second use tells, and the session (the token's family) is revoked (RFC 9700, section 4.14.2).
"""

import hashlib
import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway.settings import GatewaySettings
from services.chassis.auth import unauthenticated
from services.chassis.clock import now
from services.chassis.errors import ServiceError
from services.chassis.ids import new_id
from services.chassis.mongo import Database, IndexModel, Session
from services.chassis.uow import Transaction, UnitOfWork

log = logging.getLogger(__name__)

SESSIONS = "sessions"
TOKENS = "refresh_tokens"
INDEXES: dict[str, Sequence[IndexModel]] = {
    SESSIONS: [IndexModel([("expires_at", 1)], name="expiry", expireAfterSeconds=0)],
    TOKENS: [IndexModel([("expires_at", 1)], name="expiry", expireAfterSeconds=0)],
}


@dataclass(frozen=True)
class Opened:
    """A session with the refresh token to hand out; the token is known only now."""

    session_id: str
    account_id: str
    refresh_token: str
    expires_at: datetime


class Sessions:
    """Opens, refreshes and ends sessions."""

    def __init__(self, database: Database, uow: UnitOfWork, settings: GatewaySettings) -> None:
        self._sessions = database[SESSIONS]
        self._tokens = database[TOKENS]
        self._uow = uow
        self._token_life = timedelta(seconds=settings.refresh_token_seconds)
        self._session_life = timedelta(seconds=settings.session_seconds)

    async def open(self, account_id: str) -> Opened:
        """A new session."""
        session_id, token = new_id(), _fresh()

        async def work(tx: Transaction) -> Opened:
            until = tx.now + self._session_life
            row = {"_id": session_id, "account_id": account_id, "created_at": tx.now, "expires_at": until}
            await self._sessions.insert_one(row, session=tx.session)
            expires = await self._store(token, session_id, until, tx.now, tx.session)
            return Opened(session_id, account_id, token, expires)

        return await self._uow.run(work)

    async def refresh(self, token: str) -> Opened:
        """Swap a refresh token for the next one; 401 for an unknown, expired, used or revoked one."""
        successor = _fresh()

        async def work(tx: Transaction) -> Opened | None:
            row = await self._tokens.find_one({"_id": _digest(token)}, session=tx.session)
            if row is None or row["expires_at"] <= tx.now:
                return None
            session = await self._sessions.find_one({"_id": row["session_id"]}, session=tx.session)
            if session is None or session.get("revoked_at") or session["expires_at"] <= tx.now:
                return None
            if row.get("used_at"):
                log.warning("a refresh token was used twice; session %s is revoked", row["session_id"])
                await self._revoke(row["session_id"], "reuse", tx.now, tx.session)
                return None
            await self._tokens.update_one({"_id": row["_id"]}, {"$set": {"used_at": tx.now}}, session=tx.session)
            expires = await self._store(successor, session["_id"], session["expires_at"], tx.now, tx.session)
            return Opened(session["_id"], session["account_id"], successor, expires)

        opened = await self._uow.run(work)
        if opened is None:
            raise refused()
        return opened

    async def close(self, token: str) -> None:
        """End the token's session; an unknown token ends nothing and is no error."""
        row = await self._tokens.find_one({"_id": _digest(token)})
        if row is not None:
            await self._revoke(row["session_id"], "logout", now(), None)

    async def _store(
        self, token: str, session_id: str, until: datetime, at: datetime, session: Session | None
    ) -> datetime:
        expires = min(at + self._token_life, until)
        row = {"_id": _digest(token), "session_id": session_id, "issued_at": at, "expires_at": expires}
        await self._tokens.insert_one(row, session=session)
        return expires

    async def _revoke(self, session_id: str, why: str, at: datetime, session: Session | None) -> None:
        change = {"$set": {"revoked_at": at, "revoked_because": why}}
        await self._sessions.update_one({"_id": session_id}, change, session=session)


def refused() -> ServiceError:
    """The one answer to every refresh token that does not work: why is nobody's business."""
    return unauthenticated("refresh_invalid", "Sesi Anda sudah berakhir. Silakan masuk kembali.")


def _fresh() -> str:
    return secrets.token_urlsafe(32)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
