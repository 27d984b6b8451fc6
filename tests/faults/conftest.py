"""Fixtures for breaking things. Every test leaves the house running as it found it."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from deploy.embedded.environment import EXTERNAL, is_external
from tests.house import House

Crash = Callable[[str, str], Awaitable[None]]


@pytest.fixture(autouse=True)
async def whole_house(house: House) -> AsyncIterator[None]:
    """The house is whole before each test, and again after it."""
    outside = [part for part in EXTERNAL if is_external(part)]
    if outside:
        pytest.skip(f"servers that are not ours cannot be broken: {', '.join(outside)}")
    await house.stack.wait_ready()
    yield
    await house.stack.wait_ready()


@pytest.fixture
def crash(house: House) -> Crash:
    """``await crash("intake", "before-publish")``: the service runs until it kills itself there; then the real one."""

    async def swap(service: str, point: str) -> None:
        await house.stack.stop_part(service)
        environment = {**os.environ, **house.stack.environment(service)}
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.faults.crashing",
            service,
            point,
            env=environment,
            stderr=asyncio.subprocess.PIPE,
        )
        _, errors = await asyncio.wait_for(process.communicate(), 90)
        assert process.returncode == -signal.SIGKILL, errors.decode()[-2000:]
        await house.stack.start_part(service)

    return swap
