"""Acts of people on a branch. Invariant: of two at once the second meets the first one's result, and keeps it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.chassis.auth import Principal
from services.chassis.errors import ServiceError, conflict, not_found
from services.chassis.preconditions import check_version
from services.chassis.uow import Transaction
from services.contracts.event import Event
from services.contracts.vocabulary import Actor
from services.projections.letter_access import may_read
from services.routing.commands.audit import note_refusal
from services.routing.commands.dossiers import happen, take_valid
from services.routing.commands.entitlement import Side, acting_on, is_entitled, is_sender
from services.routing.context import Context
from services.routing.domain.branch import Branch
from services.routing.domain.dossier import Dossier
from services.routing.domain.letter import Letter


@dataclass(frozen=True)
class BranchAct:
    """Which branch, as which of the caller's positions, and the version the client has seen, where it says so."""

    branch_id: str
    as_position: str | None = None
    version: int | None = None


@dataclass(frozen=True)
class Moment:
    """What an act is decided on: the letter as it is, the branch, who acts, and when."""

    tx: Transaction
    dossier: Dossier
    branch: Branch
    actor: Actor

    @property
    def at(self) -> datetime:
        """The instant of the transaction."""
        return self.tx.now

    @property
    def subject(self) -> str:
        """What the letter is about."""
        return self.dossier.letter.summary.subject


Decide = Callable[[Moment], Awaitable[Sequence[Event]]]


def of_holder(branch: Branch) -> Side:
    """Acts of those the letter came to; what goes out of the house is in its sender's hands."""
    return "sender" if branch.external_name else "holder"


def of_whoever_has_it(branch: Branch) -> Side:
    """Acts of those the letter lies with: of its sender, once it came back."""
    return "sender" if branch.external_name or branch.state == "returned" else "holder"


def of_whoever_settled_it(branch: Branch) -> Side:
    """Acts on what is done: of its sender, where that is who closed it after it had come back."""
    closed_by = branch.closed.actor.unit_id if branch.closed else None
    came_back = branch.returned is not None and closed_by == branch.sender_unit_id
    return "sender" if branch.external_name or branch.state == "returned" or came_back else "holder"


def of_sender(_: Branch) -> Side:
    """Acts of those the letter came from."""
    return "sender"


async def act_on_branch(
    context: Context, caller: Principal, act: BranchAct, decide: Decide, side: Callable[[Branch], Side] = of_holder
) -> Branch:
    """The branch after what was decided; a decision for nothing tells nothing."""
    seen = await context.branches.find(act.branch_id, None)
    letter = await context.letters.find(seen.letter_id, None) if seen else None
    if seen is None or letter is None:
        raise not_found("Surat")
    _still_there(caller, letter, seen, side(seen))
    try:
        acting_on(caller, letter, seen, side(seen), act.as_position)
    except ServiceError as refusal:
        if refusal.status == 404:
            await note_refusal(context, caller, letter.id, known=True)
        raise

    async def work(tx: Transaction) -> Branch:
        before = await take_valid(context, tx, seen.letter_id)
        branch = before.branch(seen.id)
        _still_there(caller, before.letter, branch, side(branch))
        held = acting_on(caller, before.letter, branch, side(branch), act.as_position)
        made = await decide(Moment(tx, before, branch, caller.acting_as(held)))
        if not made:
            return branch
        check_version(branch.version, act.version)
        return (await happen(context, tx, before, made)).branch(seen.id)

    return await context.uow.run(work)


def _still_there(caller: Principal, letter: Letter, branch: Branch, side: Side) -> None:
    """409 for those it lay with until it went back to its sender."""
    mine = any(is_entitled(held, branch) and not is_sender(held, letter) for held in caller.positions)
    if side == "sender" and branch.state == "returned" and mine and may_read(caller, letter.access):
        raise conflict("branch_returned", "Surat ini sudah dikembalikan kepada pengirim.", state=branch.snapshot())
