"""Keys that nobody was given, held off. Invariant: a flood of them costs the database little, and hinders no known app.

A key cannot be guessed; but each that reads like one has to be looked up. So beyond a burst of unknown ones a network
waits, with those of its keys that this gateway has never met.
"""

from gateway.buckets import Bucket, Buckets, Rule
from services.chassis.limits import network_of, too_many

POLICY = "unknown_keys"
RULE = Rule(per_second=1, burst=60)


class Strangers:
    """Counts unknown keys by network."""

    def __init__(self, rule: Rule = RULE) -> None:
        self._rule = rule
        self._buckets = Buckets()

    def admit(self, address: str) -> None:
        """429 where this network has shown too many keys that are none."""
        wait = self._of(address).wait
        if wait:
            detail = f"Terlalu banyak kunci yang tidak dikenal. Silakan coba lagi dalam {wait} detik."
            raise too_many(detail, wait)

    def note(self, address: str) -> None:
        """Another one."""
        self._of(address).take()

    def _of(self, address: str) -> Bucket:
        return self._buckets.of(POLICY, network_of(address), self._rule)
