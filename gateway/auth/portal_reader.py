"""Browsers' cookies as a credential. Invariant: a cookie's session is looked at anew every minute, its end within two
seconds, and a switch of position at once.

What goes on is a token like everybody's. It is kept for a minute, so that a page that asks twenty things reads the
session once; while the database is away it serves until it expires.
"""

import hashlib
import time
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from starlette.types import Scope

from gateway.auth.cookies import PortalCookie, cookie_of
from gateway.auth.csrf import check_request
from gateway.auth.revocations import session_ended
from gateway.auth.session_rows import LiveSession
from gateway.auth.subjects import account_of, subject_of
from gateway.context import Context
from gateway.credentials import Identity
from gateway.headers import fields_of
from gateway.lookups import Lookups
from services.chassis.auth import TokenVerifier
from services.chassis.clock import now

FRESH_SECONDS = 60.0
REMEMBERED = 8192
SAFETY = 0.9
"""A token with less than a tenth of its life left is not sent on any more."""


@dataclass(frozen=True)
class _Spoken:
    """What a cookie stands for, as last read; on the steady clock."""

    identity: Identity
    version: int
    asked: int
    """The version of the cookie it was read for: one beyond the session's own is invented, and read for once."""
    fresh_until: float
    usable_until: float

    def speaks_for(self, cookie: PortalCookie) -> bool:
        """Whether it was read after the last switch of position that the browser knows of."""
        return cookie.version <= self.version or cookie.version == self.asked


class CookieReader:
    """Reads the cookie of a portal session; whoever shows a token beside it is known by the token."""

    def __init__(self, context: Context, verifier: TokenVerifier) -> None:
        self._context = context
        self._verifier = verifier
        self._known: dict[bytes, _Spoken] = {}
        self._lookups = Lookups[_Spoken]()

    async def read(self, scope: Scope) -> Identity | None:
        """See Reader."""
        if b"authorization" in fields_of(scope):
            return None
        cookie = cookie_of(scope)
        if cookie is None:
            return None
        identity = await self._identity(cookie, scope)
        await self._context.revocations.check(identity.principal)
        check_request(scope, cookie.secret)
        return identity

    async def _identity(self, cookie: PortalCookie, scope: Scope) -> Identity:
        key = hashlib.sha256(f"{cookie.session_id}.{cookie.secret}".encode()).digest()
        known, moment = self._known.get(key), time.monotonic()
        if known is not None and (not known.speaks_for(cookie) or known.usable_until <= moment):
            known = None
        if known is None or known.fresh_until <= moment:
            read = partial(self._read_anew, key, cookie, scope)
            known = await self._lookups.ask(f"{key.hex()}.{cookie.version}", read, known)
        return known.identity

    async def _read_anew(self, key: bytes, cookie: PortalCookie, scope: Scope) -> _Spoken:
        session = await self._context.sessions.of_cookie(cookie.session_id, cookie.secret)
        if session is None:
            self._known.pop(key, None)
            raise session_ended()
        spoken = await self._spoken(await self._kept_alive(session, scope), cookie)
        if len(self._known) >= REMEMBERED:
            self._known.clear()
        self._known[key] = spoken
        return spoken

    async def _spoken(self, session: LiveSession, cookie: PortalCookie) -> _Spoken:
        context = self._context
        account = await account_of(context, session)
        token = context.issuer.issue(await subject_of(context, account, session))
        principal = await self._verifier.verify(token)
        moment = time.monotonic()
        lives = min(context.issuer.lifetime * SAFETY, (session.expires_at - now()).total_seconds())
        identity = Identity(principal, token, "portal", f"person:{principal.person_id}")
        fresh = min(FRESH_SECONDS, lives, context.issuer.lifetime / 2)
        return _Spoken(identity, session.acting_version, cookie.version, moment + fresh, moment + lives)

    async def _kept_alive(self, session: LiveSession, scope: Scope) -> LiveSession:
        """The session with its use noted, once a minute at most: a page asks many things at a time."""
        pause = min(FRESH_SECONDS, self._context.settings.portal_idle_seconds / 4)
        if now() - session.last_used_at < timedelta(seconds=pause):
            return session
        client = scope.get("client")
        return await self._context.sessions.keep_alive(session, client[0] if client else session.address)
