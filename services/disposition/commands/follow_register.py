"""Follow what the register says of a letter later. Invariant: every disposition says of its letter what the register
says, and of a void letter nothing is open.

Whoever gives work at this very moment writes the same desk or the same disposition: it clashes, and finds the letter
void when it runs again.
"""

from collections.abc import Sequence

from services.chassis.ids import new_id
from services.chassis.uow import Transaction
from services.contracts.intake import LetterCorrected, LetterVoided
from services.contracts.routing import LetterDelivered
from services.disposition.commands import telling_changes as telling
from services.disposition.commands.change import Change, keep
from services.disposition.commands.desks import claim
from services.disposition.context import Context
from services.disposition.domain.disposition import Act, Disposition
from services.disposition.domain.letter_line import about, reason_of
from services.disposition.domain.recipient import DispositionRecipient


async def follow_correction(context: Context, event: LetterCorrected, tx: Transaction) -> None:
    """Bring the letter's dispositions up to what is known of it now, whichever correction was heard of first."""
    letter = await _delivery(context, event.letter_id, tx)
    for one in await context.dispositions.about(event.letter_id, tx.session):
        after = about(one, letter)
        if after != one:
            await keep(context, tx, one, Change(after))


async def follow_void(context: Context, event: LetterVoided, tx: Transaction) -> None:
    """Take back all that is open, from the top down: then nothing is told as settled by what was below it."""
    given = await context.dispositions.about(event.letter_id, tx.session)
    letter = await _delivery(context, event.letter_id, tx)
    ways = await context.branches.of(letter, tx.session)
    for desk_id in dict.fromkeys([*(way.branch.branch_id for way in ways), *(one.desk for one in given)]):
        await claim(context, tx, await context.desks.get(desk_id, tx.session), None)
    for one in sorted(given, key=lambda each: (len(each.above), each.id)):
        now = await context.dispositions.get(one.id, tx.session)
        if now is not None:
            await keep(context, tx, now, _taken_back(now, event, tx))


async def _delivery(context: Context, letter_id: str, tx: Transaction) -> LetterDelivered:
    letter = await context.letters.delivery(letter_id, tx.session)
    if letter is None:
        raise LookupError(f"letter {letter_id}, which the projection has just kept")
    return letter


def _taken_back(one: Disposition, event: LetterVoided, tx: Transaction) -> Change:
    """Who was at work hears of it from the register's own news, so the recall itself tells nobody."""
    parts = [part for part in one.recipients if part.is_open]
    if not parts:
        return Change(one)
    acts = _acts(one, parts, event, tx)
    after = one.having([part.with_facts(tx.now, recalled_at=tx.now) for part in parts])
    told = telling.recalled(after, acts[-1], parts).model_copy(update={"told": ()})
    return Change(after, (told,), acts)


def _acts(one: Disposition, parts: Sequence[DispositionRecipient], event: LetterVoided, tx: Transaction) -> list[Act]:
    return [
        Act(
            id=new_id(),
            disposition_id=one.id,
            recipient_id=part.recipient_id,
            kind="recall",
            text=reason_of(event),
            actor=event.voided_by,
            at=tx.now,
        )
        for part in parts
    ]
