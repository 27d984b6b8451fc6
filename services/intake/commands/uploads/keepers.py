"""Who else needs a loose scan. Invariant: a scan that any of them names is neither swept nor discarded.

A keeper is asked for some ids and answers with those it still names: a saved draft does, and an open
batch of what was cut from it. What an open batch holds says so in its own row (see store/scans).
"""

from collections.abc import Awaitable, Callable, Sequence

from services.intake.context import Context

Keeper = Callable[[Context, Sequence[str]], Awaitable[set[str]]]


async def _drafts(context: Context, scan_ids: Sequence[str]) -> set[str]:
    return await context.drafts.naming(scan_ids)


async def _batches(context: Context, scan_ids: Sequence[str]) -> set[str]:
    return await context.batching.batches.naming(scan_ids)


KEEPERS: tuple[Keeper, ...] = (_drafts, _batches)
"""Asked in turn; whoever keeps scans adds a line."""


async def kept_of(context: Context, scan_ids: Sequence[str]) -> set[str]:
    """Those of these ids that somebody still needs."""
    kept: set[str] = set()
    for keeper in KEEPERS:
        kept |= await keeper(context, scan_ids)
    return kept
