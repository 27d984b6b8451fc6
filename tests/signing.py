"""Tokens for tests, signed as the gateway signs them, and as a forger would."""

from typing import Any

from joserfc import jwt
from joserfc.jwk import KeySet, OKPKey

from services.chassis.auth import ALGORITHM, Principal
from services.chassis.clock import now

ALL_SCOPES = frozenset(
    {
        "letters:register",
        "letters:read",
        "dispositions:write",
        "organisation:write",
        "schedule:request",
        "schedule:decide",
    }
)


class TokenSigner:
    """One key pair; ``keys`` is what a service verifies with."""

    def __init__(self, kid: str = "test") -> None:
        self.key = OKPKey.generate_key("Ed25519", {"kid": kid, "use": "sig"})

    async def keys(self) -> KeySet:
        """The public half, as a KeySource."""
        return KeySet.import_key_set({"keys": [self.key.as_dict(private=False)]})

    def token(self, principal: Principal, **claims: Any) -> str:
        """A token for ``principal``; ``claims`` override what the gateway would say."""
        issued = int(now().timestamp())
        body = {
            "iss": "lontar",
            "aud": "lontar",
            "sub": principal.person_id,
            "name": principal.name,
            "roles": sorted(principal.roles),
            "scope": " ".join(sorted(principal.scopes or ALL_SCOPES)),
            "positions": [held.model_dump() for held in principal.positions],
            "iat": issued,
            "exp": issued + 600,
            **claims,
        }
        header = {"alg": ALGORITHM, "kid": self.key.kid, "typ": "JWT"}
        return jwt.encode(header, body, self.key, algorithms=[ALGORITHM])

    def headers(self, principal: Principal, **claims: Any) -> dict[str, str]:
        """The Authorization header with such a token."""
        return {"Authorization": f"Bearer {self.token(principal, **claims)}"}
