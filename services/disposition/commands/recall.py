"""Take back what was not read yet. Invariant: all that was asked to be taken back is, or nothing; what somebody has
read is theirs to answer.
"""

from collections.abc import Sequence

from services.chassis.errors import not_found
from services.chassis.mongo import Document
from services.disposition.commands import telling_changes as telling
from services.disposition.commands.act_on_part import Asked, Turn, act_as_owner
from services.disposition.commands.change import Change
from services.disposition.commands.desks import leave
from services.disposition.context import Context
from services.disposition.domain import acts
from services.disposition.domain.disposition import Disposition
from services.disposition.domain.recipient import DispositionRecipient


async def recall(context: Context, asked: Asked, recipient_ids: Sequence[str], reason: str | None) -> Document:
    """Take these parts back, or all where none is named; a second time changes nothing."""

    async def work(turn: Turn) -> Change | None:
        parts = [one for one in _meant(turn.disposition, recipient_ids) if acts.may_recall(turn.disposition, one)]
        if not parts:
            return None
        done = [turn.act("recall", one.recipient_id, text=reason) for one in parts]
        after = turn.disposition.having([one.with_facts(turn.at, recalled_at=turn.at) for one in parts])
        after, events = await leave(context, turn.tx, after, {one.recipient_id for one in parts})
        return Change(after, (telling.recalled(after, done[-1], parts), *events), done)

    return await act_as_owner(context, asked, ["recall", sorted(recipient_ids), reason], work)


def _meant(one: Disposition, recipient_ids: Sequence[str]) -> Sequence[DispositionRecipient]:
    """The parts with these ids, or those that still are parts; where none is any more, all: so the refusal says why."""
    found = [one.recipient(each) for each in dict.fromkeys(recipient_ids)]
    if None in found:
        raise not_found("Penerima disposisi")
    return [each for each in found if each] or one.live or one.recipients
