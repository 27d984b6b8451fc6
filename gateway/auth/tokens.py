"""The internal token: who it is and what they hold, for ten minutes at most. Invariant: Ed25519, always.

Claims are those ``services.chassis.auth`` reads. What changes meanwhile (an assignment ends, a role is taken away)
takes effect at the next refresh.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.auth.keys import KeyRing
from gateway.auth.scopes import scopes_of
from gateway.settings import GatewaySettings
from services.chassis.auth import HeldPosition
from services.chassis.clock import now
from services.chassis.ids import new_id


@dataclass(frozen=True)
class Subject:
    """Whom a token speaks for: a person in a session, or an app (``client_id``) that stands in positions itself.

    ``positions`` are those it speaks with; ``roles`` are the account's own. ``within`` bounds the scopes that follow
    from both; None where nothing does. ``further`` are scopes that follow from neither: an app may be given them.
    """

    person_id: str
    name: str
    positions: Sequence[HeldPosition]
    roles: Sequence[str] = ()
    session_id: str | None = None
    client_id: str | None = None
    within: frozenset[str] | None = None
    further: frozenset[str] = frozenset()

    @property
    def scopes(self) -> frozenset[str]:
        """What services open their doors for."""
        scopes = scopes_of(self.roles, (held.role for held in self.positions))
        return (scopes if self.within is None else scopes & self.within) | self.further


class TokenIssuer:
    """Signs access tokens with the present key."""

    def __init__(self, keys: KeyRing, settings: GatewaySettings) -> None:
        self._keys = keys
        self._settings = settings
        self.lifetime = settings.access_token_seconds

    def issue(self, subject: Subject) -> str:
        """A token for ``subject``, as it stands now."""
        issued = int(now().timestamp())
        claims = {
            "iss": self._settings.token_issuer,
            "aud": self._settings.token_audience,
            "sub": subject.person_id,
            "name": subject.name,
            "roles": sorted(subject.roles),
            "scope": " ".join(sorted(subject.scopes)),
            "positions": [held.model_dump() for held in subject.positions],
            "iat": issued,
            "exp": issued + self.lifetime,
            "jti": new_id(),
        }
        if subject.session_id:
            claims["sid"] = subject.session_id
        if subject.client_id:
            claims["client_id"] = subject.client_id
        return self._keys.sign(claims)
