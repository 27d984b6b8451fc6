"""Tracking codes: what a sender is given to ask after a letter. Invariant: 60 random bits, so none can be guessed.

Crockford's base 32 has no I, L, O or U: a code survives being read aloud or copied from a stamp.
"""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
BITS = 60
GROUP = 4


def tracking_code(value: int) -> str:
    """``value`` (BITS bits) as grouped base 32: ``7K3M-Q2XD-9FJR``."""
    if not 0 <= value < 1 << BITS:
        raise ValueError(f"a tracking code holds {BITS} bits")
    symbols = "".join(ALPHABET[value >> shift & 31] for shift in range(BITS - 5, -1, -5))
    return "-".join(symbols[start : start + GROUP] for start in range(0, len(symbols), GROUP))


def new_tracking_code() -> str:
    """A fresh code from the system's cryptographic source."""
    return tracking_code(secrets.randbits(BITS))
