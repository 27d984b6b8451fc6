"""Who comes, and by what. Invariant: whatever was shown at the door, what goes on is one verified internal token.

Each reader knows one kind of credential and takes no notice of the others. The first that finds its own decides: a
wrong key is refused, not tried as something else. The gateway's own operations know their caller from here alone: who
was not let in is nobody to them, whatever token comes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, Protocol

from fastapi import Depends, Request
from starlette.types import Scope

from gateway.headers import fields_of
from gateway.routes import Family
from services.chassis.auth import Principal, TokenVerifier, token_in, token_missing
from services.chassis.errors import ServiceError

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
REMEMBERED = 2048
PEOPLES_ALONE: frozenset[Family] = frozenset({"session", "administration", "public"})
"""What is never given to an app."""


@dataclass(frozen=True)
class Allowance:
    """How often an app may ask, whatever it asks for, where it has been told so itself."""

    per_second: float
    burst: int


@dataclass(frozen=True)
class Identity:
    """A verified caller. ``token`` is the internal token that speaks for them; ``name`` is what they are counted by.

    ``grants`` are an app's own: ``<family>:read`` and ``<family>:write``. None for a person, who has no such bounds.
    ``allowance`` is an app's own too, and holds beside the pace of what it asks for.
    """

    principal: Principal
    token: str
    via: Literal["bearer", "portal", "app"]
    name: str
    grants: frozenset[str] | None = None
    allowance: Allowance | None = None

    def may_use(self, family: Family, method: str) -> bool:
        """Whether an address of this family is for them at all; the service decides the rest."""
        if self.grants is None:
            return True
        asked = "read" if method in SAFE_METHODS else "write"
        return family not in PEOPLES_ALONE and f"{family}:{asked}" in self.grants


def shown_token(scope: Scope) -> str | None:
    """The token that is shown, read once for all readers."""
    state = scope["state"]
    if "token" not in state:
        state["token"] = token_in(fields_of(scope).get(b"authorization", b"").decode("latin-1"))
    found: str | None = state["token"]
    return found


class Reader(Protocol):
    """Knows one kind of credential."""

    async def read(self, scope: Scope) -> Identity | None:
        """Who shows this kind; None where nothing of the kind is shown, ServiceError where it is no good."""
        ...


class Ends(Protocol):
    """Knows which sessions have ended."""

    async def check(self, principal: Principal) -> None:
        """401 for a token whose session has ended."""
        ...


class BearerReader:
    """Internal tokens, as apps of people hold them."""

    def __init__(self, verifier: TokenVerifier, ends: Ends) -> None:
        self._verifier = verifier
        self._ends = ends
        self._made: dict[str, Identity] = {}

    async def read(self, scope: Scope) -> Identity | None:
        """The last of the readers: 401 where there is no token."""
        token = shown_token(scope)
        if token is None:
            raise token_missing()
        principal = await self._verifier.verify(token)
        await self._ends.check(principal)
        return self._identity(principal, token)

    def _identity(self, principal: Principal, token: str) -> Identity:
        """Made once for each token, as long as the verifier knows it."""
        made = self._made.get(token)
        if made is None or made.principal is not principal:
            if len(self._made) >= REMEMBERED:
                self._made.clear()
            made = self._made[token] = Identity(principal, token, "bearer", f"person:{principal.person_id}")
        return made


class Credentials:
    """All readers, in their order."""

    def __init__(self, readers: Sequence[Reader]) -> None:
        self._readers = readers

    async def identify(self, scope: Scope, family: Family) -> Identity:
        """The caller; 401 without a good credential, 403 where the address is none of an app's business."""
        for reader in self._readers:
            identity = await reader.read(scope)
            if identity is not None:
                scope.setdefault("state", {})["identity"] = identity  # for whoever stands outside, refused or not
                if not identity.may_use(family, scope["method"]):
                    raise outside_grants()
                return identity
        raise token_missing()


async def let_in(request: Request) -> Principal:
    """FastAPI dependency: the caller whom the proxy has let in; 401 where it has let in nobody."""
    identity: Identity | None = request.scope["state"].get("identity")
    if identity is None:
        raise token_missing()
    return identity.principal


Caller = Annotated[Principal, Depends(let_in)]


def outside_grants() -> ServiceError:
    """403 for an app that asks for more than it was given."""
    return ServiceError(403, "scope_missing", "Aplikasi ini tidak diberi hak untuk alamat tersebut.")
