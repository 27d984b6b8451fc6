"""Tracking codes as people write them. Invariant: every way to write a code down is led back to one."""

import re

ALPHABET = frozenset("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})
LENGTH, GROUP = 12, 4
_BETWEEN = re.compile(r"[\s\-_.\u2010-\u2015]+")


def as_issued(text: str) -> str:
    """``7k3m q2xd 9fjr`` as ``7K3M-Q2XD-9FJR``; what is no code of ours stays what it is, in capitals."""
    upper = text.strip().upper()
    bare = _BETWEEN.sub("", upper).translate(MISREAD)
    if len(bare) != LENGTH or not ALPHABET.issuperset(bare):
        return upper
    return "-".join(bare[start : start + GROUP] for start in range(0, LENGTH, GROUP))
