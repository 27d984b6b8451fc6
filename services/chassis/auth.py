"""Who is asking. Invariant: identity comes from a verified token alone, never from a header the client may write.

Tokens are JWTs signed with Ed25519 (RFC 8037) by the gateway; services hold only public keys, fetched as a JWK set
(RFC 7517). ``alg`` is fixed here, so ``none`` and HMAC tricks have nothing to choose from (RFC 8725, section 3.1).
"""

import asyncio
import hashlib
import json
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import aiohttp
from fastapi import Depends, Request
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import BaseModel, ConfigDict, ValidationError

from services.chassis.clock import epoch
from services.chassis.errors import ServiceError, forbidden, unavailable
from services.contracts.vocabulary import Actor, Capacity

log = logging.getLogger(__name__)

ALGORITHM = "Ed25519"
LEEWAY_SECONDS = 5
RETRY_SECONDS = 1.0
"""How soon the gateway is asked again by a service that has no keys yet."""


class HeldPosition(BaseModel):
    """A position the person holds now, and in which capacity."""

    model_config = ConfigDict(frozen=True)

    position_id: str
    title: str
    unit_id: str
    unit_name: str
    role: str
    capacity: Capacity = "definitive"


class Principal(BaseModel):
    """Who is behind a request, as the gateway vouched for them: a person, or an app with positions of its own.

    ``session_id`` is the person's session, ``client_id`` the app's name where it is one (RFC 9068, section 2.2).
    """

    model_config = ConfigDict(frozen=True)

    person_id: str
    name: str
    roles: frozenset[str] = frozenset()
    scopes: frozenset[str] = frozenset()
    positions: tuple[HeldPosition, ...] = ()
    session_id: str | None = None
    client_id: str | None = None

    def holding(self, position_id: str) -> HeldPosition | None:
        """The held position with this id, or None."""
        return next((held for held in self.positions if held.position_id == position_id), None)

    def in_unit(self, unit_id: str) -> tuple[HeldPosition, ...]:
        """The positions held in this unit."""
        return tuple(held for held in self.positions if held.unit_id == unit_id)

    def acting_as(self, held: HeldPosition) -> Actor:
        """What is kept with every act: the person, as the holder of ``held``, in which capacity."""
        return Actor(
            person_id=self.person_id,
            person_name=self.name,
            position_id=held.position_id,
            position_title=held.title,
            unit_id=held.unit_id,
            unit_name=held.unit_name,
            capacity=held.capacity,
        )

    @property
    def position_ids(self) -> list[str]:
        """Ids of every held position."""
        return [held.position_id for held in self.positions]

    @property
    def unit_ids(self) -> list[str]:
        """Ids of every unit a position is held in, each once."""
        return list(dict.fromkeys(held.unit_id for held in self.positions))


def unauthenticated(code: str, detail: str) -> ServiceError:
    """401 with the challenge RFC 6750 asks for."""
    return ServiceError(401, code, detail, headers={"WWW-Authenticate": f'Bearer error="{code}"'})


KeySource = Callable[[], Awaitable[KeySet]]


def keys_from_url(url: str) -> KeySource:
    """Public keys from the gateway's JWKS address."""

    async def fetch() -> KeySet:
        timeout = aiohttp.ClientTimeout(total=5)
        async with aiohttp.ClientSession(timeout=timeout) as session, session.get(url) as response:
            response.raise_for_status()
            return KeySet.import_key_set(await response.json())

    return fetch


class TokenVerifier:
    """Verifies tokens against keys it fetches when it first needs them and again when it meets an unknown key.

    Known keys stay usable while the gateway is away; a refetch happens at most every ``refetch_seconds``, so a stream
    of forged key ids cannot turn this service into a load on the gateway. Only who needs the answer waits for a fetch:
    a token whose key is known never does. Keys older than ``stale_seconds`` are fetched anew beside the work: so the
    next key is known before it signs, and one that was withdrawn is not believed for long.
    """

    def __init__(
        self,
        keys: KeySource,
        *,
        issuer: str,
        audience: str,
        refetch_seconds: float = 10,
        stale_seconds: float = 60,
        remember: int = 2048,
    ) -> None:
        self._source = keys
        self._keys: KeySet | None = None
        self._asked_at = float("-inf")
        self._refetch_seconds = refetch_seconds
        self._stale_seconds = stale_seconds
        self._renewing: asyncio.Task[None] | None = None
        self._lock = asyncio.Lock()
        self._claims = jwt.JWTClaimsRegistry(
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": audience},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
            leeway=LEEWAY_SECONDS,
        )
        self._seen: dict[bytes, tuple[float, Principal]] = {}
        self._remember = remember

    async def verify(self, token: str) -> Principal:
        """The principal of ``token``; 401 for a forged, foreign, expired or malformed one, 503 without keys."""
        self._renew_stale()
        digest = hashlib.sha256(token.encode()).digest()
        known = self._seen.get(digest)
        if known and known[0] > epoch():
            return known[1]
        claims = await self._decode(token)
        principal = _principal(claims)
        if len(self._seen) >= self._remember:
            self._seen.clear()
        self._seen[digest] = (float(claims["exp"]), principal)
        return principal

    async def _decode(self, token: str) -> dict[str, Any]:
        keys = await self._keys_for(token)
        try:
            decoded = jwt.decode(token, keys, algorithms=[ALGORITHM])
            self._claims.validate(decoded.claims)
        except (JoseError, ValueError, KeyError, TypeError, RecursionError) as error:
            if type(error).__name__ == "ExpiredTokenError":
                raise unauthenticated("token_expired", "Sesi Anda sudah berakhir. Silakan masuk kembali.") from None
            raise unauthenticated("token_invalid", "Sesi tidak sah. Silakan masuk kembali.") from None
        return decoded.claims

    def _renew_stale(self) -> None:
        """Begin to fetch keys that are old, where nobody does."""
        if self._keys is None or time.monotonic() - self._asked_at < self._stale_seconds:
            return
        if self._renewing is None or self._renewing.done():
            self._renewing = asyncio.create_task(self._renew())

    async def _renew(self) -> None:
        async with self._lock:
            if time.monotonic() - self._asked_at >= self._stale_seconds:
                await self._fetch()

    async def _keys_for(self, token: str) -> KeySet:
        if self._keys is not None and _knows_key(self._keys, token):
            return self._keys
        async with self._lock:
            patience = RETRY_SECONDS if self._keys is None else self._refetch_seconds
            if time.monotonic() - self._asked_at >= patience:
                await self._fetch()
        if self._keys is None:
            raise unavailable("Layanan masuk belum dapat dihubungi. Silakan coba lagi.")
        return self._keys

    async def _fetch(self) -> None:
        """Replace the keys; whatever goes wrong, those known so far stay."""
        try:
            fetched = await self._source()
            if self._keys is not None and not _kids(self._keys) <= _kids(fetched):
                self._seen.clear()  # tokens of a key that was withdrawn are not to be remembered as good
            self._keys = fetched
        except (aiohttp.ClientError, JoseError, OSError, ValueError, KeyError, TypeError, TimeoutError) as error:
            log.warning("public keys cannot be fetched: %s: %s", type(error).__name__, error)
        finally:
            self._asked_at = time.monotonic()


def _kids(keys: KeySet) -> set[str | None]:
    return {key.kid for key in keys.keys}


def _knows_key(keys: KeySet, token: str) -> bool:
    """Whether the key id in the (not yet trusted) header is one of ours; only decides about a refetch."""
    try:
        header = json.loads(_base64url(token.split(".", 1)[0]))
        return any(key.kid == header.get("kid") for key in keys.keys)
    except (ValueError, AttributeError, RecursionError):
        return True


def _base64url(part: str) -> bytes:
    import base64

    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _principal(claims: dict[str, Any]) -> Principal:
    try:
        return Principal(
            person_id=claims["sub"],
            name=claims["name"],
            roles=frozenset(claims.get("roles", ())),
            scopes=frozenset(str(claims.get("scope", "")).split()),
            positions=tuple(HeldPosition.model_validate(held) for held in claims.get("positions", ())),
            session_id=claims.get("sid"),
            client_id=claims.get("client_id"),
        )
    except (KeyError, TypeError, ValidationError):
        raise unauthenticated("token_invalid", "Sesi tidak sah. Silakan masuk kembali.") from None


def token_missing() -> ServiceError:
    """401 for who shows nothing."""
    return unauthenticated("token_missing", "Anda belum masuk. Silakan masuk terlebih dahulu.")


def token_in(authorization: str | None) -> str | None:
    """The token in an Authorization header (RFC 6750, section 2.1), if there is one."""
    scheme, _, token = (authorization or "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


def bearer_token(authorization: str | None) -> str:
    """The same; 401 where there is none."""
    token = token_in(authorization)
    if token is None:
        raise token_missing()
    return token


async def current_principal(request: Request) -> Principal:
    """FastAPI dependency: the verified principal of this request."""
    verifier: TokenVerifier = request.app.state.verifier
    return await verifier.verify(bearer_token(request.headers.get("authorization")))


Caller = Annotated[Principal, Depends(current_principal)]


def require(scope: str) -> Callable[[Principal], Awaitable[Principal]]:
    """FastAPI dependency factory: the verified principal, refused with 403 without ``scope``."""

    async def checked(principal: Caller) -> Principal:
        if scope not in principal.scopes:
            raise forbidden()
        return principal

    return checked
