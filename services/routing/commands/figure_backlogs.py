"""What lies undone with each unit at this moment. Invariant: a unit's every open branch counts, whoever holds it."""

from dataclasses import dataclass
from datetime import datetime

from services.chassis.clock import now
from services.routing.commands.figure_entitlement import Scope
from services.routing.domain.figure_backlog import Backlog, Standing, heaped, standing
from services.routing.domain.organisation import Unit
from services.routing.figure_room import FigureRoom


@dataclass(frozen=True)
class Backlogs:
    """All together, and each unit that has something open, the one with most of it first."""

    at: datetime
    total: Standing
    units: list[tuple[Unit, Standing]]


async def figure_backlogs(room: FigureRoom, scope: Scope) -> Backlogs:
    """How it is now."""
    at = now()
    lying: dict[str, list[Backlog]] = {}
    for asked in [None] if scope.everywhere else scope.units:
        for unit_id, part in await room.months.backlogs(asked):
            lying.setdefault(unit_id, []).append(part)
    heaps = {unit_id: heaped(parts) for unit_id, parts in lying.items() if unit_id in scope.units}
    units = [(scope.units[unit_id], standing(heap, at)) for unit_id, heap in heaps.items()]
    return Backlogs(
        at=at,
        total=standing(heaped(heaps.values()), at),
        units=sorted(units, key=lambda one: (-one[1].open, one[0].name, one[0].id)),
    )
