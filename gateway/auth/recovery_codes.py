"""Codes for whoever has lost their authenticator. Invariant: 120 random bits each, kept as a hash, good once.

Look-up secrets after NIST SP 800-63B-4, section 3.1.2; being random and long they need no slow hash. The alphabet has
no letters that look alike, and what is typed instead of them is understood.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence

HOW_MANY = 10
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base32."""
GROUPS, GROUP = 6, 4
_MISTAKEN = str.maketrans({"o": "0", "i": "1", "l": "1"})
_SHAPE = re.compile(f"[{ALPHABET}]{{{GROUPS * GROUP}}}")


def fresh_codes() -> list[str]:
    """Ten new ones, in groups of four."""
    return ["-".join(_group() for _ in range(GROUPS)) for _ in range(HOW_MANY)]


def digest(code: str) -> str | None:
    """What is kept of a code; None for what cannot be one."""
    plain = re.sub(r"[\s-]+", "", code).lower().translate(_MISTAKEN)
    return hashlib.sha256(plain.encode()).hexdigest() if _SHAPE.fullmatch(plain) else None


def without(code: str, kept: Sequence[str]) -> list[str] | None:
    """The digests that remain once ``code`` is used; None where it is none of them."""
    used = digest(code)
    if used is None:
        return None
    fits = [hmac.compare_digest(used, one) for one in kept]
    return [one for one, same in zip(kept, fits, strict=True) if not same] if any(fits) else None


def _group() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(GROUP))
