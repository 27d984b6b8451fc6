"""Remove objects that were given up. Invariant: what is written down to be removed is, sooner or later."""

import contextlib

from services.chassis.storage import StorageUnavailable
from services.intake.context import Context


async def remove_now(context: Context, key: str) -> None:
    """Remove the object; where the store is away, the sweep does."""
    with contextlib.suppress(StorageUnavailable):
        await context.storage.remove(key)
        await context.removals.done(key)


async def remove_written_down(context: Context, limit: int = 100) -> int:
    """Remove what somebody wrote down and did not get to remove; how many."""
    keys = await context.removals.some(limit)
    for key in keys:
        await context.storage.remove(key)
        await context.removals.done(key)
    return len(keys)
