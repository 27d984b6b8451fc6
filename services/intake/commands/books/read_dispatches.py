"""Read a buku ekspedisi. Invariant: a row for each addressee, of the caller's own units, whatever may be read of it."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

from services.chassis.auth import Principal
from services.chassis.clock import now
from services.chassis.ids import first_id_of
from services.intake.commands.books.keepers import keeper_of
from services.intake.commands.books.read_agenda import Days
from services.intake.context import Context
from services.intake.domain.books.dispatch import Dispatch, Span
from services.intake.domain.books.dispatch_entry import DispatchEntry, dispatch_entry
from services.projections.letter_access import may_read

WINDOW = timedelta(days=7)
LETTERS = 200
"""How many letters are looked up together."""


async def read_dispatches(
    context: Context, caller: Principal, unit_id: str, days: Days, kind: Span, before: str | None, limit: int
) -> tuple[list[DispatchEntry], str | None]:
    """A page of what the unit has sent, newest first, and the cursor of the next; 404 for another's unit."""
    keeper_of(caller, unit_id)
    span = span_of(context, days, kind)
    found = await context.books.dispatches.newest(unit_id, span, before, limit + 1)
    page = found[:limit]
    return await shown(context, caller, page), page[-1].id if len(found) > limit else None


async def read_all_dispatches(
    context: Context, caller: Principal, unit_id: str, days: Days, kind: Span
) -> AsyncIterator[Sequence[DispatchEntry]]:
    """All the unit has sent on those days, oldest first, some at a time; without a first day, this year's."""
    span = span_of(context, days, kind)
    until = span.until or now()
    since = span.since or datetime(until.astimezone(context.settings.zone).year, 1, 1, tzinfo=context.settings.zone)
    while since < until:
        edge = min(until, since + WINDOW)
        rows = await context.books.dispatches.between(unit_id, first_id_of(since), first_id_of(edge))
        wanted = [one for one in rows if span.takes(one)]
        for start in range(0, len(wanted), LETTERS):
            yield await shown(context, caller, wanted[start : start + LETTERS])
        since = edge


def span_of(context: Context, days: Days, kind: Span) -> Span:
    """The instants at which those days begin and end; an end that is yet to come is none."""
    zone, moment = context.settings.zone, now()
    since = datetime.combine(days.first, time.min, zone) if days.first else None
    until = datetime.combine(days.last + timedelta(days=1), time.min, zone) if days.last else None
    return replace(kind, since=since, until=until if until and until < moment else None)


async def shown(context: Context, caller: Principal, dispatches: Sequence[Dispatch]) -> list[DispatchEntry]:
    """The rows as the caller may see them; a letter that is gone has none."""
    ids = list({one.letter_id for one in dispatches})
    letters = await context.books.agenda.letters(ids)
    known = await context.readers.of_many(ids)
    readable = {letter_id for letter_id, access in known.items() if may_read(caller, access)}
    return [
        dispatch_entry(one, letters[one.letter_id], readable=one.letter_id in readable)
        for one in dispatches
        if one.letter_id in letters
    ]
