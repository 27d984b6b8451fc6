"""Webhooks signed as Standard Webhooks asks (standardwebhooks.com, version 1). Invariant: a signature covers the id,
the time and the very bytes sent, so none of them can be changed or sent again later.

Several secrets may sign at once: while one is being replaced, receivers that hold either accept what is sent. The
receiving half is here too, for those who want to check and for the tests that pin both to each other.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

PREFIX = "whsec_"
SECRET_BYTES = 32
LEAST_BYTES, MOST_BYTES = 24, 64
TOLERANCE = timedelta(minutes=5)
"""How far the time in a message may lie from the receiver's."""


class NotGenuine(Exception):
    """The message is not what a holder of the secret has signed just now."""


def new_secret() -> str:
    """A fresh secret, as both sides write it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def signed_headers(message_id: str, at: datetime, body: bytes, keys: Sequence[str]) -> dict[str, str]:
    """The header fields of a message: its id (the same at each try), the time, and a signature by each secret."""
    seconds = int(at.timestamp())
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(seconds),
        "webhook-signature": " ".join(_signature(key, message_id, seconds, body) for key in keys),
    }


def verify(headers: Mapping[str, str], body: bytes, keys: Sequence[str], at: datetime) -> str:
    """The id of a genuine message; a receiver keeps it to take each message once."""
    given = {name.lower(): value for name, value in headers.items()}
    try:
        message_id, seconds = given["webhook-id"], int(given["webhook-timestamp"])
        offered = given["webhook-signature"].split()
    except (KeyError, ValueError):
        raise NotGenuine("a header is missing or cannot be read") from None
    if abs(at.timestamp() - seconds) > TOLERANCE.total_seconds():
        raise NotGenuine("the message is too old or from the future")
    expected = [_signature(key, message_id, seconds, body).encode() for key in keys]
    fits = [hmac.compare_digest(one, other.encode()) for one in expected for other in offered]
    if not any(fits):
        raise NotGenuine("no signature fits")
    return message_id


def _signature(key: str, message_id: str, seconds: int, body: bytes) -> str:
    signed = f"{message_id}.{seconds}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(_raw(key), signed, hashlib.sha256).digest()).decode()


def _raw(key: str) -> bytes:
    try:
        raw = base64.b64decode(key.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        raise ValueError("a webhook secret is base64") from None
    if not LEAST_BYTES <= len(raw) <= MOST_BYTES:
        raise ValueError(f"a webhook secret has {LEAST_BYTES} to {MOST_BYTES} bytes")
    return raw
