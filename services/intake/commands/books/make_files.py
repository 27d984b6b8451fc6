"""Make files of a unit's books. Invariant: a file holds all that was asked for, or is refused: never a part of it.

One file is made at a time in a process; rows are read some at a time and kept as the cells they become.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from services.chassis.auth import Principal
from services.chassis.clock import now
from services.chassis.errors import unavailable, unprocessable
from services.chassis.sheets import Cell, write_workbook
from services.intake.commands.books.keepers import keeper_of
from services.intake.commands.books.read_agenda import BookOfUnit, Days, read_whole
from services.intake.commands.books.read_dispatches import read_all_dispatches
from services.intake.commands.books.typeset_book import typeset_book
from services.intake.context import Context
from services.intake.domain.books.columns import (
    AGENDA_COLUMNS,
    AGENDA_HEADINGS,
    DISPATCH_COLUMNS,
    DISPATCH_HEADINGS,
    PrintedRow,
    agenda_cells,
    dispatch_cells,
    printed_agenda,
    printed_dispatch,
)
from services.intake.domain.books.dispatch import Span
from services.intake.domain.books.titles import title_of
from services.projections.local_dates import long_date, moment

PATIENCE_SECONDS = 20.0
"""How long somebody waits for their turn before being told to come again."""
Row = TypeVar("Row")
Made = TypeVar("Made")


@dataclass(frozen=True)
class Wanted:
    """Whose file, and of what: the title and the unit at its head, and the days."""

    caller: Principal
    title: str
    unit_name: str
    period: str
    training: bool = False


async def agenda_workbook(context: Context, caller: Principal, opened: BookOfUnit, days: Days) -> bytes:
    """The buku agenda as XLSX."""
    zone = context.settings.zone
    wanted = _agenda(caller, opened, days)
    rows = read_whole(context, caller, opened, days)
    return await _workbook(context, wanted, AGENDA_HEADINGS, rows, lambda _, one: agenda_cells(one, zone))


async def agenda_print(context: Context, caller: Principal, opened: BookOfUnit, days: Days) -> bytes:
    """The buku agenda as PDF."""
    async with _turn(context):
        most, zone = context.settings.book_print_rows, context.settings.zone
        pages = read_whole(context, caller, opened, days)
        rows = await _gathered(pages, most, lambda _, one: printed_agenda(one, zone))
        head = _head(context, _agenda(caller, opened, days), len(rows))
        return await typeset_book(context.settings, head, AGENDA_COLUMNS, rows, now())


async def dispatch_workbook(context: Context, caller: Principal, unit_id: str, days: Days, kind: Span) -> bytes:
    """The buku ekspedisi as XLSX."""
    zone = context.settings.zone
    wanted = _dispatches(context, caller, unit_id, days, kind)
    rows = read_all_dispatches(context, caller, unit_id, days, kind)
    return await _workbook(context, wanted, DISPATCH_HEADINGS, rows, lambda _, one: dispatch_cells(one, zone))


async def dispatch_print(context: Context, caller: Principal, unit_id: str, days: Days, kind: Span) -> bytes:
    """The buku ekspedisi as PDF."""
    wanted = _dispatches(context, caller, unit_id, days, kind)
    async with _turn(context):
        most, zone = context.settings.book_print_rows, context.settings.zone
        pages = read_all_dispatches(context, caller, unit_id, days, kind)
        rows: list[PrintedRow] = await _gathered(pages, most, lambda n, one: printed_dispatch(n, one, zone))
        return await typeset_book(context.settings, _head(context, wanted, len(rows)), DISPATCH_COLUMNS, rows, now())


def _agenda(caller: Principal, opened: BookOfUnit, days: Days) -> Wanted:
    book = opened.book
    period = f"Tahun {book.year}" if days.all else _period(days, date(book.year, 1, 1), None)
    return Wanted(caller, title_of(book.name), opened.unit_name, period, opened.training)


def _dispatches(context: Context, caller: Principal, unit_id: str, days: Days, kind: Span) -> Wanted:
    today = now().astimezone(context.settings.zone).date()
    period = _period(days, date(today.year, 1, 1), today)
    return Wanted(caller, "Buku Ekspedisi", keeper_of(caller, unit_id), period, kind.training)


def _period(days: Days, first: date, last: date | None) -> str:
    until = days.last or last
    return f"{long_date(days.first or first)} s.d. {long_date(until) if until else 'akhir buku'}"


async def _workbook(
    context: Context,
    wanted: Wanted,
    headings: Sequence[str],
    pages: AsyncIterator[Sequence[Row]],
    cells: Callable[[int, Row], list[Cell]],
) -> bytes:
    async with _turn(context):
        rows = await _gathered(pages, context.settings.book_rows, cells)
        head = _head(context, wanted, len(rows))
        about: list[Sequence[Cell]] = [["Buku", wanted.title], ["Unit", wanted.unit_name], ["Masa", wanted.period]]
        about += [["Jumlah baris", len(rows)], ["Diunduh oleh", wanted.caller.name], ["Pada", str(head["printed_at"])]]
        sheets: dict[str, Iterable[Sequence[Cell]]] = {wanted.title[:31]: [headings, *rows], "Keterangan": about}
        return await asyncio.to_thread(write_workbook, sheets)


async def _gathered(pages: AsyncIterator[Sequence[Row]], most: int, made: Callable[[int, Row], Made]) -> list[Made]:
    """What is made of all rows, counted from 1; 422 where there are more than fit into one file."""
    found: list[Made] = []
    async for page in pages:
        if len(found) + len(page) > most:
            detail = f"Buku ini memuat lebih dari {most} baris untuk satu berkas. Persempit tanggalnya."
            raise unprocessable("book_too_long", detail, most=most)
        found += [made(len(found) + number, one) for number, one in enumerate(page, start=1)]
    return found


@asynccontextmanager
async def _turn(context: Context) -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await context.books.making.acquire()
    except TimeoutError:
        raise unavailable("Berkas lain sedang dibuat. Silakan coba lagi sebentar.") from None
    try:
        yield
    finally:
        context.books.making.release()


def _head(context: Context, wanted: Wanted, rows: int) -> dict[str, object]:
    at: datetime = now()
    zone = context.settings.zone
    lines = (context.settings.regency_name, wanted.unit_name)
    return {
        "title": wanted.title,
        "unit": wanted.unit_name,
        "period": wanted.period,
        "practice": wanted.training,
        "letterhead": [line.upper() for line in lines if line],
        "printed_by": wanted.caller.name,
        "printed_at": moment(at, zone),
        "printed_on": long_date(at.astimezone(zone).date()),
        "closing": f"Buku ini memuat {rows} baris." if rows else "Tidak ada yang tercatat.",
    }
