"""Read a letter on a branch. Invariant: the first reading stays, whoever reads after."""

from services.chassis.auth import Principal
from services.routing.commands.act_on_branch import BranchAct, act_on_branch
from services.routing.context import Context
from services.routing.domain.branch import Branch, opened


async def read_branch(context: Context, caller: Principal, act: BranchAct) -> Branch:
    """The branch, read."""
    return await act_on_branch(context, caller, act, opened)
