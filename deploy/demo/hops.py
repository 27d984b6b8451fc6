"""The hops of the story. Invariant: a hop that does not arrive ends the story by name; none is skipped or assumed."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TypeVar

import aiohttp

from deploy.demo.client import Refused

T = TypeVar("T")
HOP_SECONDS = 30.0
READING_SECONDS = 120.0
"""Scans are read behind all else that a machine has to do."""


class HopFailed(Exception):
    """A hop did not arrive; the message names it and says why."""


@dataclass
class Hop:
    """One step of the story and how long it took."""

    name: str
    seconds: float = 0.0


@dataclass
class Journey:
    """The hops so far. ``tell`` is called with each as it arrives."""

    tell: Callable[[Hop], None]
    hops: list[Hop] = field(default_factory=list)

    @asynccontextmanager
    async def hop(self, name: str, seconds: float | None = None) -> AsyncIterator[None]:
        """Do one step; whatever goes wrong inside, or takes longer than it may, fails the hop by its name."""
        started = time.perf_counter()
        most = seconds or HOP_SECONDS
        try:
            async with asyncio.timeout(most):
                yield
        except TimeoutError:
            raise HopFailed(f"{name}: did not arrive within {most:.0f} s") from None
        except (Refused, aiohttp.ClientError, LookupError, ValueError) as error:
            raise HopFailed(f"{name}: {error}") from error
        done = Hop(name, time.perf_counter() - started)
        self.hops.append(done)
        self.tell(done)


async def arriving(look: Callable[[], Awaitable[T | None]], pause: float = 0.02) -> T:
    """Look until something is there; the hop around it bounds the wait."""
    while True:
        found = await look()
        if found is not None:
            return found
        await asyncio.sleep(pause)
