"""Keys that nobody was given, held off. Invariant: a flood of them costs the database little, and hinders no known app.

A key cannot be guessed; but each that reads like one has to be looked up. So beyond a burst of unknown ones a network
waits, with those of its keys that this gateway has never met. Each is charged before it is looked up, and given back
where it was one: of many at once no more are looked up than the burst allows.
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
        """Charge one that is not known yet; 429 where this network has shown too many keys that are none."""
        bucket = self._of(address)
        if bucket.wait:
            detail = f"Terlalu banyak kunci yang tidak dikenal. Silakan coba lagi dalam {bucket.wait} detik."
            raise too_many(detail, bucket.wait)
        bucket.take()

    def give_back(self, address: str) -> None:
        """It was a key, or nobody could tell."""
        self._of(address).tokens += 1

    def _of(self, address: str) -> Bucket:
        return self._buckets.of(POLICY, network_of(address), self._rule)
