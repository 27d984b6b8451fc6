"""The stack's own secrets. Invariant: each is generated once, kept 0600 in a 0700 folder, and never printed or logged.

The one exception by design is the first administrator's password, which `lontar up` shows the person who started it.
"""

import base64
import hashlib
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from deploy.embedded.layout import private_folder, write_private


class SecretStore:
    """Named secrets in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = private_folder(folder)

    def password(self, name: str) -> str:
        """A password of 160 bits in letters and digits that need no escaping in a URL."""
        return self._once(name, lambda: secrets.token_hex(20)).read_text(encoding="utf-8")

    def hex_key(self, name: str) -> str:
        """A key of 256 bits in hexadecimal."""
        return self._once(name, lambda: secrets.token_hex(32)).read_text(encoding="utf-8")

    def key_file(self, name: str) -> Path:
        """A hexadecimal key for a server that wants the path of a file. The file's path."""
        return self._once(name, lambda: secrets.token_hex(32))

    def access_key(self, name: str) -> str:
        """An S3 access key id: twenty upper-case characters."""
        return self._once(name, lambda: secrets.token_hex(10).upper()).read_text(encoding="utf-8")

    def spoken_password(self, name: str) -> Path:
        """A password a person types: four groups of four, without letters that look alike. The file's path."""
        alphabet = "abcdefghjkmnpqrstuvwxyz23456789"
        return self._once(name, lambda: "-".join("".join(secrets.choice(alphabet) for _ in range(4)) for _ in range(4)))

    def signing_key(self, name: str) -> Path:
        """An Ed25519 private key in PEM (PKCS #8). The file's path."""
        return self._once(name, _ed25519_pem)

    def file(self, name: str, content: str) -> Path:
        """A configuration file that holds secrets, rewritten at every start."""
        return write_private(self._folder / name, content)

    def _once(self, name: str, make: Callable[[], str]) -> Path:
        path = self._folder / name
        if not path.exists() or path.stat().st_size == 0:
            write_private(path, make())
        path.chmod(0o600)
        return path


def rabbitmq_hash(password: str, salt: bytes | None = None) -> str:
    """RabbitMQ's own form of a salted SHA-256 password, for a definitions file that holds no plain password."""
    salt = os.urandom(4) if salt is None else salt
    return base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()


def _ed25519_pem() -> str:
    key = Ed25519PrivateKey.generate()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
