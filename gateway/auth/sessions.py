"""Sessions: opened by a sign-in, kept alive by use, ended once. Invariant: it ends for all processes or for none.

An app swaps refresh tokens (``refresh_tokens``), a browser shows one cookie for as long as its session lives. Who
signs in while an account is being switched off is either ended with the others or not let in: opening a session writes
to the account, and switching it off does too.
"""

import hmac
from collections.abc import Awaitable, Callable, Sequence

from gateway.audit.store import Audit
from gateway.auth.accounts import COLLECTION as ACCOUNTS
from gateway.auth.cookie_marks import CookieMarks
from gateway.auth.refresh_tokens import TOKENS, RefreshTokens, fresh_salt, tell_reuse
from gateway.auth.revocations import Revocations
from gateway.auth.session_ends import SessionEnds
from gateway.auth.session_lives import SessionLives
from gateway.auth.session_rows import (
    LONGEST_AGENT,
    SESSIONS,
    Keeping,
    LiveSession,
    Opened,
    Via,
    digest,
    live,
    refused,
)
from gateway.settings import GatewaySettings
from services.chassis.clock import now
from services.chassis.ids import new_id
from services.chassis.mongo import Database, Document, IndexModel, Session
from services.chassis.uow import Transaction, UnitOfWork

__all__ = ["INDEXES", "SESSIONS", "TOKENS", "LiveSession", "Opened", "Sessions", "refused"]

INDEXES: dict[str, Sequence[IndexModel]] = {
    SESSIONS: [
        IndexModel([("expires_at", 1)], name="expiry", expireAfterSeconds=0),
        IndexModel([("open_for", 1)], name="open", sparse=True),
    ],
    **RefreshTokens.INDEXES,
    **Revocations.INDEXES,
}


PutDown = Callable[[Session | None], Awaitable[None]]


class Sessions(SessionEnds):
    """Opens, continues and ends sessions."""

    def __init__(
        self,
        database: Database,
        uow: UnitOfWork,
        settings: GatewaySettings,
        audit: Audit,
        revocations: Revocations,
        marks: CookieMarks,
    ) -> None:
        super().__init__(database, uow, revocations)
        self._accounts = database[ACCOUNTS]
        self._tokens = RefreshTokens(database, settings)
        self._audit = audit
        self._marks = marks
        self._lives = SessionLives(settings)

    async def open(
        self,
        account_id: str,
        *,
        via: Via = "password",
        address: str = "",
        user_agent: str = "",
        second_factor: bool = False,
        keeping: Keeping = "app",
        remembered: bool = False,
        version: int | None = None,
        put_down: PutDown | None = None,
    ) -> Opened:
        """A new session; 401 where the account has been switched off meanwhile, or is no longer at ``version``: then a
        password or a second factor that was shown may be one that has just been taken away. ``put_down`` writes in the
        same transaction.
        """
        facts: Document = {"via": via, "address": address, "user_agent": user_agent[:LONGEST_AGENT]}
        facts |= {"second_factor": second_factor, "keeping": keeping, "remembered": remembered}
        session_id = new_id()
        cookie = self._marks.fresh(session_id)

        async def work(tx: Transaction) -> Opened:
            await self._mark_sign_in(account_id, version, tx)
            times = self._lives.times(keeping, tx.now, remembered=remembered)
            row = {"_id": session_id, "account_id": account_id, "open_for": account_id, **facts, **times}
            if keeping == "portal":
                row["cookie_hash"] = digest(cookie)
            await self._rows.insert_one(row, session=tx.session)
            if put_down:
                await put_down(tx.session)
            session = LiveSession.model_validate({**row, "id": session_id})
            if keeping == "portal":
                return Opened(session, cookie)
            return Opened(session, await self._tokens.first(session_id, session.expires_at, tx.now, tx.session))

        opened = await self._uow.run(work)
        for one in self._lives.superfluous(await self.list_of(account_id), now()):
            await self.end(one.id, "too_many")
        return opened

    async def refresh(self, token: str, *, address: str = "", request_id: str = "") -> Opened:
        """Swap a refresh token for the next one; 401 for one that is unknown, expired, used or of an ended session."""
        salt = fresh_salt()

        async def work(tx: Transaction) -> Opened | str | None:
            found = await self._tokens.found(token, tx.now, tx.session)
            row = await self._rows.find_one({"_id": found["session_id"]}, session=tx.session) if found else None
            session = live(row, tx.now)
            if found is None or session is None:
                return None
            expires = self._lives.next_expiry(session, tx.now)
            use, successor = await self._tokens.swap(found, token, salt, expires, tx.now, tx.session)
            if use == "stolen":
                await self.end(session.id, "reuse", tx.session)
                await tell_reuse(self._audit, session, address, request_id, tx.session)
                return session.id
            times = {"last_used_at": tx.now, "expires_at": expires}
            await self._rows.update_one({"_id": session.id}, {"$set": times}, session=tx.session)
            return Opened(session.model_copy(update=times), successor)

        outcome = await self._uow.run(work)
        if isinstance(outcome, str):
            self.ended([outcome])
        if not isinstance(outcome, Opened):
            raise refused()
        return outcome

    async def of_cookie(self, session_id: str, secret: str) -> LiveSession | None:
        """The live session a browser's cookie opens."""
        if not self._marks.may_be_ours(session_id, secret):
            return None
        row = await self._rows.find_one({"_id": session_id})
        kept = row.get("cookie_hash") if row else None
        if kept is None or not hmac.compare_digest(kept, digest(secret)):
            return None
        return live(row, now())

    async def of_refresh_token(self, token: str) -> LiveSession | None:
        """The live session a refresh token belongs to, whether or not it was used."""
        session_id = await self._tokens.session_of(token)
        return await self.get(session_id) if session_id else None

    async def get(self, session_id: str, session: Session | None = None) -> LiveSession | None:
        """The session while it lives."""
        return live(await self._rows.find_one({"_id": session_id}, session=session), now())

    async def account_of(self, session_id: str, session: Session | None = None) -> str | None:
        """Whose session it is or was."""
        row = await self._rows.find_one({"_id": session_id}, {"account_id": 1}, session=session)
        return str(row["account_id"]) if row else None

    async def list_of(self, account_id: str, session: Session | None = None) -> list[LiveSession]:
        """The account's live sessions, the last used first."""
        rows = await self._rows.find({"open_for": account_id}, session=session).to_list(None)
        found = [one for row in rows if (one := live(row, now()))]
        return sorted(found, key=lambda one: one.last_used_at, reverse=True)

    async def keep_alive(self, session: LiveSession, address: str) -> LiveSession:
        """The session is being used: it goes on for another while."""
        at = now()
        used = {"last_used_at": at, "expires_at": self._lives.next_expiry(session, at), "address": address}
        await self._rows.update_one({"_id": session.id}, {"$set": used})
        return session.model_copy(update=used)

    async def act_as(self, session: LiveSession, position_id: str | None, tx: Session | None) -> LiveSession:
        """Let the session speak for one position, or for all."""
        change = {"$set": {"acting_position_id": position_id}, "$inc": {"acting_version": 1}}
        await self._rows.update_one({"_id": session.id}, change, session=tx)
        row = await self._rows.find_one({"_id": session.id}, session=tx)
        found = live(row, now())
        if found is None:
            raise refused()
        return found

    async def _mark_sign_in(self, account_id: str, version: int | None, tx: Transaction) -> None:
        marked = {"$set": {"last_signed_in_at": tx.now}}
        await self._accounts.update_one({"_id": account_id}, marked, session=tx.session)
        account = await self._accounts.find_one({"_id": account_id}, {"active": 1, "version": 1}, session=tx.session)
        if account is None or not account["active"] or version not in (None, account.get("version", 1)):
            raise refused()
