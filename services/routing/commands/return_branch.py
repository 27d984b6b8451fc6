"""Give a letter back to its sender, with the reason. Invariant: it lies with the sender's unit from then on."""

from collections.abc import Sequence

from services.chassis.auth import Principal
from services.contracts.event import Event
from services.contracts.routing import BranchReturned
from services.routing.commands.act_on_branch import BranchAct, Moment, act_on_branch
from services.routing.commands.places import receivers_in
from services.routing.context import Context
from services.routing.domain.acts import may_return
from services.routing.domain.branch import Branch


async def return_branch(context: Context, caller: Principal, act: BranchAct, reason: str) -> Branch:
    """The branch, returned."""

    async def decide(now: Moment) -> Sequence[Event]:
        if not may_return(now.branch, now.actor):
            return []
        return [
            BranchReturned(
                letter_id=now.branch.letter_id,
                subject=now.subject,
                branch_id=now.branch.id,
                unit_name=now.branch.unit_name,
                reason=reason,
                actor=now.actor,
                told=await _sender_positions(context, now),
                at=now.at,
            )
        ]

    return await act_on_branch(context, caller, act, decide)


async def _sender_positions(context: Context, now: Moment) -> tuple[str, ...]:
    by, confidentiality = now.dossier.letter.registered_by, now.branch.letter.confidentiality
    staff = await context.positions.in_units([by.unit_id], now.tx.session)
    return tuple(dict.fromkeys([by.position_id, *receivers_in(staff, by.unit_id, confidentiality)]))
