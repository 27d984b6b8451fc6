"""One act on several branches. Invariant: each stands for itself; one that is refused holds none of the others up."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from services.chassis.errors import ServiceError
from services.routing.domain.branch import Branch

AT_ONCE = 4


@dataclass(frozen=True)
class Done:
    """What became of the act on one branch: the branch after it, or why not."""

    branch_id: str
    branch: Branch | None = None
    refusal: ServiceError | None = None


async def act_on_several(branch_ids: Sequence[str], act: Callable[[str], Awaitable[Branch]]) -> list[Done]:
    """The act done on each, in the order asked; each branch once."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(branch_id: str) -> Done:
        async with gate:
            try:
                return Done(branch_id, branch=await act(branch_id))
            except ServiceError as refusal:
                return Done(branch_id, refusal=refusal)

    return await asyncio.gather(*(one(branch_id) for branch_id in dict.fromkeys(branch_ids)))
