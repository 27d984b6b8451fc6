"""How long sessions live. Invariant: use lets a session go on, never past its longest life."""

from datetime import datetime, timedelta

from gateway.auth.session_rows import Keeping, LiveSession
from gateway.settings import GatewaySettings


class SessionLives:
    """What the settings say of it: a browser that is not to be remembered is out sooner than an app."""

    def __init__(self, settings: GatewaySettings) -> None:
        self._app = timedelta(seconds=settings.refresh_token_seconds), timedelta(seconds=settings.session_seconds)
        idle, longest = settings.portal_idle_seconds, settings.portal_session_seconds
        self._portal = timedelta(seconds=idle), timedelta(seconds=longest)
        self._token = timedelta(seconds=settings.access_token_seconds)
        self._most = settings.sessions_per_account

    def times(self, keeping: Keeping, at: datetime, *, remembered: bool) -> dict[str, datetime]:
        """The times of a session that begins."""
        idle, longest = self._of(keeping, remembered=remembered)
        until = at + longest
        return {"created_at": at, "last_used_at": at, "expires_at": min(at + idle, until), "until": until}

    def next_expiry(self, session: LiveSession, at: datetime) -> datetime:
        """Until when a session goes on that is used now."""
        return min(at + self._of(session.keeping, remembered=session.remembered)[0], session.until)

    def superfluous(self, sessions: list[LiveSession], at: datetime) -> list[LiveSession]:
        """Of an account's sessions, the last used first, those beyond what anybody needs; never one with a token that
        may be at work.
        """
        return [one for one in sessions[self._most :] if one.last_used_at < at - self._token]

    def _of(self, keeping: Keeping, *, remembered: bool) -> tuple[timedelta, timedelta]:
        return self._portal if keeping == "portal" and not remembered else self._app
