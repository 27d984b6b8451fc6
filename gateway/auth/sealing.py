"""Secrets that must be read again, sealed at rest. Invariant: what was sealed for one purpose opens for no other.

AES-256-GCM (NIST SP 800-38D) with a random nonce; the purpose is authenticated beside it, so a sealed text that is
moved to another row or field does not open there: name whom and what for, as ``totp:<account id>``. A sealed text says
by which key, so the former key goes on opening what it has sealed; ``gateway.resealing`` seals all of it anew.
"""

import base64
import binascii
import hashlib
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import SecretStr

from gateway.settings import GatewaySettings
from services.chassis.errors import ServiceError

FORMAT = "1"
KEY_BYTES = 32
NONCE_BYTES = 12


class SealBroken(Exception):
    """The text was not sealed by a key we hold, or for another purpose, or was changed since."""


class Sealer:
    """Seals with the present key, opens with it and with the former one."""

    def __init__(self, settings: GatewaySettings) -> None:
        given = (settings.sealing_key, settings.former_sealing_key)
        keys = [_read(key) for key in given if key is not None]
        self._keys = keys
        self._ciphers = {_name(key): AESGCM(key) for key in keys}
        self._present = _name(_read(settings.sealing_key)) if settings.sealing_key else None

    def require(self) -> None:
        """503 where there is no key to seal with."""
        if self._present is None:
            raise not_configured()

    def seal(self, text: str, purpose: str) -> str:
        """``text`` as it may be stored; 503 ``not_configured`` without a key."""
        if self._present is None:
            raise not_configured()
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = self._ciphers[self._present].encrypt(nonce, text.encode(), purpose.encode())
        return f"{FORMAT}.{self._present}.{base64.urlsafe_b64encode(nonce + sealed).decode()}"

    def open(self, sealed: str, purpose: str) -> str:
        """What was sealed; SealBroken where it cannot be had, 503 ``not_configured`` without any key."""
        if not self._ciphers:
            raise not_configured()
        try:
            version, name, encoded = sealed.split(".")
            if version != FORMAT:
                raise SealBroken
            raw = base64.urlsafe_b64decode(encoded)
            return self._ciphers[name].decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], purpose.encode()).decode()
        except (ValueError, KeyError, InvalidTag):
            raise SealBroken from None

    def renewed(self, sealed: str, purpose: str) -> str:
        """The same as the present key seals it; as it is where that is done, or there is no such key. As ``open``."""
        if self._present is None or sealed.startswith(f"{FORMAT}.{self._present}."):
            return sealed
        return self.seal(self.open(sealed, purpose), purpose)

    def derived(self, purpose: str) -> list[bytes]:
        """Keys for something else (HKDF, RFC 5869), the present one first; none where there is none to derive from."""
        return [
            HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=f"lontar {purpose}".encode()).derive(key)
            for key in self._keys
        ]


def not_configured() -> ServiceError:
    """503 for what this installation has not been given the key for."""
    return ServiceError(503, "not_configured", "Bagian ini belum disiapkan di server. Silakan hubungi administrator.")


def _read(key: SecretStr) -> bytes:
    try:
        raw = base64.b64decode(key.get_secret_value(), validate=True)
    except binascii.Error:
        raw = b""
    if len(raw) != KEY_BYTES:
        raise ValueError(f"a sealing key is {KEY_BYTES} bytes in base64")
    return raw


def _name(key: bytes) -> str:
    return hashlib.sha256(b"lontar sealing key " + key).hexdigest()[:12]
