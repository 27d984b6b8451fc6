"""The internal token: who the person is and what they hold, for ten minutes at most. Invariant: Ed25519, always.

Claims are those ``services.chassis.auth`` reads. What changes meanwhile (an assignment ends, a role is taken away)
takes effect at the next refresh.
"""

from joserfc import jwt

from gateway.auth.accounts import Account
from gateway.auth.keys import KeyRing
from gateway.auth.scopes import scopes_of
from gateway.settings import GatewaySettings
from services.chassis.auth import ALGORITHM, HeldPosition
from services.chassis.clock import now
from services.chassis.ids import new_id


class TokenIssuer:
    """Signs access tokens with the present key."""

    def __init__(self, keys: KeyRing, settings: GatewaySettings) -> None:
        self._keys = keys
        self._settings = settings
        self.lifetime = settings.access_token_seconds

    def issue(self, account: Account, positions: list[HeldPosition], session_id: str) -> str:
        """A token for the account's person with the positions held today."""
        issued = int(now().timestamp())
        scopes = scopes_of(account.roles, (held.role for held in positions))
        claims = {
            "iss": self._settings.token_issuer,
            "aud": self._settings.token_audience,
            "sub": account.person_id,
            "name": account.name,
            "roles": sorted(account.roles),
            "scope": " ".join(sorted(scopes)),
            "positions": [held.model_dump() for held in positions],
            "iat": issued,
            "exp": issued + self.lifetime,
            "jti": new_id(),
            "sid": session_id,
        }
        header = {"alg": ALGORITHM, "kid": self._keys.kid, "typ": "JWT"}
        return jwt.encode(header, claims, self._keys.signing, algorithms=[ALGORITHM])
