"""How much of what strangers are refused is put down one by one. Invariant: what is not put down is counted.

The minute's quota keeps a flood off the reader's screen, the day's keeps one that goes on for weeks out of a database
that holds every entry for five years; the entries that tell of the rest are bounded too. The counts are this process's
and are told a minute later, or an hour later when much was told that day; with a killed process those not told are
lost, the refusals before the quota was spent are not.
"""

import time
from collections.abc import Callable

from services.chassis.limits import network_of

WINDOW_SECONDS = 60.0
HOUR_SECONDS = 3600.0
DAY_SECONDS = 24 * HOUR_SECONDS
A_NETWORK = 30
"""Refusals of one network in a minute that are put down one by one."""
ALL_NETWORKS = 600
A_NETWORK_A_DAY = 500
ALL_NETWORKS_A_DAY = 10_000
NETWORKS_TOLD = 50
TOLD_A_DAY = 1000
"""Entries that tell of what was not put down; then they come once an hour."""
ELSEWHERE = "lainnya"
"""Stands for the networks beyond those."""


class _Share:
    """What may be put down within some time, of one network and of all."""

    def __init__(self, seconds: float, a_network: int, all_networks: int, at: float) -> None:
        self._seconds, self._a_network, self._all_networks = seconds, a_network, all_networks
        self._began = at
        self._taken: dict[str, int] = {}
        self._all = 0

    def left(self, network: str, at: float) -> bool:
        """Whether there is any left."""
        if at - self._began >= self._seconds:
            self._began, self._taken, self._all = at, {}, 0
        return self._taken.get(network, 0) < self._a_network and self._all < self._all_networks

    def take(self, network: str) -> None:
        """Take one."""
        self._taken[network] = self._taken.get(network, 0) + 1
        self._all += 1


class Quota:
    """Counts of the running minute and the running day."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        at = clock()
        self._minute = _Share(WINDOW_SECONDS, A_NETWORK, ALL_NETWORKS, at)
        self._day = _Share(DAY_SECONDS, A_NETWORK_A_DAY, ALL_NETWORKS_A_DAY, at)
        self._telling = _Share(DAY_SECONDS, TOLD_A_DAY, TOLD_A_DAY, at)
        self._told_at = at
        self._kept_back: dict[str, tuple[int, set[str]]] = {}

    def take(self, address: str, kind: str) -> bool:
        """Whether this refusal is put down; if not it is counted."""
        at, network = self._clock(), network_of(address)
        if self._minute.left(network, at) and self._day.left(network, at):
            self._minute.take(network)
            self._day.take(network)
            return True
        told = network if network in self._kept_back or len(self._kept_back) < NETWORKS_TOLD else ELSEWHERE
        count, kinds = self._kept_back.get(told, (0, set()))
        self._kept_back[told] = (count + 1, kinds | {kind})
        return False

    def drain(self, *, leaving: bool = False) -> list[tuple[str, int, set[str]]]:
        """Network, how many refusals were not put down, and of what kinds; they begin anew. Nothing where much was told
        today and less than an hour ago, unless this process is ``leaving``.
        """
        at = self._clock()
        if not self._telling.left("", at) and at - self._told_at < HOUR_SECONDS and not leaving:
            return []
        kept_back, self._kept_back, self._told_at = self._kept_back, {}, at
        for _ in kept_back:
            self._telling.take("")
        return [(network, count, kinds) for network, (count, kinds) in kept_back.items()]
