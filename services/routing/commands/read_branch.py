"""Read a letter on a branch. Invariant: the first reading stays, whoever reads after."""

from collections.abc import Sequence

from services.chassis.auth import Principal
from services.contracts.event import Event
from services.contracts.routing import BranchRead
from services.routing.commands.act_on_branch import BranchAct, Moment, act_on_branch
from services.routing.context import Context
from services.routing.domain.acts import may_read
from services.routing.domain.branch import Branch


async def read_branch(context: Context, caller: Principal, act: BranchAct) -> Branch:
    """The branch, read."""

    async def decide(now: Moment) -> Sequence[Event]:
        if not may_read(now.branch):
            return []
        return [BranchRead(letter_id=now.branch.letter_id, branch_id=now.branch.id, actor=now.actor, at=now.at)]

    return await act_on_branch(context, caller, act, decide)
