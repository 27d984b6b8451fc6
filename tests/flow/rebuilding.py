"""The operator's command that makes what is kept of letters anew."""

import asyncio
import os
import sys

from tests.house import House


async def rebuild(house: House, *words: str) -> tuple[int, str]:
    """Its exit code, and what it says."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "services.routing.rebuild",
        *words,
        env={**os.environ, **house.stack.environment("routing")},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    said, complaint = await asyncio.wait_for(process.communicate(), 180)
    return process.returncode or 0, said.decode() or complaint.decode()
