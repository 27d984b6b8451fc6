"""Sign-ins on their way to a provider and back. Invariant: one comes back once, in the browser it left from.

The browser keeps a secret in a cookie, we keep its hash. What proves our side to the provider (the PKCE verifier) and
what ties the token to this very sign-in (the nonce) follow from that secret, so they lie nowhere: a state that leaked,
or one that somebody else began, is of no use in any other browser (login CSRF, RFC 9700, section 4.7).
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from pydantic import BaseModel, ConfigDict

from services.chassis.clock import now
from services.chassis.mongo import Database, IndexModel

COLLECTION = "oidc_attempts"
INDEXES: dict[str, Sequence[IndexModel]] = {
    COLLECTION: [IndexModel([("expires_at", 1)], name="expiry", expireAfterSeconds=0)]
}
SECONDS = 600


class Errand(BaseModel):
    """What somebody wants of the sign-in. With a ``challenge`` they are sent back with a code, else with cookies.

    ``state`` is the app's own word, given back to it.
    """

    model_config = ConfigDict(frozen=True)

    provider: str
    back_to: str
    challenge: str | None = None
    state: str | None = None


@dataclass(frozen=True)
class Attempt:
    """A sign-in on its way: the state goes through the provider, the secret stays in the browser."""

    errand: Errand
    state: str
    secret: str

    def __repr__(self) -> str:
        return f"Attempt({self.errand.provider})"

    @property
    def verifier(self) -> str:
        """The PKCE verifier (RFC 7636, section 4.1): 256 bits nobody has but whoever has the secret."""
        return self._derived(b"lontar oidc verifier")

    @property
    def nonce(self) -> str:
        """What the ID token must say."""
        return self._derived(b"lontar oidc nonce")

    @property
    def cookie(self) -> str:
        """The cookie's name: each attempt has its own, so that two tabs do not disturb each other."""
        return cookie_name(self.state)

    def _derived(self, what: bytes) -> str:
        made = hmac.digest(self.secret.encode(), what + b" " + self.state.encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(made).rstrip(b"=").decode()


class Attempts:
    """Keeps those that are under way."""

    def __init__(self, database: Database) -> None:
        self._rows = database[COLLECTION]

    async def begin(self, errand: Errand) -> Attempt:
        """A new attempt."""
        attempt = Attempt(errand, secrets.token_urlsafe(32), secrets.token_urlsafe(32))
        row = {"browser": _digest(attempt.secret), **errand.model_dump()}
        until = now() + timedelta(seconds=SECONDS)
        await self._rows.insert_one({"_id": _digest(attempt.state), **row, "expires_at": until})
        return attempt

    async def take(self, state: str, provider: str, secret: str | None) -> Attempt | None:
        """The attempt this browser began with this provider, used up by this; None where there is no such one left."""
        row = await self._rows.find_one({"_id": _digest(state)})
        if row is None or secret is None or row["expires_at"] <= now() or row["provider"] != provider:
            return None
        if not hmac.compare_digest(row["browser"], _digest(secret)):
            return None
        if not (await self._rows.delete_one({"_id": row["_id"]})).deleted_count:
            return None
        return Attempt(Errand.model_validate(row), state, secret)


def cookie_name(state: str) -> str:
    """The name of the cookie of the attempt with this state."""
    return f"lontar_oidc_{_digest(state)[:16]}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
