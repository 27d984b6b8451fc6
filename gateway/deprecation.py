"""Addresses on their way out. Invariant: who still asks there is told in every answer, long before they are gone.

``Deprecation`` is RFC 9745, ``Sunset`` RFC 8594, the link's relation RFC 5829. A row of the route table says it, and
the description of the API marks the operations of that row.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime

SHORTEST = timedelta(days=180)
"""How long an address stays after it was first said to leave (docs/api-versions.md)."""


@dataclass(frozen=True)
class Deprecated:
    """``since`` it is discouraged, at ``sunset`` it is gone; ``successor`` is the address that takes its place."""

    since: datetime
    sunset: datetime
    successor: str = ""

    def __post_init__(self) -> None:
        if self.since.utcoffset() != timedelta(0) or self.sunset.utcoffset() != timedelta(0):
            raise ValueError("dates of a deprecation are in UTC")
        if self.sunset - self.since < SHORTEST:
            raise ValueError(f"an address stays for {SHORTEST.days} days after it was said to leave")

    @property
    def fields(self) -> tuple[tuple[bytes, bytes], ...]:
        """The header fields that tell it."""
        found = [
            (b"deprecation", b"@%d" % int(self.since.timestamp())),
            (b"sunset", format_datetime(self.sunset, usegmt=True).encode("ascii")),
        ]
        if self.successor:
            found.append((b"link", b'<%s>; rel="successor-version"' % self.successor.encode("ascii")))
        return tuple(found)
