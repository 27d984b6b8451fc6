"""``Upload-Metadata`` (tus 1.0, creation): keys with base64 values. Invariant: bounded, and every key once."""

import base64
import binascii

LONGEST = 4096
MOST_KEYS = 20


class Unreadable(ValueError):
    """No such list, or too long a one."""


def parse_metadata(header: str) -> dict[str, str]:
    """The pairs; a value that is no UTF-8 is read as far as it is. Raises Unreadable."""
    if len(header) > LONGEST or not header.isascii() or not header.isprintable():
        raise Unreadable(header[:40])
    found: dict[str, str] = {}
    for pair in header.split(",") if header.strip() else ():
        key, _, value = pair.strip().partition(" ")
        if not key or key in found or len(found) == MOST_KEYS:
            raise Unreadable(key)
        found[key] = _decoded(value.strip())
    return found


def _decoded(value: str) -> str:
    try:
        return base64.b64decode(value, validate=True).decode("utf-8", "replace")
    except binascii.Error:
        raise Unreadable(value[:40]) from None
