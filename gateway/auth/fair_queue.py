"""Who is served next where work is dear. Invariant: whoever asks much waits behind whoever asks little.

Those who are known (a device that has signed in before) have a lane of their own and most of the turns. In each lane
the askers take turns, however many requests each has waiting. An asker has only so many places and a lane only so
many; where a lane is full, whoever holds most of it gives up the newest. What cannot be served soon is refused at
once: that costs nothing, and a person who waits longer has left.
"""

import asyncio
import contextlib
from collections import Counter, OrderedDict, deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Literal

from services.chassis.errors import ServiceError

LaneName = Literal["known", "others"]
PLACES: dict[LaneName, tuple[int, int]] = {"known": (4, 128), "others": (48, 128)}
"""How many places one asker has, and all of a lane together."""
KNOWN_TURNS = 3
"""So many turns for the known, then one for the others."""
PATIENCE_SECONDS = 15.0


@dataclass(frozen=True)
class Asker:
    """Who asks: an account from devices it is known on, or a network."""

    lane: LaneName
    name: str


@dataclass
class _Lane:
    """Who waits, in the order of their turns; ``held`` counts the places, taken before the wait begins."""

    waiting: OrderedDict[str, deque[asyncio.Future[None]]] = field(default_factory=OrderedDict)
    held: Counter[str] = field(default_factory=Counter)

    def next(self) -> asyncio.Future[None] | None:
        """The first that waits of the asker whose turn it is."""
        if not self.waiting:
            return None
        name, futures = self.waiting.popitem(last=False)
        found = futures.popleft()
        if futures:
            self.waiting[name] = futures
        return found

    def add(self, name: str, future: asyncio.Future[None]) -> None:
        """Wait behind this asker's own."""
        self.waiting.setdefault(name, deque()).append(future)

    def drop(self, name: str, future: asyncio.Future[None]) -> None:
        """Wait no more."""
        futures = self.waiting.get(name, deque())
        with contextlib.suppress(ValueError):
            futures.remove(future)
        if not futures:
            self.waiting.pop(name, None)

    def give_up_for(self, name: str) -> bool:
        """Have whoever waits with most make room for one who has less; whether there was such a one."""
        heaviest = max(self.waiting, key=lambda one: self.held[one], default=None)
        if heaviest is None or self.held[heaviest] <= self.held[name] + 1:
            return False
        future = self.waiting[heaviest][-1]
        self.drop(heaviest, future)
        future.set_exception(too_busy())
        return True


class FairQueue:
    """Hands out ``slots`` turns at a time."""

    def __init__(self, slots: int, patience_seconds: float = PATIENCE_SECONDS) -> None:
        self._free = slots
        self._patience = patience_seconds
        self._lanes: dict[LaneName, _Lane] = {"known": _Lane(), "others": _Lane()}
        self._turn = 0

    @contextmanager
    def place(self, asker: Asker) -> Iterator[None]:
        """Hold a place; 503 at once where there is none left."""
        lane = self._lanes[asker.lane]
        each, together = PLACES[asker.lane]
        if lane.held[asker.name] >= each:
            raise too_busy()
        if lane.held.total() >= together and not lane.give_up_for(asker.name):
            raise too_busy()
        lane.held[asker.name] += 1
        try:
            yield
        finally:
            lane.held[asker.name] -= 1
            if not lane.held[asker.name]:
                del lane.held[asker.name]

    @asynccontextmanager
    async def turn(self, asker: Asker) -> AsyncIterator[None]:
        """Wait for a turn and hold it; 503 where it does not come in time."""
        if self._free:
            self._free -= 1
        else:
            await self._wait(asker)
        try:
            yield
        finally:
            self._pass_on()

    async def _wait(self, asker: Asker) -> None:
        lane, future = self._lanes[asker.lane], asyncio.get_running_loop().create_future()
        lane.add(asker.name, future)
        try:
            async with asyncio.timeout(self._patience):
                await future
        except BaseException as error:
            lane.drop(asker.name, future)
            if future.done() and not future.cancelled() and future.exception() is None:
                self._pass_on()  # the turn came in the very moment it was no longer wanted
            if isinstance(error, TimeoutError):
                raise too_busy() from None
            raise

    def _pass_on(self) -> None:
        self._turn += 1
        order: list[LaneName] = ["known", "others"] if self._turn % (KNOWN_TURNS + 1) else ["others", "known"]
        for name in order:
            while (future := self._lanes[name].next()) is not None:
                if not future.done():
                    future.set_result(None)
                    return
        self._free += 1


def too_busy() -> ServiceError:
    """503 with Retry-After."""
    detail = "Terlalu banyak orang masuk bersamaan. Silakan coba lagi sebentar."
    return ServiceError(503, "unavailable", detail, headers={"Retry-After": "3"})
