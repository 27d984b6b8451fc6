"""How often one may ask. Invariant: whoever has spent what they had is told when to come back, and costs nothing more.

Callers are known by who they are where they have signed in, else by their network. The former are counted in this
process, which never waits, and the gateways tell each other in the background (gateway/sharing.py). Signing in and what
strangers may ask is counted in the database before it is let in: guessing at several gateways gains nothing.
"""

import math
from functools import lru_cache

from gateway.admission import Fields
from gateway.buckets import Bucket, Buckets, Rule
from gateway.credentials import Identity
from gateway.routes import Pace
from gateway.settings import GatewaySettings
from gateway.sharing import SharedBuckets
from gateway.streams import OpenStreams
from services.chassis.errors import ServiceError
from services.chassis.limits import network_of

STRICT: frozenset[Pace] = frozenset({"sign_in", "public"})
APP = "app"
"""The policy of an app's own allowance."""
DEVICES = "devices"
"""The policy of all known devices of one network together: signing in makes new ones, as many as one likes."""
DEVICES_WIDER = 10
Named = tuple[str, Bucket]
"""Who is counted, and what they have left."""


class Allowances:
    """Counts, and lets in or refuses."""

    def __init__(
        self, settings: GatewaySettings, buckets: Buckets, shared: SharedBuckets, streams: OpenStreams
    ) -> None:
        self._rules: dict[Pace, Rule] = {
            "ordinary": Rule(settings.ordinary_per_second, settings.ordinary_burst),
            "heavy": Rule(settings.heavy_per_second, settings.heavy_burst),
            "stream": Rule(settings.stream_per_second, settings.stream_burst),
            "public": Rule(settings.public_per_second, settings.public_burst),
            "sign_in": Rule(settings.sign_in_per_second, settings.sign_in_burst),
        }
        self._devices = Rule(DEVICES_WIDER * settings.sign_in_per_second, DEVICES_WIDER * settings.sign_in_burst)
        self._buckets = buckets
        self._shared = shared
        self._streams = streams

    async def admit(self, identity: Identity | None, address: str, pace: Pace, device: str | None = None) -> Fields:
        """Take one token of every policy that holds; see Admission."""
        named = self._held(identity, address, pace, device)
        if pace == "stream":
            self._streams.look(named[-1][0])
        held = [bucket for _, bucket in named]
        _refuse_if_spent(held)
        if pace in STRICT and not await self._shared.take(*named[-1]):
            raise too_many(held[-1:], held)
        for one in named if pace not in STRICT else named[:-1]:
            self._buckets.take(*one)
        return _fields(held)

    def _held(self, identity: Identity | None, address: str, pace: Pace, device: str | None) -> list[Named]:
        """The pace is the last, and what holds beside it comes first.

        An app's own allowance stands in the place of the ordinary pace, and beside the others. A thousand people may
        share an address: a device that is known is counted by itself and is not held up by strangers there.
        """
        if identity is None:
            place = f"address:{network_of(address)}"
            devices = [(place, self._buckets.of(DEVICES, place, self._devices))] if device else []
            return [*devices, self._named(f"device:{device}" if device else place, pace)]
        if identity.allowance is None:
            return [self._named(identity.name, pace)]
        own = Rule(identity.allowance.per_second, identity.allowance.burst)
        held = [(identity.name, self._buckets.of(APP, identity.name, own))]
        return held if pace == "ordinary" else [*held, self._named(identity.name, pace)]

    def _named(self, name: str, pace: Pace) -> Named:
        return name, self._buckets.of(pace, name, self._rules[pace])


def _refuse_if_spent(held: list[Bucket]) -> None:
    if spent := [bucket for bucket in held if bucket.tokens < 1]:
        raise too_many(spent, held)


def too_many(spent: list[Bucket], held: list[Bucket]) -> ServiceError:
    """429 with Retry-After, and the policies that were spent, as draft-ietf-httpapi-ratelimit-headers names them."""
    seconds = max(1, *(bucket.wait for bucket in spent))
    headers = {name.decode("ascii"): value.decode("ascii") for name, value in _fields(held)}
    return ServiceError(
        429,
        "too_many_requests",
        f"Terlalu banyak permintaan. Silakan coba lagi dalam {seconds} detik.",
        headers={"Retry-After": str(seconds), **headers},
        extra={"violated-policies": [bucket.policy for bucket in spent]},
    )


def _fields(held: list[Bucket]) -> Fields:
    """As in draft-ietf-httpapi-ratelimit-headers: the policies, and what is left of each for how long."""
    policies = b", ".join([_policy(one.policy, one.rule.burst, one.rule.per_second) for one in held])
    left = ", ".join([f'"{one.policy}";r={max(0, int(one.tokens))};t={_until(one)}' for one in held])
    return [(b"ratelimit-policy", policies), (b"ratelimit", left.encode("ascii"))]


@lru_cache(maxsize=1024)
def _policy(name: str, burst: int, per_second: float) -> bytes:
    return f'"{name}";q={burst};w={Rule(per_second, burst).window}'.encode("ascii")


def _until(bucket: Bucket) -> int:
    """The seconds until there is one more, which is what ``t`` says since the tenth draft."""
    one_more = max(0, math.floor(bucket.tokens)) + 1
    return math.ceil((one_more - bucket.tokens) / bucket.rule.per_second)
