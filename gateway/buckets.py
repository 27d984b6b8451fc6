"""Token buckets. Invariant: a bucket never holds more than its burst, and memory holds no more than so many buckets.

A bucket fills steadily and is charged one token a request. It may be in debt: what several gateways gave away before
they had told each other is paid back before more is given.
"""

import math
import time
from dataclasses import dataclass, field

REMEMBERED = 50_000


@dataclass(frozen=True, slots=True)
class Rule:
    """``per_second`` tokens flow in, ``burst`` are held."""

    per_second: float
    burst: int

    @property
    def window(self) -> int:
        """The seconds in which an empty bucket fills."""
        return math.ceil(self.burst / self.per_second)


@dataclass(slots=True)
class Bucket:
    """What a caller has left at a moment of the steady clock. ``unsaid`` is what no other gateway knows of yet."""

    policy: str
    rule: Rule
    tokens: float
    at: float
    unsaid: float = 0
    counted: bool = False
    """Whether it is told in the background at all: what is counted in the database at once is not."""

    def fill(self, rule: Rule) -> None:
        """What has flowed in since it was last looked at, by a rule that may have changed meanwhile."""
        moment = time.monotonic()
        if rule is not self.rule and rule != self.rule:
            self.tokens += rule.burst - self.rule.burst  # what was spent stays spent
            self.rule = rule
        self.tokens = min(rule.burst, self.tokens + (moment - self.at) * rule.per_second)
        self.at = moment

    @property
    def wait(self) -> int:
        """The seconds until it holds a token; 0 where it does."""
        return 0 if self.tokens >= 1 else math.ceil((1 - self.tokens) / self.rule.per_second)

    def take(self) -> None:
        """One token, to be told of."""
        self.tokens -= 1
        self.unsaid += 1
        self.counted = True


Key = tuple[str, str]
"""The policy, and the name of who is counted."""


@dataclass
class Buckets:
    """The buckets of this process; those used longest ago are forgotten first."""

    remembered: int = REMEMBERED
    touched: dict[Key, Bucket] = field(default_factory=dict)
    _all: dict[Key, Bucket] = field(default_factory=dict)

    def of(self, policy: str, name: str, rule: Rule) -> Bucket:
        """The bucket as it is now; a full one where none is known."""
        key = (policy, name)
        bucket = self._all.pop(key, None)
        if bucket is None:
            bucket = Bucket(policy, rule, rule.burst, time.monotonic())
            if len(self._all) >= self.remembered:
                del self._all[next(iter(self._all))]
        else:
            bucket.fill(rule)
        self._all[key] = bucket  # at the end again: the front is who came longest ago
        return bucket

    def take(self, name: str, bucket: Bucket) -> None:
        """Charge a token, and note that there is something to be told."""
        bucket.take()
        self.touched[(bucket.policy, name)] = bucket

    def declare_all(self) -> None:
        """Have all that was given away told, for one who has just come and knows nothing of it."""
        for key, bucket in self._all.items():
            bucket.fill(bucket.rule)
            if bucket.tokens < bucket.rule.burst and bucket.counted:
                bucket.unsaid = bucket.rule.burst - bucket.tokens
                self.touched[key] = bucket
