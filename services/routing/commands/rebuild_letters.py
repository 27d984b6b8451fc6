"""Make everything that is kept of letters anew, from their histories. Invariant: letter by letter, each in one
transaction that holds the letter, so it can be done while the house works, be cut off anywhere, and be done again.

What is compared are the documents themselves, with all that lists are asked by: a new rule of which box a branch stands
in reaches old letters through this.
"""

from dataclasses import dataclass, field

from services.chassis.documents import document
from services.chassis.uow import Transaction
from services.routing.context import Context
from services.routing.domain.control import control_row
from services.routing.domain.dossier import folded
from services.routing.store.branches import branch_row


@dataclass
class Rebuilt:
    """How many letters were looked at, which were kept otherwise than their history says, and which have none."""

    letters: int = 0
    different: list[str] = field(default_factory=list)
    without_history: list[str] = field(default_factory=list)


async def rebuild_letters(context: Context, *, only_check: bool = False) -> Rebuilt:
    """Rebuild every letter that has a history; with ``only_check`` compare and change nothing."""
    done = Rebuilt()
    known = await context.history.letters()
    for letter_id in known:
        if not await _rebuild(context, letter_id, only_check):
            done.different.append(letter_id)
        done.letters += 1
    done.without_history = sorted(set(await context.letters.ids()) - set(known))
    return done


async def _rebuild(context: Context, letter_id: str, only_check: bool) -> bool:
    """Whether what was kept is what the history says."""

    async def work(tx: Transaction) -> bool:
        letter = await context.letters.document_of(letter_id, tx.session)
        entries = await context.history.of(letter_id, tx.session)
        truth = folded([(entry.event, entry.seq) for entry in entries])
        branches = await context.branches.documents_of(letter_id, tx.session)
        row = await context.control_list.document_of(letter_id, tx.session)
        ways = sorted((branch_row(one) for one in truth.branches), key=lambda one: str(one["_id"]))
        same = (letter, branches, row) == (document(truth.letter), ways, document(control_row(truth)))
        if not same and not only_check:
            await context.letters.replace(truth.letter, tx.now, tx.session)
            for branch in truth.branches:
                await context.branches.change(branch, tx.session)
            await context.branches.drop(letter_id, [one.id for one in truth.branches], tx.session)
            await context.control_list.put(control_row(truth), tx.session)
        return same

    return await context.uow.run(work)
