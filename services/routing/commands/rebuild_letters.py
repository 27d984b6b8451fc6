"""Make everything that is kept of letters anew, from their histories. Invariant: letter by letter, each in one
transaction that holds the letter, so it can be done while the house works, be cut off anywhere, and be done again.
"""

from dataclasses import dataclass, field

from services.chassis.uow import Transaction
from services.routing.context import Context
from services.routing.domain.control import ControlRow, control_row
from services.routing.domain.dossier import Dossier, folded


@dataclass
class Rebuilt:
    """How many letters were looked at, and which of them were kept otherwise than their history says."""

    letters: int = 0
    different: list[str] = field(default_factory=list)


async def rebuild_letters(context: Context, *, only_check: bool = False) -> Rebuilt:
    """Rebuild every letter that has a history; with ``only_check`` compare and change nothing."""
    done = Rebuilt()
    async for letter_id in context.history.letters():
        if not await _rebuild(context, letter_id, only_check):
            done.different.append(letter_id)
        done.letters += 1
    return done


async def _rebuild(context: Context, letter_id: str, only_check: bool) -> bool:
    """Whether what was kept is what the history says."""

    async def work(tx: Transaction) -> bool:
        held = await context.letters.take(letter_id, tx.session)
        entries = await context.history.of(letter_id, tx.session)
        truth = folded([(entry.event, entry.seq) for entry in entries])
        branches = tuple(await context.branches.of(letter_id, tx.session))
        kept = Dossier(held, branches) if held else None
        row = await context.control_list.find(letter_id, tx.session)
        same = kept == _sorted(truth) and row == _as_kept(control_row(truth))
        if not same and not only_check:
            await context.letters.replace(truth.letter, tx.now, tx.session)
            for branch in truth.branches:
                await context.branches.change(branch, tx.session)
            await context.branches.drop(letter_id, [one.id for one in truth.branches], tx.session)
            await context.control_list.put(control_row(truth), tx.session)
        return same

    return await context.uow.run(work)


def _sorted(dossier: Dossier) -> Dossier:
    return Dossier(dossier.letter, tuple(sorted(dossier.branches, key=lambda branch: branch.id)))


def _as_kept(row: ControlRow) -> ControlRow:
    return ControlRow.model_validate(row.model_dump())
