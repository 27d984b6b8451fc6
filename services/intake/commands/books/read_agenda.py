"""Read a buku agenda by its numbers. Invariant: every number has its row; what is not the caller's is withheld."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from services.chassis.auth import Principal
from services.chassis.errors import not_found
from services.intake.commands.books.keepers import keeper_of, units_kept_by
from services.intake.context import Context
from services.intake.domain.agenda import TRAINING, AgendaBook
from services.intake.domain.books.agenda_entry import AgendaEntry, entry_of, withheld
from services.intake.domain.letter import Letter
from services.intake.store.agenda import inside
from services.projections.letter_access import may_read

LOOK = 200
"""How many numbers are looked at together."""
MOST_LOOKED = 2_000
"""How many are looked at for one page: where days are asked for, it may hold fewer and lead on."""
SKEW = timedelta(minutes=5)
"""How far the clocks of two processes that number into one book may be apart."""


@dataclass(frozen=True)
class Days:
    """The days of receipt that are wanted, both included."""

    first: date | None = None
    last: date | None = None

    @property
    def all(self) -> bool:
        """Whether none is left out."""
        return self.first is None and self.last is None


@dataclass(frozen=True)
class BookOfUnit:
    """A book, how far it has come, and whose it is."""

    book: AgendaBook
    unit_name: str
    last: int

    @property
    def training(self) -> bool:
        """Whether it is for practice."""
        return self.book.name.startswith(TRAINING)


async def list_books(context: Context, caller: Principal, *, training: bool) -> list[BookOfUnit]:
    """The books the caller's units keep, the newest year first."""
    found = [
        BookOfUnit(book, name, last)
        for unit_id, name in units_kept_by(caller).items()
        for book, last in await context.counters.of_unit(unit_id)
    ]
    shown = [one for one in found if training or not one.training]
    return sorted(shown, key=lambda one: (-one.book.year, one.unit_name, one.book.unit_id, one.book.name))


async def open_book(context: Context, caller: Principal, book: AgendaBook) -> BookOfUnit:
    """The book; 404 where there is none, or it is not the caller's to read."""
    name = keeper_of(caller, book.unit_id)
    last = await context.counters.last(book)
    if not last:
        raise not_found("Buku")
    return BookOfUnit(book, name, last)


async def read_page(
    context: Context, caller: Principal, opened: BookOfUnit, days: Days, after: int, limit: int
) -> tuple[list[AgendaEntry], int | None]:
    """Rows numbered above ``after``, and the number to go on from; None at the book's end."""
    at = max(after, await first_number(context, opened, days) - 1)
    upto = min(opened.last, at + (limit if days.all else MOST_LOOKED))
    rows: list[AgendaEntry] = []
    while at < upto and len(rows) < limit:
        ahead = limit - len(rows) if days.all else LOOK
        letters = await context.books.agenda.between(opened.book, at, min(upto, at + ahead))
        at = min(upto, at + ahead)
        wanted = [one for one in letters if inside(one, days.first, days.last)]
        if len(rows) + len(wanted) > limit:
            wanted = wanted[: limit - len(rows)]
            at = wanted[-1].agenda_number
        rows += await shown(context, caller, wanted)
    return rows, at if at < opened.last else None


async def read_whole(
    context: Context, caller: Principal, opened: BookOfUnit, days: Days
) -> AsyncIterator[Sequence[AgendaEntry]]:
    """All rows of those days, some at a time."""
    at = await first_number(context, opened, days) - 1
    while at < opened.last:
        upto = min(opened.last, at + LOOK)
        letters = await context.books.agenda.between(opened.book, at, upto)
        yield await shown(context, caller, [one for one in letters if inside(one, days.first, days.last)])
        at = upto


async def first_number(context: Context, opened: BookOfUnit, days: Days) -> int:
    """Below this number nothing was received on those days: what is entered was received no later."""
    if days.first is None:
        return 1
    opening = datetime.combine(days.first, time.min, context.settings.zone) - SKEW
    return await context.books.agenda.last_before(opened.book, opening, opened.last) + 1


async def shown(context: Context, caller: Principal, letters: Sequence[Letter]) -> list[AgendaEntry]:
    """The rows of these letters."""
    known = await context.readers.of_many([one.letter_id for one in letters])
    readable = {letter_id for letter_id, access in known.items() if may_read(caller, access)}
    return [entry_of(one) if one.letter_id in readable else withheld(one) for one in letters]
