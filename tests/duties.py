"""Running duties in tests, without the service they belong to."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from services.chassis.service import Duty


@asynccontextmanager
async def at_work(*duties: Duty) -> AsyncIterator[None]:
    """The duties run for the length of the block."""
    tasks = [asyncio.ensure_future(duty()) for duty in duties]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
