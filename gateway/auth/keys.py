"""The keys that sign. Invariant: only public halves leave this module; every published key is known by its thumbprint.

Key ids are RFC 7638 thumbprints, so nobody has to name keys. To rotate: put the new key in place, give the old one
(its public half is enough) as the former key, and take it away once its last token has expired.
"""

from typing import Any

from joserfc.jwk import KeySet, OKPKey

from services.chassis.auth import ALGORITHM

CURVE = "Ed25519"


class KeyRing:
    """The present signing key, and the former one while its tokens live."""

    def __init__(self, signing_pem: str, former_pem: str | None = None) -> None:
        self._signing = _read(signing_pem)
        if not self._signing.is_private:
            raise ValueError("the signing key is not a private key")
        former = [_read(former_pem)] if former_pem else []
        self._published = [_public(key) for key in (self._signing, *former)]

    @property
    def kid(self) -> str:
        """The id of the key that signs."""
        return self._signing.thumbprint()

    @property
    def signing(self) -> OKPKey:
        """The key that signs."""
        return self._signing

    def jwks(self) -> dict[str, list[dict[str, Any]]]:
        """The public keys as a JWK set (RFC 7517)."""
        return {"keys": self._published}

    async def keys(self) -> KeySet:
        """The public keys for this process's own verifier."""
        return KeySet.import_key_set({"keys": [dict(key) for key in self._published]})


def _read(pem: str) -> OKPKey:
    key = OKPKey.import_key(pem.strip() + "\n")
    if key.curve_name != CURVE:
        raise ValueError(f"the key is for {key.curve_name}, not {CURVE}")
    return key


def _public(key: OKPKey) -> dict[str, Any]:
    return {**key.as_dict(private=False), "kid": key.thumbprint(), "use": "sig", "alg": ALGORITHM}
