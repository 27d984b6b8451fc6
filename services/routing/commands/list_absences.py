"""Who is or was away. Invariant: shown to those alone who may declare it."""

from datetime import date

from services.chassis.auth import Principal
from services.chassis.errors import forbidden, not_found, unprocessable
from services.routing.commands.absences import may_keep
from services.routing.domain.absence import Absence
from services.routing.registry import Registry


async def list_absences(
    registry: Registry,
    caller: Principal,
    person_id: str | None,
    position_id: str | None,
    on: date | None,
    cursor: str | None,
    limit: int,
) -> tuple[list[Absence], str | None]:
    """Those of a person, newest first a page at a time; those of one day or of a position's holders all at once."""
    if person_id is not None and position_id is not None:
        detail = "Sebutkan person_id atau position_id, tidak keduanya."
        raise unprocessable("asked_twice", detail, field="position_id")
    if position_id is not None:
        return await _of_position(registry, caller, position_id, on or registry.today()), None
    person = person_id or caller.person_id
    if not await may_keep(registry, caller, person, None):
        raise forbidden("Ketidakhadiran orang lain hanya dapat dilihat oleh yang berwenang mencatatnya.")
    if on is not None:
        return await _on(registry, person, on), None
    return await registry.absences.page({"person_id": person}, cursor, limit)


async def _of_position(registry: Registry, caller: Principal, position_id: str, on: date) -> list[Absence]:
    if await registry.positions.find(position_id, None) is None:
        raise not_found("Jabatan")
    held = await registry.assignments.where({"position_id": position_id}, None)
    found: list[Absence] = []
    for person in sorted({one.person_id for one in held if one.holds(on)}):
        if not await may_keep(registry, caller, person, None):
            raise forbidden("Ketidakhadiran orang lain hanya dapat dilihat oleh yang berwenang mencatatnya.")
        found += await _on(registry, person, on)
    return found


async def _on(registry: Registry, person_id: str, on: date) -> list[Absence]:
    rows = await registry.absences.of_person(person_id, on, None)
    return [one for one in rows if one.term.holds(on)]
