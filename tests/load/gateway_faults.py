"""What the others notice of a service that fails. Invariant: each fault is compared with the same run, still whole."""

import asyncio
import statistics
import time
from collections import Counter
from dataclasses import dataclass, field

import aiohttp

from tests.gateway.bad_services import BadService, Mood
from tests.load.proxies import Running

MOODS: tuple[Mood, ...] = ("whole", "dead", "whole", "hanging", "whole", "resetting", "whole")
CALLERS = 8
PAUSE_SECONDS = 0.02
SECONDS = 6.0


@dataclass
class Fault:
    """How the others fared meanwhile."""

    mood: Mood
    p50: float
    p95: float
    ratio: float
    statuses: dict[str, int] = field(default_factory=dict)
    refused_p95: float = 0.0

    def row(self) -> tuple[str, ...]:
        """For the table."""
        said = ", ".join(f"{count} x {status}" for status, count in self.statuses.items())
        times = (f"{self.p50:.2f} ms", f"{self.p95:.2f} ms", f"{self.ratio:.2f}")
        return (self.mood, *times, said, f"{self.refused_p95:.2f} ms" if self.refused_p95 else "-")


async def measure_neighbours(gateway: Running, token: str, bad: BadService) -> list[Fault]:
    """Whole first, then each fault, each with as many callers for the bad service as for the good one."""
    found: list[Fault] = []
    headers = {"Authorization": f"Bearer {token}"}
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(gateway.url, headers=headers, connector=connector) as http:
        for mood in MOODS:
            await bad.become(mood)
            await asyncio.sleep(3 if mood == "whole" else 0)  # the probes find it again
            good: list[float] = []
            other: list[tuple[str, float]] = []
            until = time.perf_counter() + SECONDS
            callers = [_call(http, "/v1/inbox", until, good) for _ in range(CALLERS)]
            callers += [_call_bad(http, "/v1/schedule/x", until, other) for _ in range(CALLERS)]
            await asyncio.gather(*callers)
            found.append(_fault(mood, good, other, found))
    return found


def _fault(mood: Mood, good: list[float], other: list[tuple[str, float]], before: list[Fault]) -> Fault:
    p50, p95 = statistics.median(good), statistics.quantiles(good, n=20)[18]
    ratio = p95 * 1000 / before[-1].p95 if before else 1.0
    refused = [seconds for status, seconds in other if status == "503"]
    statuses = dict(Counter(status for status, _ in other))
    late = statistics.quantiles(refused, n=20)[18] if len(refused) > 1 else 0.0
    return Fault(mood, p50 * 1000, p95 * 1000, ratio if mood != "whole" else 1.0, statuses, late * 1000)


async def _call(http: aiohttp.ClientSession, path: str, until: float, into: list[float]) -> None:
    while (began := time.perf_counter()) < until:
        async with http.get(path) as answer:
            await answer.read()
            if answer.status == 200:
                into.append(time.perf_counter() - began)
        await asyncio.sleep(PAUSE_SECONDS)


async def _call_bad(http: aiohttp.ClientSession, path: str, until: float, into: list[tuple[str, float]]) -> None:
    while (began := time.perf_counter()) < until:
        async with http.get(path) as answer:
            await answer.read()
            into.append((str(answer.status), time.perf_counter() - began))
        await asyncio.sleep(PAUSE_SECONDS)
