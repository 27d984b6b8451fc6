"""Acts of people on a branch. Invariant: of two at once the second meets the first one's result, and keeps it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from services.chassis.auth import Principal
from services.chassis.errors import not_found
from services.chassis.uow import Transaction
from services.contracts.vocabulary import Actor
from services.routing.commands.entitlement import acting_on
from services.routing.commands.hand import put_back, take
from services.routing.commands.preconditions import check_version
from services.routing.context import Context
from services.routing.domain.branch import Branch

Deed = Callable[[Branch, Actor, datetime], Branch]


@dataclass(frozen=True)
class BranchAct:
    """Which branch, as which of the caller's positions, and the version the client has seen, where it says so."""

    branch_id: str
    as_position: str | None = None
    version: int | None = None


async def act_on_branch(context: Context, caller: Principal, act: BranchAct, deed: Deed) -> Branch:
    """The branch after ``deed``; a deed that changes nothing tells nothing."""
    seen = await context.branches.find(act.branch_id, None)
    if seen is None:
        raise not_found("Surat")
    actor = caller.acting_as(await acting_on(context, caller, seen, act.as_position))

    async def work(tx: Transaction) -> Branch:
        before = await take(context, tx, seen.letter_id)
        branch = before.branch(seen.id)
        after = deed(branch, actor, tx.now)
        if after != branch:
            check_version(branch.version, act.version)
            await put_back(context, tx, before, before.with_branch(after), tx.now)
        return after

    return await context.uow.run(work)
