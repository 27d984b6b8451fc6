"""What was counted in a period. Invariant: a total is made of the times themselves, so its median is the true one."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from services.routing.commands.figure_entitlement import Scope
from services.routing.domain.figure_counts import Tally, together
from services.routing.domain.figure_period import Period
from services.routing.figure_room import FigureRoom
from services.routing.store.figure_months import KeptMonth


@dataclass(frozen=True)
class Counted:
    """All together; each month over its units; each unit over its months; and each unit's each month.

    ``counted_at``: when the last of it was counted.
    """

    total: Tally
    months: Mapping[str, Tally]
    units: Mapping[str, Tally]
    cells: Mapping[tuple[str, str], Tally]
    counted_at: datetime | None


async def count_period(room: FigureRoom, scope: Scope, period: Period) -> Counted:
    """What the units in scope come to in these months; a month nothing came in is there, and empty."""
    found: list[KeptMonth] = []
    if scope.everywhere:
        for month in period.months:
            found += await room.months.in_month(month)
    else:
        for unit_id in scope.units:
            found += await room.months.of_unit(unit_id, period.first, period.last)
    known = [one for one in found if one.unit_id in scope.units and (one.tally.counts or one.tally.times)]
    return await asyncio.to_thread(_counted, known, period)


def _counted(found: Iterable[KeptMonth], period: Period) -> Counted:
    cells = {(one.unit_id, one.month): one for one in found}
    months: dict[str, list[Tally]] = {month: [] for month in period.months}
    units: dict[str, list[Tally]] = {}
    for (unit_id, month), one in cells.items():
        months[month].append(one.tally)
        units.setdefault(unit_id, []).append(one.tally)
    by_month = {month: together(parts) for month, parts in months.items()}
    return Counted(
        total=together(by_month.values()),
        months=by_month,
        units={unit_id: together(parts) for unit_id, parts in units.items()},
        cells={key: one.tally for key, one in sorted(cells.items())},
        counted_at=max((one.counted_at for one in cells.values()), default=None),
    )
