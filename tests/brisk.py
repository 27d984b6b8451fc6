"""asyncio as uvicorn's server sees it in tests: it pauses for a tenth of what it would.

uvicorn looks ten times a second whether it is to end, and pauses once more when it does. That is a fifth of a second a
server, and thousands of tests have one of their own. Invariant: nothing but the length of those pauses is another.
"""

import asyncio
from typing import Any

SHARE = 0.1


class Brisk:
    """Everything of asyncio, with shorter pauses."""

    def __getattr__(self, name: str) -> Any:
        return getattr(asyncio, name)

    @staticmethod
    async def sleep(seconds: float) -> None:
        """Pause, but not as long."""
        await asyncio.sleep(seconds * SHARE)
