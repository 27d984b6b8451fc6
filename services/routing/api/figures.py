"""Figures: how long letters take and where they end, who works with it, what lies undone; as answers and as a workbook.

For those who handle a unit's letters their own unit's, for who oversees the regency all.
"""

from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Depends, Response

from services.chassis.auth import Caller, Principal, require
from services.chassis.clock import now
from services.chassis.conditions import SeenVersion, tag
from services.chassis.errors import not_found
from services.chassis.openapi import problems
from services.chassis.sheets import XLSX
from services.routing.api.figure_models import (
    BaselineView,
    FromMonth,
    MonthOutcomes,
    MonthSteps,
    OneMonth,
    OutcomesView,
    OwnUnit,
    StepsView,
    ToMonth,
    UnitOutcomes,
    UnitSteps,
    outcomes_group,
    steps_group,
    unit_fields,
)
from services.routing.api.figure_standings import AdoptionsView, BacklogView, adoptions_view, backlog_view
from services.routing.commands.figure_adoption import figure_adoption
from services.routing.commands.figure_backlogs import figure_backlogs
from services.routing.commands.figure_baselines import BaselineIn, state_baseline
from services.routing.commands.figure_counts import count_period
from services.routing.commands.figure_entitlement import SCOPE, scope_of
from services.routing.commands.figure_report import Asked, figure_report
from services.routing.domain.figure_counts import Tally
from services.routing.domain.figure_period import period
from services.routing.domain.figures import month_of
from services.routing.domain.organisation import Unit
from services.routing.figure_room import Figures

router = APIRouter(prefix="/v1/figures", tags=["routing"])
Writer = Annotated[Principal, Depends(require(SCOPE))]
REFUSALS = problems(401, 403, 404, 422)


async def _asked(
    room: Figures, caller: Caller, unit_id: OwnUnit = None, first: FromMonth = None, last: ToMonth = None
) -> Asked:
    scope = await scope_of(room, caller, unit_id)
    span = period(first, last, month_of(now(), room.zone))
    return Asked(scope, span, await count_period(room, scope, span), await room.baselines.newest())


Wanted = Annotated[Asked, Depends(_asked)]


@router.get(
    "/steps", operation_id="figure_steps", summary="How long letters take, by unit and month", responses=REFUSALS
)
async def get_steps(asked: Wanted) -> StepsView:
    """Count, median and 90th percentile of every step, beside how long it took on paper where that was measured.

    With a unit, ``months`` are that unit's; else those of all units the caller sees, together.
    """
    counted, before = asked.counted, asked.before
    return StepsView(
        from_month=asked.span.first,
        to_month=asked.span.last,
        counted_at=counted.counted_at,
        total=steps_group(counted.total, before),
        months=[MonthSteps(month=month, **dict(steps_group(one, before))) for month, one in counted.months.items()],
        units=[UnitSteps(**unit_fields(unit), **dict(steps_group(one, before))) for unit, one in _units(asked)],
    )


@router.get(
    "/outcomes",
    operation_id="figure_outcomes",
    summary="What became of letters, and where they ended",
    responses=REFUSALS,
)
async def get_outcomes(asked: Wanted) -> OutcomesView:
    """Letters are counted for the unit that registered them, their ways for the units they came to."""
    counted, before = asked.counted, asked.before
    return OutcomesView(
        from_month=asked.span.first,
        to_month=asked.span.last,
        counted_at=counted.counted_at,
        total=outcomes_group(counted.total, before),
        months=[
            MonthOutcomes(month=month, **dict(outcomes_group(one, before))) for month, one in counted.months.items()
        ],
        units=[UnitOutcomes(**unit_fields(unit), **dict(outcomes_group(one, before))) for unit, one in _units(asked)],
    )


@router.get("/adoption", operation_id="figure_adoption", summary="Who works with it, by office", responses=REFUSALS)
async def get_adoption(room: Figures, caller: Caller, month: OneMonth = None, unit_id: OwnUnit = None) -> AdoptionsView:
    """Offices with their subdivisions, those too where nobody did anything."""
    chosen = month or month_of(now(), room.zone)
    found = await figure_adoption(room, await scope_of(room, caller, unit_id), chosen)
    return adoptions_view(chosen, found)


@router.get("/backlog", operation_id="figure_backlog", summary="What lies undone, by unit", responses=REFUSALS)
async def get_backlog(room: Figures, caller: Caller, unit_id: OwnUnit = None) -> BacklogView:
    """At this moment: open, not followed up, overdue, how old, and since when the oldest."""
    return backlog_view(await figure_backlogs(room, await scope_of(room, caller, unit_id)))


@router.get(
    "/report.xlsx",
    operation_id="figure_report",
    summary="All figures as a workbook",
    response_class=Response,
    responses={200: {"content": {XLSX: {}}, "description": "A sheet for each"}, **REFUSALS},
)
async def get_report(room: Figures, asked: Wanted) -> Response:
    """A sheet each for times, steps, outcomes, adoption (of the last month) and backlog, with headings in Bahasa."""
    content = await figure_report(room, asked)
    name = f"kinerja-surat-{asked.span.first}-{asked.span.last}.xlsx"
    return Response(content, media_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@router.get("/baseline", operation_id="get_figure_baseline", summary="How long it took on paper", responses=REFUSALS)
async def get_baseline(room: Figures, caller: Caller, response: Response) -> BaselineView:
    """404 where it was not measured, or not stated yet."""
    await scope_of(room, caller)
    baseline = await room.baselines.newest()
    if baseline is None:
        raise not_found("Data awal")
    tag(response, baseline.version)
    return BaselineView(**baseline.model_dump())


@router.put(
    "/baseline",
    operation_id="state_figure_baseline",
    summary="State how long it took on paper",
    responses=problems(401, 403, 412, 422),
)
async def put_baseline(
    room: Figures, caller: Writer, body: BaselineIn, response: Response, version: SeenVersion
) -> BaselineView:
    """Earlier statements are kept; the newest is shown beside the figures."""
    baseline = await state_baseline(room, caller, body, version)
    tag(response, baseline.version)
    return BaselineView(**baseline.model_dump())


def _units(asked: Asked) -> Iterator[tuple[Unit, Tally]]:
    """The units that have figures, by name."""
    known = [(asked.scope.units[unit_id], one) for unit_id, one in asked.counted.units.items()]
    yield from sorted(known, key=lambda one: (one[0].name, one[0].id))
