"""``/v1/books``: the agenda books of the caller's units, by number, as lists and as files."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import Response
from pydantic import BaseModel

from services.chassis.errors import unprocessable
from services.chassis.ids import EntityId
from services.chassis.openapi import problems
from services.chassis.pagination import FIRST_DAY, LAST_DAY, Limit
from services.chassis.sheets import XLSX
from services.intake.api.letters import Reader
from services.intake.commands.books.make_files import agenda_print, agenda_workbook
from services.intake.commands.books.read_agenda import BookOfUnit, Days, list_books, open_book, read_page
from services.intake.context import Ctx
from services.intake.domain.agenda import AgendaBook
from services.intake.domain.books.agenda_entry import AgendaEntry
from services.intake.domain.books.titles import title_of

router = APIRouter(prefix="/v1/books", tags=["intake"])

Year = Annotated[int, Path(ge=1945, le=2200)]
BookPath = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_-]{0,49}$", description="Its name, such as `masuk`.")]
_First = Annotated[date | None, Query(alias="from", ge=FIRST_DAY, le=LAST_DAY, description="From this day on.")]
_Last = Annotated[date | None, Query(alias="to", ge=FIRST_DAY, le=LAST_DAY, description="Through this day.")]
PDF: dict[int | str, dict[str, Any]] = {
    200: {"description": "A4 across", "content": {"application/pdf": {"schema": {"type": "string"}}}}
}
WORKBOOK: dict[int | str, dict[str, Any]] = {200: {"description": "The workbook", "content": {XLSX: {}}}}


async def _days(first: _First = None, last: _Last = None) -> Days:
    if first and last and last < first:
        raise unprocessable("days_reversed", "Tanggal akhir mendahului tanggal awal.", field="to")
    return Days(first, last)


WantedDays = Annotated[Days, Depends(_days)]


class BookView(BaseModel):
    """A book of a unit. ``last`` is the number that was given last; a ``training`` book is for practice."""

    unit_id: str
    unit_name: str
    year: int
    book: str
    title: str
    last: int
    training: bool

    @classmethod
    def of(cls, one: BookOfUnit) -> "BookView":
        """The view."""
        book = one.book
        return cls(
            unit_id=book.unit_id,
            unit_name=one.unit_name,
            year=book.year,
            book=book.name,
            title=title_of(book.name),
            last=one.last,
            training=one.training,
        )


class Books(BaseModel):
    """The books the caller keeps, the newest year first."""

    items: list[BookView]


class AgendaPage(BaseModel):
    """Rows by number; ``next`` is the cursor of the page after, null at the book's end."""

    items: list[AgendaEntry]
    next: int | None = None


@router.get(
    "",
    operation_id="list_books",
    summary="The agenda books of the caller's units",
    responses=problems(401, 403, 422),
)
async def books(
    context: Ctx,
    caller: Reader,
    training: Annotated[bool, Query(description="Those of practice too.")] = False,
) -> Books:
    """Of units whose letters the caller handles; for others the list is empty."""
    return Books(items=[BookView.of(one) for one in await list_books(context, caller, training=training)])


async def _opened(context: Ctx, caller: Reader, unit_id: EntityId, year: Year, book: BookPath) -> BookOfUnit:
    return await open_book(context, caller, AgendaBook(unit_id, book, year))


Opened = Annotated[BookOfUnit, Depends(_opened)]


@router.get(
    "/{unit_id}/{year}/{book}.xlsx",
    operation_id="export_book",
    summary="A buku agenda as a workbook",
    response_class=Response,
    responses={**WORKBOOK, **problems(401, 403, 404, 422)},
)
async def workbook(context: Ctx, caller: Reader, opened: Opened, days: WantedDays) -> Response:
    """All rows of those days, or 422 where there are more than fit into one file."""
    return as_file(await agenda_workbook(context, caller, opened, days), f"{_name(opened)}.xlsx")


@router.get(
    "/{unit_id}/{year}/{book}.pdf",
    operation_id="print_book",
    summary="A buku agenda to be printed",
    response_class=Response,
    responses={**PDF, **problems(401, 403, 404, 422)},
)
async def printed(context: Ctx, caller: Reader, opened: Opened, days: WantedDays) -> Response:
    """All rows of those days, or 422 where there are more than are printed at once."""
    return as_file(await agenda_print(context, caller, opened, days), f"{_name(opened)}.pdf")


@router.get(
    "/{unit_id}/{year}/{book}",
    operation_id="read_book",
    summary="A buku agenda, by number",
    responses=problems(401, 403, 404, 422),
)
async def rows(
    context: Ctx,
    caller: Reader,
    opened: Opened,
    days: WantedDays,
    cursor: Annotated[int, Query(ge=0, le=2**53, description="`next` of the page before.")] = 0,
    limit: Limit = 50,
) -> AgendaPage:
    """Every number has its row: of a letter the caller may not read, the number alone (``withheld``).

    Where days are asked for, a page may hold fewer rows than ``limit`` and still have a ``next``.
    """
    items, following = await read_page(context, caller, opened, days, cursor, limit)
    return AgendaPage(items=items, next=following)


def as_file(content: bytes, name: str) -> Response:
    """The answer that carries a file."""
    pdf = name.endswith(".pdf")
    headers = {
        "Content-Disposition": f'{"inline" if pdf else "attachment"}; filename="{name}"',
        "Cache-Control": "private, no-store",
    }
    return Response(content, media_type="application/pdf" if pdf else XLSX, headers=headers)


def _name(opened: BookOfUnit) -> str:
    return f"buku-agenda-{opened.book.name}-{opened.book.year}"
