"""What a provider says of itself (OpenID Connect Discovery 1.0) and its keys. Invariant: it speaks for its own issuer.

Both are kept an hour, and a day where the provider is away meanwhile. Keys are asked for anew when a token names one
that is unknown, at most every ten seconds: a stream of forged key ids is no load on the provider.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, Generic, TypeVar

from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key
from pydantic import BaseModel, ConfigDict, ValidationError

from gateway.auth.oidc.fetching import ProviderAway, ProviderWrong, ask
from gateway.auth.oidc.providers import Provider, is_trustworthy

WELL_KNOWN = "/.well-known/openid-configuration"
FRESH_SECONDS = 3600.0
USABLE_SECONDS = 24 * 3600.0
RETRY_SECONDS = 10.0
AGAIN_SECONDS = 2.0
"""How soon it is asked again where nothing is known of it yet."""
FEWEST_RSA_BITS = 2048
T = TypeVar("T")


class Metadata(BaseModel):
    """What is needed of it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None = None
    end_session_endpoint: str | None = None
    authorization_response_iss_parameter_supported: bool = False

    @property
    def endpoints(self) -> list[str]:
        """Every address in it."""
        further = (self.userinfo_endpoint, self.end_session_endpoint)
        return [self.authorization_endpoint, self.token_endpoint, self.jwks_uri, *(one for one in further if one)]


class Directory:
    """One provider's own words."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self._metadata: _Kept[Metadata] = _Kept(self._fetch_metadata)
        self._keys: _Kept[list[Key]] = _Kept(self._fetch_keys)

    async def metadata(self) -> Metadata:
        """What it says of itself."""
        return await self._metadata.get()

    async def key(self, kid: str | None, key_type: str) -> Key:
        """The key a token names; without a name the only one of the type there is (Core, section 10.1)."""
        for keys in (await self._keys.get(), await self._keys.anew()):
            fitting = [one for one in keys if one.key_type == key_type and kid in (None, one.kid)]
            if len(fitting) == 1:
                return fitting[0]
        raise ProviderWrong("the token names no key of the provider's")

    async def _fetch_metadata(self) -> Metadata:
        issuer = self._provider.issuer
        answer = await ask(issuer.rstrip("/") + WELL_KNOWN, self._provider.tls)
        if answer.status != 200:
            raise ProviderWrong(f"its metadata came with status {answer.status}")
        try:
            metadata = Metadata.model_validate(answer.json())
        except ValidationError:
            raise ProviderWrong("its metadata lacks what is needed") from None
        if metadata.issuer != issuer:
            raise ProviderWrong("its metadata is of another issuer")
        here = issuer.startswith("http:")  # a provider on this very machine, whose addresses may be too
        if not all(one.startswith("https://") or (here and is_trustworthy(one)) for one in metadata.endpoints):
            raise ProviderWrong("its metadata names an address that is not https")
        return metadata

    async def _fetch_keys(self) -> list[Key]:
        answer = await ask((await self.metadata()).jwks_uri, self._provider.tls)
        listed = answer.json().get("keys")
        if answer.status != 200 or not isinstance(listed, list):
            raise ProviderWrong("its keys cannot be read")
        return [key for one in listed if (key := _usable(one)) is not None]


def _usable(described: Any) -> Key | None:
    """The public key that signs; of a kind we do not know, None."""
    if not isinstance(described, dict) or described.get("use", "sig") != "sig" or described.get("kty") == "oct":
        return None
    try:
        key = JWKRegistry.import_key(described)
    except (JoseError, ValueError, TypeError, KeyError):
        return None
    if key.key_type == "RSA" and key.public_key.key_size < FEWEST_RSA_BITS:  # type: ignore[union-attr] # an RSA one
        return None
    return key


class _Kept(Generic[T]):
    """An answer that is kept; one asks at a time, the others wait for the answer."""

    def __init__(self, fetch: Callable[[], Awaitable[T]]) -> None:
        self._fetch = fetch
        self._value: T | None = None
        self._failure: ProviderAway | ProviderWrong = ProviderAway("it was not asked yet")
        self._got_at = self._asked_at = float("-inf")
        self._lock = asyncio.Lock()

    async def get(self) -> T:
        """The answer, fetched where there is none or it is old."""
        if self._value is not None and time.monotonic() - self._got_at < FRESH_SECONDS:
            return self._value
        return await self._renew(FRESH_SECONDS)

    async def anew(self) -> T:
        """The answer, fetched unless that was just done."""
        return await self._renew(RETRY_SECONDS)

    async def _renew(self, young: float) -> T:
        async with self._lock:
            if self._value is None or time.monotonic() - self._got_at >= young:
                await self._ask()
            if self._value is None or time.monotonic() - self._got_at > USABLE_SECONDS:
                raise self._failure
            return self._value

    async def _ask(self) -> None:
        """Fetch, unless that was just tried: those who waited for a failure must not wait for the next one each."""
        patience = AGAIN_SECONDS if self._value is None else RETRY_SECONDS
        if time.monotonic() - self._asked_at < patience:
            return
        try:
            self._value = await self._fetch()
            self._got_at = time.monotonic()
        except (ProviderAway, ProviderWrong) as failure:
            self._failure = failure
        finally:
            self._asked_at = time.monotonic()
