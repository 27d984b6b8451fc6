"""A service with its instances. Invariant: what it cannot take now is refused at once; there is no queue.

Nobody takes all of its places, however slowly what they ask comes or is answered. Instances take turns. One whose
breaker is open is passed over; when all are, the service is away and is said to be.
"""

import asyncio
import logging
import time
from collections.abc import Collection, Sequence
from functools import partial

from prometheus_client import Counter, Gauge

from gateway.reach.breaker import Breaker, Clock, Rule
from gateway.reach.faults import LineFault
from gateway.reach.instance import Address, Instance
from gateway.reach.probing import look_after
from services.chassis.errors import ServiceError

log = logging.getLogger(__name__)
BUSY_SECONDS = 1
AWAY_SECONDS = 5
"""When a client may come again."""
FAULTS = Counter("lontar_upstream_faults_total", "Lines to services that failed", ["upstream", "instance", "kind"])
OPEN = Gauge("lontar_upstream_open", "1 while an instance is left alone", ["upstream", "instance"])
HELD = Gauge("lontar_upstream_requests", "Requests a service is working on", ["upstream"])
TURNED_AWAY = Counter("lontar_upstream_turned_away_total", "Requests refused at once", ["upstream", "why"])


class Upstream:
    """One service."""

    def __init__(
        self,
        name: str,
        urls: Sequence[str],
        *,
        rule: Rule,
        most_at_once: int,
        most_per_caller: int,
        connect_seconds: float,
        probe_seconds: float,
        clock: Clock = time.monotonic,
    ) -> None:
        self.name = name
        self.instances: list[Instance] = []
        self._most, self._most_per_caller = most_at_once, most_per_caller
        self._callers: dict[str, int] = {}
        self._under_way = 0
        self._probe_seconds = probe_seconds
        self._held = 0
        self._turn = -1
        self._looking: dict[str, asyncio.Task[None]] = {}
        HELD.labels(name).set_function(lambda: self._held)
        for url in urls:
            breaker = Breaker(rule, partial(self._opened, url), clock)
            self.instances.append(Instance(Address.of(url), breaker, connect_seconds))
            OPEN.labels(name, url).set_function(partial(_is_open, breaker))

    def look(self) -> None:
        """The refusal that is known already, before anything of a body is read."""
        if all(instance.breaker.state == "open" for instance in self.instances):
            raise self.away()
        self._room()

    def come(self, caller: str) -> None:
        """One request more of this caller, under way before its body is; 429 where it is one too many.

        As long as half of the places are free, nobody is held to their share.
        """
        mine = self._callers.get(caller, 0)
        if mine >= self._most_per_caller and self._under_way >= self._most // 2:
            TURNED_AWAY.labels(self.name, "caller").inc()
            detail = "Terlalu banyak permintaan yang berjalan sekaligus. Silakan tunggu sebentar lalu coba lagi."
            raise ServiceError(429, "too_many_at_once", detail, headers={"Retry-After": str(BUSY_SECONDS)})
        self._callers[caller] = mine + 1
        self._under_way += 1

    def go(self, caller: str) -> None:
        """One less."""
        self._under_way -= 1
        left = self._callers[caller] - 1
        if left:
            self._callers[caller] = left
        else:
            del self._callers[caller]

    def enter(self) -> None:
        """Take a place; 503 with Retry-After where all are taken."""
        self._room()
        self._held += 1

    def _room(self) -> None:
        if self._held >= self._most:
            TURNED_AWAY.labels(self.name, "busy").inc()
            detail = "Layanan ini sedang sangat sibuk. Silakan coba lagi sebentar."
            raise ServiceError(503, "upstream_busy", detail, headers={"Retry-After": str(BUSY_SECONDS)})

    def leave(self) -> None:
        """Give the place back."""
        self._held -= 1

    def choose(self, tried: Collection[Instance] = ()) -> Instance | None:
        """Whose turn it is of those that may be asked. Its breaker must be told how it went, in which era of its."""
        instances = self.instances
        count = len(instances)
        for _ in range(count):
            self._turn = (self._turn + 1) % count
            instance = instances[self._turn]
            if instance not in tried and instance.breaker.begin():
                return instance
        return None

    def failed(self, instance: Instance, fault: LineFault, era: int) -> None:
        """Its line failed; it was chosen in this era of its breaker."""
        FAULTS.labels(self.name, instance.address.url, fault.kind).inc()
        instance.breaker.failed(era)

    def away(self) -> ServiceError:
        """503 for who came while no instance may be asked, or none took the connection."""
        TURNED_AWAY.labels(self.name, "away").inc()
        return ServiceError(
            503,
            "upstream_unavailable",
            "Layanan ini sedang tidak dapat dihubungi. Silakan coba lagi sebentar.",
            headers={"Retry-After": str(AWAY_SECONDS)},
        )

    async def close(self) -> None:
        """Hang up, and look after nobody any more."""
        looking = list(self._looking.values())
        for task in looking:
            task.cancel()
        await asyncio.gather(*looking, return_exceptions=True)
        for instance in self.instances:
            instance.close()

    def _opened(self, url: str) -> None:
        instance = next(one for one in self.instances if one.address.url == url)
        log.warning("%s at %s is left alone: it does not answer", self.name, url)
        instance.close()
        looking = self._looking.get(url)
        if looking is None or looking.done():
            self._looking[url] = asyncio.get_running_loop().create_task(look_after(instance, self._probe_seconds))


def _is_open(breaker: Breaker) -> float:
    return float(breaker.state == "open")
