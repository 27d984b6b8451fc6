"""How often one may ask. Invariant: whoever has spent what they had is told when to come back, and costs nothing more.

A token bucket a caller and pace: it fills steadily and holds a burst. Callers are known by who they are where they have
signed in, else by their network address.
"""

import math
import time
from dataclasses import dataclass

from gateway.admission import Fields
from gateway.credentials import Identity
from gateway.routes import Pace
from gateway.settings import GatewaySettings
from services.chassis.errors import ServiceError
from services.chassis.limits import network_of

REMEMBERED = 50_000


@dataclass(frozen=True)
class Rule:
    """``per_second`` tokens flow in, ``burst`` are held."""

    per_second: float
    burst: int


@dataclass
class Bucket:
    """What a caller has left, at a moment of the steady clock."""

    tokens: float
    at: float


class Allowances:
    """The buckets of this process."""

    def __init__(self, settings: GatewaySettings) -> None:
        self._rules: dict[Pace, Rule] = {
            "ordinary": Rule(settings.ordinary_per_second, settings.ordinary_burst),
            "heavy": Rule(settings.heavy_per_second, settings.heavy_burst),
            "public": Rule(settings.public_per_second, settings.public_burst),
            "sign_in": Rule(settings.sign_in_per_second, settings.sign_in_burst),
        }
        self._buckets: dict[tuple[str, Pace], Bucket] = {}

    async def admit(self, identity: Identity | None, address: str, pace: Pace) -> Fields:
        """Take one token; see Admission."""
        name = identity.name if identity else f"address:{network_of(address)}"
        rule = self._rules[pace]
        bucket = self._bucket(name, pace, rule)
        if bucket.tokens < 1:
            wait = math.ceil((1 - bucket.tokens) / rule.per_second)
            raise too_many(wait, _fields(pace, rule, 0, wait))
        bucket.tokens -= 1
        left = int(bucket.tokens)
        return _encoded(_fields(pace, rule, left, math.ceil((rule.burst - left) / rule.per_second)))

    def _bucket(self, name: str, pace: Pace, rule: Rule) -> Bucket:
        moment = time.monotonic()
        bucket = self._buckets.get((name, pace))
        if bucket is None:
            if len(self._buckets) >= REMEMBERED:
                self._forget_full(moment)
            bucket = self._buckets[(name, pace)] = Bucket(rule.burst, moment)
        bucket.tokens = min(rule.burst, bucket.tokens + (moment - bucket.at) * rule.per_second)
        bucket.at = moment
        return bucket

    def _forget_full(self, moment: float) -> None:
        """A bucket that has filled up again is as good as none."""
        kept = {
            key: bucket
            for key, bucket in self._buckets.items()
            if bucket.tokens + (moment - bucket.at) * self._rules[key[1]].per_second < self._rules[key[1]].burst
        }
        self._buckets = kept


def too_many(seconds: int, fields: dict[str, str]) -> ServiceError:
    """429 with Retry-After."""
    detail = f"Terlalu banyak permintaan. Silakan coba lagi dalam {seconds} detik."
    return ServiceError(429, "too_many_requests", detail, headers={"Retry-After": str(seconds), **fields})


def _fields(pace: Pace, rule: Rule, left: int, reset: int) -> dict[str, str]:
    """As in draft-ietf-httpapi-ratelimit-headers: the policy, and what is left of it until when."""
    window = math.ceil(rule.burst / rule.per_second)
    policy = f'"{pace}";q={rule.burst};w={window}'
    return {"RateLimit-Policy": policy, "RateLimit": f'"{pace}";r={left};t={reset}'}


def _encoded(fields: dict[str, str]) -> Fields:
    return [(name.lower().encode("ascii"), value.encode("ascii")) for name, value in fields.items()]
