"""Waiting in tests, always bounded. A bound only keeps a test from hanging: a busy machine may take long."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    """Return when ``condition`` holds; TimeoutError after ``seconds``."""
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.02)


async def until_equal(
    look: Callable[[], Awaitable[T]], wanted: Callable[[T], bool], seconds: float = 60, pause: float = 0.05
) -> T:
    """Look until what is seen is ``wanted`` and return it; TimeoutError names what was seen last."""
    seen: T | None = None
    try:
        async with asyncio.timeout(seconds):
            while True:
                seen = await look()
                if wanted(seen):
                    return seen
                await asyncio.sleep(pause)
    except TimeoutError:
        raise TimeoutError(f"after {seconds} s still: {seen!r}"[:2000]) from None
