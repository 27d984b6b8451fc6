"""Apps at the door. Invariant: a key that does not work is refused alike, whether it never was, has ended or was taken.

What an app shows never goes on: the service gets an internal token that speaks for the app.
"""

from starlette.types import Scope

from gateway.clients.app_tokens import PREFIX as TOKEN_PREFIX
from gateway.clients.app_tokens import AppTokens
from gateway.clients.key_text import PREFIXES, read_key
from gateway.clients.standing import Standing, Standings
from gateway.clients.strangers import Strangers
from gateway.clients.usage import Usage
from gateway.credentials import Allowance, Identity, shown_token
from gateway.routes import Family
from services.chassis.auth import unauthenticated
from services.chassis.clock import now
from services.chassis.errors import ServiceError
from services.chassis.limits import address_of

KEY_PREFIX = f"{PREFIXES['key']}_"
SHOWN = "credential"
"""Under which name the scope's state keeps which key or secret was shown."""


class ClientReader:
    """API keys, and the tokens apps get for their secrets; both as ``Authorization: Bearer``."""

    def __init__(self, standings: Standings, tokens: AppTokens, usage: Usage) -> None:
        self._standings = standings
        self._tokens = tokens
        self._usage = usage
        self._strangers = Strangers()

    async def read(self, scope: Scope) -> Identity | None:
        """The app; None where something else or nothing is shown."""
        text = shown_token(scope)
        if text is None or not text.startswith((KEY_PREFIX, TOKEN_PREFIX)):
            return None
        if text.startswith(TOKEN_PREFIX):
            standing, grants = await self._by_token(text)
        else:
            standing, grants = await self._by_key(text, address_of(scope.get("client")))
        scope.setdefault("state", {})[SHOWN] = standing.credential.id
        return self._identity(standing, grants)

    async def still_good(self, scope: Scope, family: Family) -> bool:
        """Whether what an app showed when it came would let it in now; while that cannot be known it stays."""
        try:
            standing = await self._standings.of(scope["state"][SHOWN])
        except ServiceError:
            return True
        asked = f"{family}:read"
        return standing is not None and standing.works(now()) and asked in standing.grants

    async def _by_key(self, text: str, address: str) -> tuple[Standing, frozenset[str]]:
        kind, identifier = read_key(text) or (None, "")
        if kind != "key":
            raise refused()
        standing = await self._standing(identifier, address)
        if standing is None or not standing.credential.fits(text):
            raise refused()
        return standing, standing.grants

    async def _standing(self, identifier: str, address: str) -> Standing | None:
        """Who stands behind the key; 429 where too many that nobody stands behind came from there."""
        if not self._standings.costs_a_look(identifier):
            return await self._standings.of(identifier)
        self._strangers.admit(address)
        try:
            standing = await self._standings.of(identifier)
        except ServiceError:
            self._strangers.give_back(address)
            raise
        if standing is not None:
            self._strangers.give_back(address)
        return standing

    async def _by_token(self, text: str) -> tuple[Standing, frozenset[str]]:
        token = await self._tokens.read(text)
        standing = await self._standings.of(token.credential_id)
        if standing is None or standing.client.id != token.client_id:
            raise refused()
        return standing, standing.grants & token.grants

    def _identity(self, standing: Standing, grants: frozenset[str]) -> Identity:
        client, at = standing.client, now()
        if not standing.works(at):
            raise refused()
        self._usage.used(standing.credential.id, at)
        voice = self._standings.voice(standing, grants)
        return Identity(
            principal=voice.principal,
            token=voice.token,
            via="app",
            name=f"app:{client.id}",
            grants=grants,
            allowance=Allowance(client.per_second, client.burst),
        )


def refused() -> ServiceError:
    """The one answer to every key that does not work."""
    return unauthenticated("key_invalid", "Kunci aplikasi ini tidak berlaku.")
