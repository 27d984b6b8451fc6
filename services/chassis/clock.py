"""The only clock. Invariant: every instant in the system is timezone-aware UTC and millisecond-exact."""

import time
from datetime import UTC, datetime


def epoch() -> float:
    """The present in seconds since 1970, for comparing with what a token says."""
    return time.time()


def now() -> datetime:
    """The present in UTC, cut to milliseconds because BSON dates hold no more."""
    instant = datetime.now(UTC)
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)
