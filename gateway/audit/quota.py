"""How much of what strangers are refused is put down one by one. Invariant: what is not put down is counted.

The counts are this process's and are told a minute later; with a killed process the last minute's counts are lost, the
refusals before the quota was spent are not.
"""

import time
from collections.abc import Callable

from services.chassis.limits import network_of

WINDOW_SECONDS = 60.0
A_NETWORK = 30
"""Refusals of one network in a minute that are put down one by one."""
ALL_NETWORKS = 600
NETWORKS_TOLD = 50
ELSEWHERE = "lainnya"
"""Stands for the networks beyond those."""


class Quota:
    """Counts of the running minute."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._began = clock()
        self._taken: dict[str, int] = {}
        self._all = 0
        self._kept_back: dict[str, tuple[int, set[str]]] = {}

    def take(self, address: str, kind: str) -> bool:
        """Whether this refusal is put down; if not it is counted."""
        if self._clock() - self._began >= WINDOW_SECONDS:
            self._began, self._taken, self._all = self._clock(), {}, 0
        network = network_of(address)
        taken = self._taken.get(network, 0)
        if taken < A_NETWORK and self._all < ALL_NETWORKS:
            self._taken[network] = taken + 1
            self._all += 1
            return True
        told = network if network in self._kept_back or len(self._kept_back) < NETWORKS_TOLD else ELSEWHERE
        count, kinds = self._kept_back.get(told, (0, set()))
        self._kept_back[told] = (count + 1, kinds | {kind})
        return False

    def drain(self) -> list[tuple[str, int, set[str]]]:
        """Network, how many refusals were not put down, and of what kinds; they begin anew."""
        kept_back, self._kept_back = self._kept_back, {}
        return [(network, count, kinds) for network, (count, kinds) in kept_back.items()]
