"""Make work of a letter again that was done. Invariant: its reason is kept, and it has a deadline anew."""

from collections.abc import Sequence

from services.chassis.auth import Principal
from services.contracts.event import Event
from services.contracts.routing import BranchReopened
from services.routing.commands.act_on_branch import BranchAct, Moment, act_on_branch, of_whoever_settled_it
from services.routing.context import Context
from services.routing.domain.acts import may_reopen
from services.routing.domain.branch import Branch


async def reopen_branch(context: Context, caller: Principal, act: BranchAct, reason: str) -> Branch:
    """The branch, open."""

    async def decide(now: Moment) -> Sequence[Event]:
        if not may_reopen(now.branch, now.actor):
            return []
        deadline = await context.deadlines.for_letter(now.branch.letter.urgency, now.branch.letter.kind, now.at)
        return [
            BranchReopened(
                letter_id=now.branch.letter_id,
                branch_id=now.branch.id,
                reason=reason,
                actor=now.actor,
                due_at=deadline.due_at if deadline else None,
                remind_at=deadline.remind_at if deadline else None,
                at=now.at,
            )
        ]

    return await act_on_branch(context, caller, act, decide, of_whoever_settled_it)
