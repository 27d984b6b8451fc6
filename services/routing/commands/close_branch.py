"""Say that a letter needs nothing more here, with what became of it. Invariant: an open disposition keeps it open."""

from collections.abc import Sequence

from services.chassis.auth import Principal
from services.contracts.event import Event
from services.contracts.routing import BranchClosed, BranchRead
from services.contracts.vocabulary import LetterOutcome
from services.routing.commands.act_on_branch import BranchAct, Moment, act_on_branch, of_whoever_has_it
from services.routing.context import Context
from services.routing.domain.acts import may_close
from services.routing.domain.branch import Branch


async def close_branch(
    context: Context, caller: Principal, act: BranchAct, outcome: LetterOutcome, note: str | None
) -> Branch:
    """The branch, done. Who closes an unread letter has read it."""

    async def decide(now: Moment) -> Sequence[Event]:
        if not may_close(now.branch, now.actor):
            return []
        letter_id, branch_id = now.branch.letter_id, now.branch.id
        made: list[Event] = []
        if now.branch.state == "sent" and not now.branch.external_name:
            made.append(BranchRead(letter_id=letter_id, branch_id=branch_id, actor=now.actor, at=now.at))
        # A copy is done once it is read.
        if not (made and now.branch.role == "copy"):
            closed = {"outcome": outcome, "note": note, "actor": now.actor, "at": now.at}
            made.append(BranchClosed.model_validate({"letter_id": letter_id, "branch_id": branch_id, **closed}))
        return made

    return await act_on_branch(context, caller, act, decide, of_whoever_has_it)
