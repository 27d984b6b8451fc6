"""Whose figures somebody sees. Invariant: those who handle a unit's letters see that unit's and its subdivisions', who
oversees the regency sees all, and nobody sees another unit's.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from services.chassis.auth import Principal
from services.chassis.errors import forbidden, not_found
from services.routing.domain.organisation import Unit
from services.routing.figure_room import FigureRoom

OWN = frozenset({"head", "secretary", "registrar", "unit_admin", "village_operator"})
ALL = frozenset({"leader", "auditor", "regency_admin"})
SCOPE = "organisation:write"
OUTSIDE = frozenset({"subdivision", "external"})
"""Kinds that are not counted by themselves where units are compared: a part of an office, and who is not the house."""


@dataclass(frozen=True)
class Scope:
    """``units`` are those whose figures are shown, ``everywhere`` if that is all there are.

    ``families``: for each unit that is compared as an office, itself and its subdivisions. ``members`` are all of them.
    """

    units: Mapping[str, Unit]
    families: Mapping[str, frozenset[str]]
    members: Mapping[str, Unit]
    everywhere: bool = False


async def scope_of(room: FigureRoom, caller: Principal, unit_id: str | None = None) -> Scope:
    """What the caller sees, or of that one unit; 404 for a unit there is not, 403 for one that is not the caller's."""
    if sees_all(caller):
        return await _overseen(room, unit_id)
    own = [held.unit_id for held in caller.positions if held.role in OWN]
    if not own:
        raise forbidden("Laporan kinerja hanya untuk pimpinan dan pengelola surat unit.")
    known = [unit for one in dict.fromkeys(own) if (unit := await room.units.find(one, None))]
    parts = {unit.id: await _subdivisions(room, unit) for unit in known}
    every = {unit.id: unit for unit in (*known, *(part for found in parts.values() for part in found))}
    if unit_id is None:
        return Scope(every, {key: frozenset({key, *(one.id for one in found)}) for key, found in parts.items()}, every)
    if unit_id not in every:
        if await room.units.find(unit_id, None) is None:
            raise not_found("Unit")
        raise forbidden("Laporan kinerja unit lain tidak dapat Anda lihat.")
    return _one(every[unit_id], await _subdivisions(room, every[unit_id]))


def sees_all(caller: Principal) -> bool:
    """Whether the caller oversees the regency."""
    roles = {held.role for held in caller.positions} | caller.roles
    return bool(roles & ALL) or SCOPE in caller.scopes


async def _overseen(room: FigureRoom, unit_id: str | None) -> Scope:
    if unit_id is not None:
        unit = await room.units.find(unit_id, None)
        if unit is None:
            raise not_found("Unit")
        return _one(unit, await _subdivisions(room, unit))
    units = {unit.id: unit for unit in await room.units.where({}, None)}
    families: dict[str, set[str]] = {one.id: {one.id} for one in units.values() if one.kind not in OUTSIDE}
    for unit in units.values():
        office = _office(unit, units)
        families.setdefault(office, {office}).add(unit.id)
    shown = {key: frozenset(members) for key, members in families.items() if units[key].kind != "external"}
    return Scope(units, shown, units, everywhere=True)


def _office(unit: Unit, units: Mapping[str, Unit]) -> str:
    """The nearest unit above that is no mere part of another; a circle is left where it began."""
    seen = {unit.id}
    while unit.kind == "subdivision" and unit.parent_id and unit.parent_id not in seen and unit.parent_id in units:
        unit = units[unit.parent_id]
        seen.add(unit.id)
    return unit.id


def _one(unit: Unit, parts: Iterable[Unit]) -> Scope:
    members = {one.id: one for one in (unit, *parts)}
    return Scope({unit.id: unit}, {unit.id: frozenset(members)}, members)


async def _subdivisions(room: FigureRoom, unit: Unit) -> list[Unit]:
    """Every subdivision below, however far."""
    found: dict[str, Unit] = {}
    left = [unit.id]
    while left:
        for one in await room.units.where({"parent_id": left.pop()}, None):
            if one.kind == "subdivision" and one.id not in found and one.id != unit.id:
                found[one.id] = one
                left.append(one.id)
    return list(found.values())
