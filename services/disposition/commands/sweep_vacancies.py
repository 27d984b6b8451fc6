"""See to the work of positions that nobody holds any more. Invariant: once the days of grace are over, nothing open
lies with a position that was left: it goes up to whoever is there, or back to whoever gave it. A position that nobody
ever held is left alone; who gives it work is warned.

A position is looked at when something becomes known of its assignments, and every day; a look that was too early, for
news still on the way, is thereby made good.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from services.chassis.clock import now
from services.chassis.ids import new_id
from services.chassis.uow import Transaction
from services.contracts.routing import PositionChanged
from services.disposition.commands import telling
from services.disposition.commands.change import STUCK, Change, keep
from services.disposition.commands.desks import leave
from services.disposition.commands.move import Move, move_giving, part_moved
from services.disposition.context import Context
from services.disposition.domain.disposition import Act, Disposition
from services.disposition.domain.hand_over import awaits, open_part, seat_of
from services.disposition.domain.recipient import DispositionRecipient
from services.disposition.domain.vacancy import DAY, Vacancy, heir_of_giving, heir_of_part, is_held, vacancy_of
from services.disposition.store.vacancies import Watched

log = logging.getLogger(__name__)
LOOKS = 50
MOVES = 50
"""How many dispositions of one position are moved at a time."""
AGAIN = timedelta(minutes=10)
"""How soon a vacant position is looked at again: work may still be given to it, and what is below come to an end."""


@dataclass(frozen=True)
class Vacant:
    """A vacant position on a day, and which of its superiors are held."""

    position: PositionChanged
    vacancy: Vacancy
    held: dict[str, PositionChanged]
    latest: date
    """Work that came to lie there after this day has its own days of grace to wait."""


async def sweep_vacancies(context: Context, clock: Callable[[], datetime] = now) -> int:
    """Look at the positions that are to be looked at by now; how many it were."""
    at = clock()
    due = await context.vacancies.due(at, LOOKS)
    for seen in due:
        try:
            after = await _look(context, seen, at)
        except STUCK as reason:
            log.error("whether position %s is vacant cannot be told: %s", seen.id, reason)
            after = seen.model_copy(update={"look_at": at + AGAIN})
        await context.vacancies.looked(seen, after)
    return len(due)


async def _look(context: Context, seen: Watched, at: datetime) -> Watched:
    today = at.astimezone(context.timezone).date()
    tomorrow = datetime.combine(today + DAY, time(), context.timezone).astimezone(UTC)
    position = await context.organisation.known(seen.id)
    assignments = await context.officials.assignments_of(seen.id)
    if position is None or (position.active and is_held(assignments, today)):
        return Watched(id=seen.id, look_at=tomorrow)
    noticed_on = seen.noticed_on or today
    grace = context.vacancy_grace_days if position.active else 0
    vacancy = vacancy_of(position.title, assignments, noticed_on, grace)
    if today < vacancy.due_on:
        return Watched(id=seen.id, look_at=tomorrow, noticed_on=noticed_on)
    held = await _held(context, position, today)
    vacant = Vacant(position, vacancy, held, today - grace * DAY)
    left = await _clear(context, vacant)
    return Watched(id=seen.id, look_at=at if left else at + AGAIN, noticed_on=noticed_on)


async def _held(context: Context, position: PositionChanged, day: date) -> dict[str, PositionChanged]:
    active = await context.organisation.positions(position.superiors)
    return {
        one.position_id: one for one in active if is_held(await context.officials.assignments_of(one.position_id), day)
    }


async def _clear(context: Context, vacant: Vacant) -> bool:
    """Move what lies there; whether there may be more."""
    moved = 0
    for disposition_id in await context.hand_overs.open_work(vacant.position.position_id):
        moved += await _move(context, vacant, disposition_id)
        if moved >= MOVES:
            return True
    return False


async def _move(context: Context, vacant: Vacant, disposition_id: str) -> int:
    async def work(tx: Transaction) -> int:
        one = await context.dispositions.get(disposition_id, tx.session)
        if one is None:
            return 0
        if part := open_part(one, vacant.position.position_id):
            return await _move_part(context, tx, vacant, one, part)
        if awaits(one, vacant.position.position_id) and _long_there(context, vacant, one.owner.since):
            return await _move_giving(context, tx, vacant, one)
        return 0

    async with context.locks.hold(disposition_id):
        try:
            return await context.uow.run(work)
        except STUCK as reason:
            # Moved on meanwhile, or not whole: another look will tell, and it holds no other work up.
            log.error("the work of a vacant position in disposition %s stays where it is: %s", disposition_id, reason)
            return 0


def _long_there(context: Context, vacant: Vacant, since: datetime) -> bool:
    return since.astimezone(context.timezone).date() <= vacant.latest


async def _move_part(
    context: Context, tx: Transaction, vacant: Vacant, one: Disposition, part: DispositionRecipient
) -> int:
    if not _long_there(context, vacant, part.seat().since):
        return 0
    heir = heir_of_part(one, part, vacant.position.superiors, vacant.held)
    if heir:
        move = Move(tx, seat_of(vacant.held[heir], tx.now), vacant.vacancy.reason)
        await keep(context, tx, one, await part_moved(context, move, one, part))
        return 1
    if part.below:
        # Others are at work on it; it goes back when they are done.
        return 0
    await _give_back(context, tx, one, part, vacant.vacancy.reason)
    return 1


async def _move_giving(context: Context, tx: Transaction, vacant: Vacant, one: Disposition) -> int:
    heir = heir_of_giving(one, vacant.position.superiors, vacant.held)
    if heir is None:
        return 0
    await move_giving(context, Move(tx, seat_of(vacant.held[heir], tx.now), vacant.vacancy.reason), one)
    return 1


async def _give_back(
    context: Context, tx: Transaction, one: Disposition, part: DispositionRecipient, reason: str
) -> None:
    """Decline the part in the place of nobody."""
    act = Act(
        id=new_id(),
        disposition_id=one.id,
        recipient_id=part.recipient_id,
        kind="decline",
        text=reason,
        at=tx.now,
    )
    after = one.with_part(part.recipient_id, tx.now, declined_at=tx.now)
    after, events = await leave(context, tx, after, {part.recipient_id})
    await keep(context, tx, one, Change(after, (telling.declined(after, act), *events), (act,)))
