"""Lists in sentences in Bahasa Indonesia."""

from collections.abc import Sequence

NAMED = 5
"""How many of many are named before the rest is counted."""


def named(names: Sequence[str]) -> str:
    """``a, b dan c``; of many the first few, and how many more there are."""
    if len(names) > NAMED:
        return f"{', '.join(names[:NAMED])} dan {len(names) - NAMED} lainnya"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} dan {names[-1]}"
