"""A line that breaks: a TCP proxy that cuts connections after so many bytes, in either direction."""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit


@asynccontextmanager
async def bad_line(base_url: str, chance: random.Random, *, mean_bytes: int) -> AsyncIterator[str]:
    """A proxy before ``base_url``; its connections carry ``mean_bytes`` on the average, then are reset. Its address."""
    address = urlsplit(base_url)

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            far_reader, far_writer = await asyncio.open_connection(address.hostname, address.port)
            left = [int(chance.expovariate(1 / mean_bytes))]
            ways = (_pump(reader, far_writer, left), _pump(far_reader, writer, left))
            tasks = [asyncio.ensure_future(way) for way in ways]
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in tasks:
                task.cancel()
            for end in (far_writer, writer):
                end.transport.abort()

    server = await asyncio.start_server(carry, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, left: list[int]) -> None:
    """Carry until one side ends or the line breaks, in the middle of whatever is being said."""
    with contextlib.suppress(OSError):
        while data := await reader.read(4096):
            writer.write(data[: max(0, left[0])])
            await writer.drain()
            left[0] -= len(data)
            if left[0] <= 0:
                return
