"""Who works with it, office by office. Invariant: an office that does nothing is listed too."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from services.routing.commands.figure_counts import count_period
from services.routing.commands.figure_entitlement import Scope
from services.routing.domain.figure_counts import Tally, together
from services.routing.domain.figure_period import Period
from services.routing.domain.figures import Deeds
from services.routing.domain.organisation import Unit
from services.routing.figure_room import FigureRoom
from services.routing.store.figure_months import EVER


@dataclass(frozen=True)
class Adoption:
    """An office with its subdivisions in a month. ``positions`` are those in use now, ``acting`` of them who acted."""

    unit: Unit
    positions: int
    acting: int
    people: int
    tally: Tally
    last_at: datetime | None

    def share(self, part: str, whole: str = "delivered") -> float | None:
        """What share of ``whole`` is ``part``; None of nothing."""
        return ratio(self.tally.count(part), self.tally.count(whole))


def ratio(part: int, whole: int) -> float | None:
    """A share to four places, None of nothing."""
    return round(part / whole, 4) if whole else None


async def figure_adoption(room: FigureRoom, scope: Scope, month: str) -> list[Adoption]:
    """Every office in scope that is in use, or was in that month; by name."""
    whole = Scope(scope.members, scope.families, scope.members, scope.everywhere)
    counted = await count_period(room, whole, Period(month, month))
    acted = await _deeds(room, whole, month)
    ever = await _deeds(room, whole, EVER)
    positions = await _positions(room, whole)
    found = []
    for office, family in scope.families.items():
        tallies = [counted.units[one] for one in family if one in counted.units]
        deeds = [acted[one] for one in family if one in acted]
        if scope.members[office].active or tallies or deeds:
            found.append(_adoption(scope.members[office], family, tallies, deeds, positions, ever))
    return sorted(found, key=lambda one: (one.unit.name, one.unit.id))


def _adoption(
    unit: Unit,
    family: frozenset[str],
    tallies: Iterable[Tally],
    deeds: Iterable[Deeds],
    positions: Mapping[str, frozenset[str]],
    ever: Mapping[str, Deeds],
) -> Adoption:
    acted = list(deeds)
    seats = frozenset().union(*(positions.get(one, frozenset()) for one in family))
    return Adoption(
        unit=unit,
        positions=len(seats),
        acting=len(seats & frozenset().union(*(one.positions for one in acted))),
        people=len(frozenset().union(*(one.people for one in acted))),
        tally=together(tallies),
        last_at=max((ever[one].last_at for one in family if one in ever), default=None),
    )


async def _deeds(room: FigureRoom, scope: Scope, month: str) -> dict[str, Deeds]:
    if scope.everywhere:
        return await room.activity.in_month(month)
    found: dict[str, Deeds] = {}
    for unit_id in scope.units:
        found |= await room.activity.of_unit(unit_id, month)
    return found


async def _positions(room: FigureRoom, scope: Scope) -> dict[str, frozenset[str]]:
    """Per unit its positions that are in use."""
    if scope.everywhere:
        staff = await room.positions.where({"active": True}, None)
    else:
        staff = [one for unit_id in scope.units for one in await room.positions.in_units([unit_id], None)]
    found: dict[str, set[str]] = {}
    for one in staff:
        if one.active:
            found.setdefault(one.unit_id, set()).add(one.id)
    return {unit_id: frozenset(ids) for unit_id, ids in found.items()}
