"""Looking up again what is remembered. Invariant: where what is known will do, nobody waits long for a database that is
away, and not one after the other.

Many who ask for the same wait for one answer. Once the database was found away, whoever is known is answered from
memory for a second without asking; then one look tells whether it is back. A look that takes long goes on by itself,
and what it finds is there for the next who asks.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, Generic, TypeVar

from services.chassis.errors import unavailable
from services.chassis.mongo import PyMongoError

log = logging.getLogger(__name__)
PATIENCE_SECONDS = 0.5
"""So long who is known waits for the database."""
AWAY_SECONDS = 1.0
"""So long it is not asked again about them."""
BACK = float("-inf")
T = TypeVar("T")


class Lookups(Generic[T]):
    """The looks under way in this process, for one kind of thing."""

    def __init__(self) -> None:
        self._under_way: dict[str, asyncio.Task[T]] = {}
        self._away_until = BACK

    async def ask(self, key: str, look: Callable[[], Coroutine[Any, Any, T]], known: T | None) -> T:
        """What ``look`` finds. While the database is away it is ``known``; 503 where nothing is."""
        if known is not None and time.monotonic() < self._away_until:
            return known
        task = self._under_way.get(key) or self._begin(key, look)
        done, _ = await asyncio.wait({task}, timeout=None if known is None else PATIENCE_SECONDS)
        try:
            if done:
                return task.result()
        except PyMongoError:
            pass
        if known is None:
            raise unavailable()
        if self._away_until == BACK:
            log.warning("the database does not answer: who is known goes on by memory")
        self._away_until = time.monotonic() + AWAY_SECONDS
        return known

    def under_way(self, key: str) -> bool:
        """Whether somebody is waiting for this already."""
        return key in self._under_way

    def ask_anew(self) -> None:
        """Something was changed: what is being looked up at this moment may be from before."""
        self._under_way.clear()

    def _begin(self, key: str, look: Callable[[], Coroutine[Any, Any, T]]) -> "asyncio.Task[T]":
        task = self._under_way[key] = asyncio.create_task(look())
        task.add_done_callback(partial(self._over, key))
        return task

    def _over(self, key: str, task: "asyncio.Task[T]") -> None:
        if self._under_way.get(key) is task:
            del self._under_way[key]
        if not task.cancelled() and task.exception() is None:
            self._away_until = BACK
