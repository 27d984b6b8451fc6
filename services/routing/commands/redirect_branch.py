"""Send a letter to another place instead. Invariant: it is never on two ways at once, and never on none."""

from collections.abc import Sequence

from services.chassis.auth import Principal
from services.chassis.errors import conflict
from services.contracts.event import Event
from services.contracts.routing import BranchRedirected
from services.contracts.vocabulary import Party
from services.routing.commands.act_on_branch import BranchAct, Moment, act_on_branch, of_whoever_has_it
from services.routing.commands.open_ways import new_ways
from services.routing.context import Context
from services.routing.domain.acts import may_redirect
from services.routing.domain.branch import Branch
from services.routing.domain.delivery import destinations


async def redirect_branch(context: Context, caller: Principal, act: BranchAct, to: Party, reason: str) -> Branch:
    """The branch the letter left; ``redirected.branch_id`` is the one it goes on now."""

    async def decide(now: Moment) -> Sequence[Event]:
        if not may_redirect(now.branch, now.actor):
            return _repeated(now, to)
        ways = await new_ways(context, now.tx, now.dossier, destinations([to]))
        if not ways:
            raise conflict("already_there", f"Surat ini sudah ada di {to.name}.", state=now.branch.snapshot())
        return [
            BranchRedirected(
                letter_id=now.branch.letter_id,
                subject=now.subject,
                branch_id=now.branch.id,
                branch=ways[0],
                reason=reason,
                actor=now.actor,
                told=(now.dossier.letter.registered_by.position_id,),
                at=now.at,
            )
        ]

    return await act_on_branch(context, caller, act, decide, of_whoever_has_it)


def _repeated(now: Moment, to: Party) -> Sequence[Event]:
    """The same again changes nothing; the same person sending it somewhere else comes too late."""
    went = next(
        (one for one in now.dossier.branches if now.branch.redirected and one.id == now.branch.redirected.branch_id),
        None,
    )
    place = went and (went.position_id or went.external_name or went.unit_id)
    if place not in (to.id, to.name):
        raise conflict("branch_redirected", "Surat ini sudah dialihkan ke tujuan lain.", state=now.branch.snapshot())
    return []
