"""What a change has to be seen with. Invariant: everything that could forbid it or follows from it is in the picture.

The rules themselves are in the domain; here only what they need is read.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from services.chassis.errors import unprocessable
from services.chassis.mongo import Session
from services.routing.domain.organisation import Entity, Person, Position, Unit
from services.routing.domain.picture import Picture
from services.routing.registry import Registry
from services.routing.store.entities import Entities


async def around_unit(registry: Registry, unit: Unit | None, wanted: Unit, session: Session | None) -> Picture:
    """With the units above it; of a unit that is there, also with what shows its name and what hangs on it."""
    above = await registry.units.above(wanted.parent_id, session)
    if wanted.parent_id and not above:
        raise unprocessable("unknown_unit", "Unit induk tidak dikenal.", field="parent_id")
    parts: list[Iterable[Entity]] = [above, await _same_code(registry.units, wanted.code, session)]
    if unit is not None:
        parts += [
            [unit],
            await registry.positions.where({"unit_id": unit.id}, session),
            await registry.assignments.where({"unit_id": unit.id}, session),
        ]
        if unit.active and not wanted.active:
            parts.append(await registry.units.where({"parent_id": unit.id}, session))
    return Picture.of(*parts)


async def around_position(
    registry: Registry, position: Position | None, wanted: Position, session: Session | None
) -> Picture:
    """With its unit and superior; of a position that is there, also with those below it and who holds it."""
    unit = await registry.units.find(wanted.unit_id, session)
    if unit is None:
        raise unprocessable("unknown_unit", "Unit tidak dikenal.", field="unit_id")
    parts: list[Iterable[Entity]] = [[unit], await _same_code(registry.positions, wanted.code, session)]
    if position is not None:
        parts += [[position], await registry.assignments.to_positions([position.id], session)]
        parts.append(await registry.positions.below(position.id, session))
    if wanted.superior_id and wanted.superior_id != wanted.id:
        superior = await registry.positions.find(wanted.superior_id, session)
        if superior is None:
            raise unprocessable("unknown_position", "Jabatan atasan tidak dikenal.", field="superior_id")
        parts.append([superior])
    return Picture.of(*parts)


async def around_person(
    registry: Registry, person: Person | None, wanted: Person, session: Session | None, today: date
) -> Picture:
    """With whoever has the same number; of a person who is there, also with what shows the name."""
    parts: list[Iterable[Entity]] = [await _same_code(registry.people, wanted.code, session)]
    if wanted.nip:
        parts.append(await registry.people.where({"nip": wanted.nip}, session))
    if person is not None:
        parts += [
            [person],
            await registry.assignments.where({"person_id": person.id}, session),
            await registry.absences.of_person(person.id, today, session),
        ]
    return Picture.of(*parts)


async def _same_code(store: Entities[Any], code: str | None, session: Session | None) -> list[Entity]:
    return list(await store.where({"code": code}, session)) if code else []
