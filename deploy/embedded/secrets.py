"""The stack's own secrets. Invariant: each is generated once, kept 0600 in a 0700 folder, and never printed or logged.

The one exception by design is the first administrator's password, which `lontar up` shows the person who started it.
"""

import base64
import hashlib
import os
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from deploy.embedded.layout import private_folder, write_private
from gateway.auth.key_ring import Ring, fresh_pem
from services.chassis.clock import now

KEY_RING = "gateway-keys.json"
"""Where in the folder the gateway's signing keys are."""


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

    def sealing_key(self, name: str) -> Path:
        """A key of 256 bits in base64. The file's path."""
        return self._once(name, lambda: base64.b64encode(secrets.token_bytes(32)).decode())

    def key_ring(self, name: str, first: str) -> Path:
        """The ring of signing keys, which `lontar keys` changes. The file's path.

        Stacks from before there were rings have one key, the file ``first``: it goes into the ring and signs on.
        """
        only = self._folder / first

        def begin() -> str:
            pem = only.read_text(encoding="utf-8") if only.exists() and only.stat().st_size else fresh_pem()
            return Ring.of(pem, now()).dumped()

        path = self._once(name, begin)
        only.unlink(missing_ok=True)
        return path

    def certificate(self, name: str) -> Path:
        """A self-signed certificate for loopback and its key, in one PEM. The file's path."""
        return self._once(name, _self_signed_pem)

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


def _self_signed_pem() -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "lontar")])
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2120, 1, 1, tzinfo=UTC))  # it lives as long as its var folder
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(names, critical=False)
        .sign(key, hashes.SHA256())
    )
    return certificate.public_bytes(Encoding.PEM).decode() + _pem(key)


def _pem(key: ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
