"""Take a letter back while nobody there has read it. Invariant: what was read cannot be made unread."""

from collections.abc import Sequence

from services.chassis.auth import Principal
from services.contracts.event import Event
from services.contracts.routing import BranchRecalled
from services.routing.commands.act_on_branch import BranchAct, Moment, act_on_branch, of_sender
from services.routing.context import Context
from services.routing.domain.acts import may_recall
from services.routing.domain.branch import Branch


async def recall_branch(context: Context, caller: Principal, act: BranchAct, reason: str) -> Branch:
    """The branch, recalled."""

    async def decide(now: Moment) -> Sequence[Event]:
        if not may_recall(now.branch, now.actor):
            return []
        return [
            BranchRecalled(
                letter_id=now.branch.letter_id,
                subject=now.subject,
                branch_id=now.branch.id,
                reason=reason,
                actor=now.actor,
                told=now.branch.holders,
                at=now.at,
            )
        ]

    return await act_on_branch(context, caller, act, decide, of_sender)
