"""The keys that sign. Invariant: only public halves leave this module; every published key is known by its thumbprint.

Key ids are RFC 7638 thumbprints, so nobody has to name keys. Keys come from the settings and stay as they are, or from
a ring in a file, which is looked at again once a second while tokens are made and verified: whoever changes it needs no
restart. A file that cannot be read changes nothing.
"""

import logging
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.jwk import KeySet, OKPKey

from gateway.auth.key_ring import Ring, read_key, read_ring, require_private
from gateway.settings import GatewaySettings
from services.chassis.auth import ALGORITHM
from services.chassis.clock import now
from services.chassis.settings import named_by

log = logging.getLogger(__name__)
LOOK_SECONDS = 1.0
ALWAYS = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class RingKey:
    """A key as this process uses it."""

    key: OKPKey
    kid: str
    public: dict[str, Any]
    signs_from: datetime | None = None
    until: datetime | None = None


class KeyRing:
    """The key that signs now, those that did while their tokens live, and the next."""

    def __init__(self, signing_pem: str, former_pem: str | None = None) -> None:
        signing = read_key(signing_pem)
        require_private([signing])
        former = [_known(read_key(former_pem))] if former_pem else []
        self._keys: tuple[RingKey, ...] = (_known(signing), *former)
        self._present = self._keys[0]
        self._path: Path | None = None
        self._seen: tuple[int, int, int] | None = None
        self._looked_at = time.monotonic()
        self._set: tuple[tuple[str, ...], KeySet] | None = None

    @classmethod
    def of(cls, settings: GatewaySettings) -> "KeyRing":
        """The keys the settings lead to; ValueError or OSError where none of them can sign."""
        if settings.key_ring_path:
            with named_by("LONTAR_GATEWAY_KEY_RING_PATH"):
                return cls.from_file(Path(settings.key_ring_path))
        if settings.signing_key is None:
            raise ValueError("neither LONTAR_GATEWAY_SIGNING_KEY nor LONTAR_GATEWAY_KEY_RING_PATH is set")
        former = settings.former_key.get_secret_value() if settings.former_key else None
        return cls(settings.signing_key.get_secret_value(), former)

    @classmethod
    def from_file(cls, path: Path) -> "KeyRing":
        """The ring in a file, and what becomes of it."""
        ring = cls(read_ring(path).keys[0].pem.get_secret_value())
        ring._path = path
        ring._read(path)
        return ring

    @property
    def kid(self) -> str:
        """The id of the key that signs."""
        return self._signs().kid

    @property
    def signing(self) -> OKPKey:
        """The key that signs."""
        return self._signs().key

    def sign(self, claims: dict[str, Any], typ: str = "JWT") -> str:
        """The claims as a signed token, by one key from its header to its signature."""
        used = self._signs()
        header = {"alg": ALGORITHM, "kid": used.kid, "typ": typ}
        return jwt.encode(header, claims, used.key, algorithms=[ALGORITHM])

    def jwks(self) -> dict[str, list[dict[str, Any]]]:
        """The public keys as a JWK set (RFC 7517)."""
        return {"keys": [one.public for one in self._published()]}

    async def keys(self) -> KeySet:
        """The public keys for this process's own verifier."""
        published = self._published()
        kids = tuple(one.kid for one in published)
        if self._set is None or self._set[0] != kids:
            self._set = (kids, KeySet.import_key_set({"keys": [dict(one.public) for one in published]}))
        return self._set[1]

    def look_again(self) -> None:
        """Read the file now."""
        self._seen, self._looked_at = None, float("-inf")
        self._look()

    def _signs(self) -> RingKey:
        self._look()
        return self._present

    def _published(self) -> list[RingKey]:
        self._look()
        at = now()
        return [one for one in self._keys if one.until is None or one.until > at]

    def _look(self) -> None:
        """Once a second: has the file changed, and whose time has come?"""
        moment = time.monotonic()
        if self._path is None or moment - self._looked_at < LOOK_SECONDS:
            return
        self._looked_at = moment
        try:
            self._read(self._path)
        except (OSError, ValueError) as error:  # what signed so far goes on
            log.error("the key ring cannot be read: %s", type(error).__name__)
        self._present = self._due(now())

    def _read(self, path: Path) -> None:
        status = path.stat()
        seen = (status.st_mtime_ns, status.st_ino, status.st_size)
        if seen == self._seen:
            return
        ring: Ring = read_ring(path)
        self._keys = tuple(_known(one.key, one.signs_from, one.until) for one in ring.keys)
        self._present, self._seen = self._due(now()), seen
        log.info("the key ring holds %d keys; %s signs", len(self._keys), self._present.kid)

    def _due(self, at: datetime) -> RingKey:
        """The last key whose time has come; as Ring.present, without reading any key again."""
        begun = [one for one in self._keys if _begins(one) <= at]
        return max(begun, key=_begins) if begun else min(self._keys, key=_begins)


def _begins(one: RingKey) -> datetime:
    return one.signs_from or ALWAYS


def _known(key: OKPKey, signs_from: datetime | None = None, until: datetime | None = None) -> RingKey:
    kid = key.thumbprint()
    public = {**key.as_dict(private=False), "kid": kid, "use": "sig", "alg": ALGORITHM}
    return RingKey(key, kid, public, signs_from, until)
