"""Devices that have signed in before. Invariant: a device's token says one thing: here this account has signed in.

It opens nothing. It lets its holder come before strangers when many sign in at once, and count their own failures
alone, so that nobody else's guessing holds them up. It holds for one username and is authenticated (HMAC-SHA-256), so
telling a good one costs no trip to the database.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence

from starlette.responses import Response

from gateway.auth.sealing import Sealer
from gateway.auth.visitor import DEVICE_COOKIE, Visitor
from services.chassis.clock import now

PURPOSE = "known devices"
KEEP_SECONDS = 180 * 24 * 3600
COOKIE_PATH = "/v1/auth"
LONGEST = 200
NOBODY = ""
"""No account is called so: what is authenticated for it tells that the token was made here, and no more."""


class Devices:
    """Makes and reads device tokens. Without a sealing key they are good until this process ends, and only here."""

    def __init__(self, sealer: Sealer) -> None:
        self._keys: Sequence[bytes] = sealer.derived(PURPOSE) or (secrets.token_bytes(32),)

    def token(self, username: str) -> str:
        """A new device's token."""
        device = f"{secrets.token_hex(8)}.{int(now().timestamp())}"
        said = f"{device}.{_mac(self._keys[0], device, NOBODY)}"
        return f"{said}.{_mac(self._keys[0], said, username)}"

    def known(self, token: str | None, username: str) -> str | None:
        """The id of the device where ``token`` is a good one for this username."""
        if token is None or len(token) > LONGEST or not token.isascii():
            return None
        said, _, mac = token.rpartition(".")
        if not any(hmac.compare_digest(mac, _mac(key, said, username)) for key in self._keys):
            return None
        device, made, *_ = said.split(".")
        return device if now().timestamp() - int(made) < KEEP_SECONDS else None

    def vouched(self, token: str | None) -> str | None:
        """The id of the device where ``token`` was made here for whomever: before it is known who wants to sign in."""
        if token is None or len(token) > LONGEST or not token.isascii():
            return None
        device, _, rest = token.partition(".")
        made, _, rest = rest.partition(".")
        mac = rest.partition(".")[0]
        if not any(hmac.compare_digest(mac, _mac(key, f"{device}.{made}", NOBODY)) for key in self._keys):
            return None
        return device if now().timestamp() - int(made) < KEEP_SECONDS else None

    def remember(self, response: Response, visitor: Visitor, username: str) -> None:
        """Let the client keep a token; one that has a good one keeps that."""
        token = visitor.device if self.known(visitor.device, username) else self.token(username)
        response.set_cookie(
            DEVICE_COOKIE,
            str(token),
            max_age=KEEP_SECONDS,
            path=COOKIE_PATH,
            httponly=True,
            secure=visitor.secure,
            samesite="strict",
        )


def _mac(key: bytes, said: str, username: str) -> str:
    name = username.strip().lower()
    digest = hmac.digest(key, f"{said} {name}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
