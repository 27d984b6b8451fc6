"""``/v1/dispatches``: the buku ekspedisi of the caller's units: what was sent to whom, and who took it there."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from services.chassis.ids import EntityId
from services.chassis.openapi import problems
from services.chassis.pagination import Cursor, Limit, Page
from services.intake.api.books import PDF, WORKBOOK, WantedDays, as_file
from services.intake.api.letters import Reader
from services.intake.commands.books.make_files import dispatch_print, dispatch_workbook
from services.intake.commands.books.read_dispatches import read_dispatches
from services.intake.context import Ctx
from services.intake.domain.books.dispatch import Span
from services.intake.domain.books.dispatch_entry import DispatchEntry

router = APIRouter(prefix="/v1/dispatches", tags=["intake"])


async def _kind(
    training: Annotated[bool, Query(description="Those of practice instead.")] = False,
    within: Annotated[bool, Query(description="What stayed in the unit too.")] = False,
) -> Span:
    return Span(training=training, within=within)


Kind = Annotated[Span, Depends(_kind)]


@router.get(
    "/{unit_id}.xlsx",
    operation_id="export_dispatches",
    summary="A buku ekspedisi as a workbook",
    response_class=Response,
    responses={**WORKBOOK, **problems(401, 403, 404, 422)},
)
async def workbook(context: Ctx, caller: Reader, unit_id: EntityId, days: WantedDays, kind: Kind) -> Response:
    """Oldest first; without ``from`` this year's. 422 where there are more rows than fit into one file."""
    return as_file(await dispatch_workbook(context, caller, unit_id, days, kind), "buku-ekspedisi.xlsx")


@router.get(
    "/{unit_id}.pdf",
    operation_id="print_dispatches",
    summary="A buku ekspedisi to be printed",
    response_class=Response,
    responses={**PDF, **problems(401, 403, 404, 422)},
)
async def printed(context: Ctx, caller: Reader, unit_id: EntityId, days: WantedDays, kind: Kind) -> Response:
    """Oldest first; without ``from`` this year's. 422 where there are more rows than are printed at once."""
    return as_file(await dispatch_print(context, caller, unit_id, days, kind), "buku-ekspedisi.pdf")


@router.get(
    "/{unit_id}",
    operation_id="list_dispatches",
    summary="A buku ekspedisi, newest first",
    responses=problems(401, 403, 404, 422),
)
async def rows(
    context: Ctx,
    caller: Reader,
    unit_id: EntityId,
    days: WantedDays,
    kind: Kind,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[DispatchEntry]:
    """A row for each addressee, by the day it was sent. Of a letter the caller may not read, the number alone."""
    items, following = await read_dispatches(context, caller, unit_id, days, kind, cursor, limit)
    return Page(items=items, next=following)
