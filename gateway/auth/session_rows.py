"""What a session is. Invariant: of what opens it only a hash is kept, and what has ended never lives again."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from services.chassis.auth import unauthenticated
from services.chassis.errors import ServiceError
from services.chassis.mongo import Document

SESSIONS = "sessions"
Keeping = Literal["app", "portal"]
"""How the client stays in: an app swaps refresh tokens, a browser shows a cookie."""
Via = Literal["password", "oidc"]
LONGEST_AGENT = 300


class LiveSession(BaseModel):
    """A session that goes on. ``expires_at`` moves on with use, never past ``until``.

    ``acting_position_id`` is the one position it speaks for, None for all the person holds; ``acting_version`` counts
    the switches.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    account_id: str
    keeping: Keeping = "app"
    via: Via = "password"
    second_factor: bool = False
    remembered: bool = False
    address: str = ""
    user_agent: str = ""
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime
    until: datetime
    acting_position_id: str | None = None
    acting_version: int = 0


@dataclass(frozen=True)
class Opened:
    """A session with what the client is to show for it, which is known only now: a refresh token or a cookie."""

    session: LiveSession
    secret: str

    @property
    def session_id(self) -> str:
        """The session's id."""
        return self.session.id

    @property
    def account_id(self) -> str:
        """Whose session it is."""
        return self.session.account_id

    @property
    def expires_at(self) -> datetime:
        """Until when the secret works if it is not used before."""
        return self.session.expires_at


def live(row: Document | None, at: datetime) -> LiveSession | None:
    """The session in a document while it lives."""
    if row is None or row.get("revoked_at") or row["expires_at"] <= at:
        return None
    # sessions from before these were kept: every one was an app's
    earlier = {"last_used_at": row["created_at"], "until": row["expires_at"]}
    return LiveSession.model_validate({**earlier, **row, "id": row["_id"]})


def refused() -> ServiceError:
    """The one answer to every session that does not go on: why is nobody's business."""
    return unauthenticated("refresh_invalid", "Sesi Anda sudah berakhir. Silakan masuk kembali.")


def fresh_secret() -> str:
    """256 random bits, fit for a cookie and for JSON."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """What is kept of a secret. One round is enough: nobody guesses 256 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()
