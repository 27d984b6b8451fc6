"""The only clock. Invariant: every instant in the system is timezone-aware UTC and millisecond-exact."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present in UTC, cut to milliseconds because BSON dates hold no more."""
    instant = datetime.now(UTC)
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)
