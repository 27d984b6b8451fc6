"""Tokens that apps get for their secret (RFC 6749, section 4.4). Invariant: only the gateway takes them.

They are for another audience than internal tokens, so a service shown one refuses it: an app's grants hold because the
gateway alone can turn what the app has into what a service believes. The prefix tells them from people's tokens
without decoding either.
"""

from dataclasses import dataclass

from gateway.auth.keys import KeyRing
from gateway.clients.credentials import Credential
from gateway.clients.grants import in_order
from gateway.settings import GatewaySettings
from services.chassis.auth import TokenVerifier, unauthenticated
from services.chassis.clock import now
from services.chassis.ids import new_id

PREFIX = "lontarapp_"


@dataclass(frozen=True)
class AppToken:
    """What a token says: got by which secret, good for what."""

    client_id: str
    credential_id: str
    grants: frozenset[str]


class AppTokens:
    """Issues and reads them."""

    def __init__(self, keys: KeyRing, settings: GatewaySettings) -> None:
        self._keys = keys
        self._issuer = settings.token_issuer
        self._audience = f"{settings.token_audience}-apps"
        self._verifier = TokenVerifier(keys.keys, refetch_seconds=0, issuer=self._issuer, audience=self._audience)
        self.lifetime = settings.access_token_seconds

    def issue(self, credential: Credential, grants: frozenset[str]) -> str:
        """A token good for ``grants``, for as long as the secret it was got by is not revoked."""
        issued = int(now().timestamp())
        claims = {
            "iss": self._issuer,
            "aud": self._audience,
            "sub": credential.client_id,
            "name": credential.client_id,
            "client_id": credential.client_id,
            "sid": credential.id,
            "scope": " ".join(in_order(grants)),
            "iat": issued,
            "exp": issued + self.lifetime,
            "jti": new_id(),
        }
        return PREFIX + self._keys.sign(claims, "at+jwt")

    async def read(self, text: str) -> AppToken:
        """What the token says; 401 where it is forged, foreign or expired."""
        principal = await self._verifier.verify(text.removeprefix(PREFIX))
        if principal.client_id is None or principal.session_id is None:
            raise unauthenticated("token_invalid", "Sesi tidak sah. Silakan masuk kembali.")
        return AppToken(principal.client_id, principal.session_id, principal.scopes)
