"""Receive a letter as the unit's work. Invariant: one position receives it; whoever accepts a letter has opened it."""

from collections.abc import Sequence

from services.chassis.auth import Principal
from services.contracts.event import Event
from services.contracts.routing import BranchRead, BranchReceived
from services.routing.commands.act_on_branch import BranchAct, Moment, act_on_branch
from services.routing.context import Context
from services.routing.domain.acts import may_receive
from services.routing.domain.branch import Branch


async def receive_branch(context: Context, caller: Principal, act: BranchAct) -> Branch:
    """The branch, received."""

    async def decide(now: Moment) -> Sequence[Event]:
        if not may_receive(now.branch, now.actor):
            return []
        letter_id, branch_id = now.branch.letter_id, now.branch.id
        made: list[Event] = []
        if now.branch.read is None:
            made.append(BranchRead(letter_id=letter_id, branch_id=branch_id, actor=now.actor, at=now.at))
        made.append(BranchReceived(letter_id=letter_id, branch_id=branch_id, actor=now.actor, at=now.at))
        return made

    return await act_on_branch(context, caller, act, decide)
