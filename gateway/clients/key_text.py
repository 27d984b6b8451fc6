"""How a key reads: ``<prefix>_<environment>_<id>_<secret><checksum>``. Invariant: who finds one can tell what it is.

The prefix lets scanners of source code find keys that were left there; the checksum (CRC-32, as of GitHub's tokens)
tells a key from a typing error without asking the database. The secret has 256 random bits, so a plain SHA-256 of the
whole is enough to keep: there is nothing to guess that a slow hash would protect.
"""

import hashlib
import hmac
import re
import secrets
import string
import zlib
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

KeyKind = Literal["key", "secret"]
PREFIXES: dict[KeyKind, str] = {"key": "lontar", "secret": "lontarsecret"}
"""An API key goes with every request; a client secret is swapped for tokens."""
ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
SECRET_LENGTH = 43
"""In 62 letters that is 256 bits."""
CHECKSUM_LENGTH = 6
_FORM = re.compile(
    rf"(lontar|lontarsecret)_[a-z0-9]{{1,12}}_([0-9a-f]{{32}})_[0-9A-Za-z]{{{SECRET_LENGTH + CHECKSUM_LENGTH}}}"
)


@dataclass(frozen=True)
class MadeKey:
    """A new key: ``text`` is shown once, ``digest`` is kept, ``hint`` are its last letters, to tell keys apart by."""

    id: str
    text: str
    digest: str
    hint: str


def make_key(kind: KeyKind, environment: str, identifier: str) -> MadeKey:
    """A fresh key under this id."""
    secret = "".join(secrets.choice(ALPHABET) for _ in range(SECRET_LENGTH))
    stem = f"{PREFIXES[kind]}_{environment}_{UUID(identifier).hex}_{secret}"
    text = stem + _checksum(stem)
    return MadeKey(identifier, text, digest_of(text), text[-4:])


def read_key(text: str) -> tuple[KeyKind, str] | None:
    """Kind and id of what reads like a key; None for what cannot be one."""
    form = _FORM.fullmatch(text)
    if form is None or not hmac.compare_digest(_checksum(text[:-CHECKSUM_LENGTH]), text[-CHECKSUM_LENGTH:]):
        return None
    return ("key" if form[1] == PREFIXES["key"] else "secret"), str(UUID(form[2]))


def digest_of(text: str) -> str:
    """What is kept of a key."""
    return hashlib.sha256(text.encode()).hexdigest()


def _checksum(stem: str) -> str:
    rest, letters = zlib.crc32(stem.encode()), ""
    for _ in range(CHECKSUM_LENGTH):
        rest, digit = divmod(rest, len(ALPHABET))
        letters = ALPHABET[digit] + letters
    return letters
