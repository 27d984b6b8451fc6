"""Marks by which the gateway tells its own cookies. Invariant: an invented cookie costs no trip to the database.

A mark is an HMAC over the session's id and its random bits, cut to 128 bits; it proves nothing more than that we made
it. Without a sealing key there is nothing to make marks with, and every cookie is looked up.
"""

import base64
import hashlib
import hmac
from collections.abc import Sequence

from gateway.auth.sealing import Sealer
from gateway.auth.session_rows import fresh_secret

PURPOSE = "portal cookies"
MARK_BYTES = 16
MARK_LENGTH = 22
"""What so many bytes are in base64."""


class CookieMarks:
    """Makes secrets for cookies and tells those it may have made."""

    def __init__(self, sealer: Sealer) -> None:
        self._keys: Sequence[bytes] = sealer.derived(PURPOSE)

    def fresh(self, session_id: str) -> str:
        """A new secret for the cookie of this session."""
        secret = fresh_secret()
        return secret + _mark(self._keys[0], session_id, secret) if self._keys else secret

    def may_be_ours(self, session_id: str, secret: str) -> bool:
        """Whether it is worth looking up."""
        if not self._keys:
            return True
        bits, mark = secret[:-MARK_LENGTH], secret[-MARK_LENGTH:]
        return any(hmac.compare_digest(mark, _mark(key, session_id, bits)) for key in self._keys)


def _mark(key: bytes, session_id: str, secret: str) -> str:
    made = hmac.digest(key, f"{session_id}.{secret}".encode(), hashlib.sha256)[:MARK_BYTES]
    return base64.urlsafe_b64encode(made).rstrip(b"=").decode()
