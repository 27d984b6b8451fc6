"""Receive a letter on a branch as the unit's work. Invariant: one position receives it; another is told who did."""

from services.chassis.auth import Principal
from services.routing.commands.act_on_branch import BranchAct, act_on_branch
from services.routing.context import Context
from services.routing.domain.branch import Branch, accepted


async def receive_branch(context: Context, caller: Principal, act: BranchAct) -> Branch:
    """The branch, received."""
    return await act_on_branch(context, caller, act, accepted)
