"""Put a letter that is done into the unit's files. Invariant: a letter is archived when every unit has filed it."""

from collections.abc import Sequence

from services.chassis.auth import Principal
from services.contracts.event import Event
from services.contracts.routing import BranchFiled
from services.routing.commands.act_on_branch import BranchAct, Moment, act_on_branch, of_whoever_settled_it
from services.routing.context import Context
from services.routing.domain.acts import may_file
from services.routing.domain.branch import Branch


async def file_branch(context: Context, caller: Principal, act: BranchAct, place: str | None) -> Branch:
    """The branch, filed."""

    async def decide(now: Moment) -> Sequence[Event]:
        if not may_file(now.branch, now.actor):
            return []
        letter_id, branch_id = now.branch.letter_id, now.branch.id
        return [BranchFiled(letter_id=letter_id, branch_id=branch_id, place=place, actor=now.actor, at=now.at)]

    return await act_on_branch(context, caller, act, decide, of_whoever_settled_it)
