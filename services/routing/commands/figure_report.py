"""The figures as a workbook. Invariant: it says what the answers say, of the same units and months."""

import asyncio
from dataclasses import dataclass

from services.chassis.sheets import write_workbook
from services.routing.commands.figure_adoption import figure_adoption
from services.routing.commands.figure_backlogs import figure_backlogs
from services.routing.commands.figure_counts import Counted
from services.routing.commands.figure_entitlement import Scope
from services.routing.commands.figure_sheets import (
    PATH_NAMES,
    SPAN_NAMES,
    adoption_sheet,
    backlog_sheet,
    before_sheet,
    outcome_sheet,
    times_sheet,
)
from services.routing.domain.figure_baseline import Baseline
from services.routing.domain.figure_period import Period
from services.routing.figure_room import FigureRoom


@dataclass(frozen=True)
class Asked:
    """Of whom, of when, what was counted, and how long it took before."""

    scope: Scope
    span: Period
    counted: Counted
    before: Baseline | None


async def figure_report(room: FigureRoom, asked: Asked) -> bytes:
    """The file: a sheet for each figure. Adoption is that of the last month, the backlog that of this moment."""
    adoption = await figure_adoption(room, asked.scope, asked.span.last)
    backlogs = await figure_backlogs(room, asked.scope)

    def write() -> bytes:
        counted, units = asked.counted, asked.scope.units
        return write_workbook(
            {
                "Waktu": times_sheet(counted, units, SPAN_NAMES),
                "Langkah": times_sheet(counted, units, PATH_NAMES),
                "Hasil": outcome_sheet(counted, units),
                "Sebelum dan sesudah": before_sheet(counted.total, asked.before),
                "Pemakaian": adoption_sheet(asked.span.last, adoption, room.zone),
                "Tunggakan": backlog_sheet(backlogs, room.zone),
            }
        )

    return await asyncio.to_thread(write)
