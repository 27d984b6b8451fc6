"""Refresh tokens. Invariant: a token works once; one that comes back after its successor was used ends its session.

Whoever stole a token and whoever owns it cannot both go on: the second use tells (RFC 9700, section 4.14.2). An answer
may get lost on the way, though: for some seconds, and only while the successor lies unused, the same token gets the
same successor again. That one is not kept either: it follows from the old token and a salt, and only both together
give it.
"""

import base64
import hashlib
import hmac
import logging
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import ClassVar, Literal

from gateway.audit.entries import HOUSE
from gateway.audit.store import Audit
from gateway.auth.session_rows import LiveSession, digest, fresh_secret
from gateway.settings import GatewaySettings
from services.chassis.mongo import Database, Document, IndexModel, Session

log = logging.getLogger(__name__)
TOKENS = "refresh_tokens"
SALT_BYTES = 32
Use = Literal["first", "again", "stolen"]


class RefreshTokens:
    """The tokens of all sessions, each under its hash."""

    INDEXES: ClassVar[dict[str, Sequence[IndexModel]]] = {
        TOKENS: [IndexModel([("expires_at", 1)], name="expiry", expireAfterSeconds=0)]
    }

    def __init__(self, database: Database, settings: GatewaySettings) -> None:
        self._rows = database[TOKENS]
        self._grace = timedelta(seconds=settings.refresh_grace_seconds)

    async def first(self, session_id: str, expires_at: datetime, at: datetime, session: Session | None) -> str:
        """The token a new session begins with."""
        token = fresh_secret()
        await self._store(token, session_id, expires_at, at, session)
        return token

    async def found(self, token: str, at: datetime, session: Session | None) -> Document | None:
        """What is known of a token that has not expired."""
        row = await self._rows.find_one({"_id": digest(token)}, session=session)
        return row if row is not None and row["expires_at"] > at else None

    async def session_of(self, token: str) -> str | None:
        """The session a token belongs to, used or not."""
        row = await self._rows.find_one({"_id": digest(token)}, {"session_id": 1})
        return str(row["session_id"]) if row else None

    async def swap(
        self, row: Document, token: str, salt: bytes, expires_at: datetime, at: datetime, session: Session | None
    ) -> tuple[Use, str]:
        """The successor, and whether the token was used for the first time; of a stolen one there is none."""
        if row.get("used_at"):
            return await self._again(row, token, at, session)
        successor = _successor(token, salt)
        await self._rows.update_one({"_id": row["_id"]}, {"$set": {"used_at": at, "salt": salt}}, session=session)
        await self._store(successor, row["session_id"], expires_at, at, session)
        return "first", successor

    async def _again(self, row: Document, token: str, at: datetime, session: Session | None) -> tuple[Use, str]:
        if at - row["used_at"] > self._grace or not row.get("salt"):
            return "stolen", ""
        successor = _successor(token, bytes(row["salt"]))
        following = await self._rows.find_one({"_id": digest(successor)}, session=session)
        if following is None or following.get("used_at"):
            return "stolen", ""
        return "again", successor

    async def _store(
        self, token: str, session_id: str, expires_at: datetime, at: datetime, session: Session | None
    ) -> None:
        row = {"_id": digest(token), "session_id": session_id, "issued_at": at, "expires_at": expires_at}
        await self._rows.insert_one(row, session=session)


async def tell_reuse(audit: Audit, ended: LiveSession, address: str, request_id: str, session: Session | None) -> None:
    """Put down that a token came back after its successor was used, and that its session has ended."""
    log.warning("a refresh token was used twice; session %s is ended", ended.id)
    await audit.record(
        "session.token_reused",
        outcome="refused",
        actor=HOUSE,
        subject=f"account:{ended.account_id}",
        address=address,
        request_id=request_id,
        details={"session": ended.id},
        session=session,
    )


def fresh_salt() -> bytes:
    """What a successor is made with, besides the token itself."""
    return secrets.token_bytes(SALT_BYTES)


def _successor(token: str, salt: bytes) -> str:
    made = hmac.digest(token.encode(), b"lontar refresh token " + salt, hashlib.sha256)
    return base64.urlsafe_b64encode(made).rstrip(b"=").decode()
