"""Follow what disposition tells of a letter. Invariant: in whatever order it comes, the branches end up the same."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from services.chassis.uow import Transaction
from services.routing.commands.hand import Hand, put_back, take
from services.routing.context import Context
from services.routing.domain.disposition import Disposition
from services.routing.domain.letter import progressed
from services.routing.domain.track import Step


async def follow_disposition(
    context: Context,
    tx: Transaction,
    step: Step,
    disposition_id: str,
    learn: Callable[[Disposition], Disposition],
    readers: Sequence[str] = (),
) -> None:
    """Add to what is known of a disposition, let its recipients read the letter, and bring the branches up to it."""
    before = await take(context, tx, step.letter_id)
    letter = before.letter.knowing(learn(before.letter.disposition(disposition_id))).readable_by(readers)
    after = replace(before, letter=letter, branches=progressed(letter, before.branches, _not_before(before, step.at)))
    await put_back(context, tx, before, after, step.at, [step])


def _not_before(hand: Hand, at: datetime) -> datetime:
    """The instant of a change of state: the event's own, but never before the delivery."""
    return max(at, hand.letter.delivered_at)
