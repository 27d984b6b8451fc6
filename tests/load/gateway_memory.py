"""A gigabyte through the gateway, up and down. Invariant of what is measured: its memory does not follow the size."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass

import aiohttp

from tests.load.proxies import Running

MEBIBYTE = 1024 * 1024
BAR_BYTES = 32 * MEBIBYTE


@dataclass
class Passing:
    """One way through."""

    name: str
    seconds: float
    size: int
    grown: int

    @property
    def met(self) -> bool:
        """Whether it stayed flat."""
        return self.grown <= BAR_BYTES

    def row(self) -> tuple[str, ...]:
        """For the table."""
        return (self.name, f"{self.size / self.seconds / MEBIBYTE:.0f} MiB/s", f"{self.grown / MEBIBYTE:.1f} MiB")


async def measure_memory(gateway: Running, token: str, size: int) -> list[Passing]:
    """Down, up, and down to somebody who reads slowly at first."""
    patience = aiohttp.ClientTimeout(total=900)
    headers = {"Authorization": f"Bearer {token}"}
    async with aiohttp.ClientSession(gateway.url, headers=headers, timeout=patience) as http:
        return [
            await _watched(gateway, "down", size, _down(http)),
            await _watched(gateway, "down, read late", size, _down(http, late=3.0)),
            await _watched(gateway, "up", size, _up(http, size)),
        ]


async def _watched(gateway: Running, name: str, size: int, passing: Awaitable[int]) -> Passing:
    before = most = gateway.resident()
    began = time.perf_counter()
    task = asyncio.ensure_future(passing)
    while not task.done():
        most = max(most, gateway.resident())
        await asyncio.wait({task}, timeout=0.05)
    if await task != size:
        raise RuntimeError(f"{name}: {await task} bytes arrived, not {size}")
    return Passing(name, time.perf_counter() - began, size, most - before)


async def _down(http: aiohttp.ClientSession, late: float = 0.0) -> int:
    async with http.get("/v1/inbox/large") as answer:
        answer.raise_for_status()
        await asyncio.sleep(late)
        taken = 0
        async for piece in answer.content.iter_any():
            taken += len(piece)
        return taken


async def _up(http: aiohttp.ClientSession, size: int) -> int:
    piece = bytes(256 * 1024)

    async def body() -> AsyncIterator[bytes]:
        for _ in range(size // len(piece)):
            yield piece

    async with http.patch("/v1/uploads/large", data=body(), headers={"Content-Length": str(size)}) as answer:
        answer.raise_for_status()
        return int(await answer.text())
