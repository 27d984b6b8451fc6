"""Who held a position on a day. Invariant: people and positions are named as they were named on that day."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from services.chassis.errors import not_found
from services.routing.domain.assignment import Assignment
from services.routing.domain.availability import Availability
from services.routing.domain.organisation import EntityKind
from services.routing.domain.picture import E
from services.routing.registry import Registry

NAMES = frozenset({"title", "person_name", "position_title", "unit_id", "unit_name", "role"})


@dataclass(frozen=True)
class Holders:
    """The position as it was called then, who held it and who acted, and who of them was away."""

    title: str
    definitive: Assignment | None
    acting: Assignment | None
    state: Availability


async def show_availability(registry: Registry, position_id: str, on: date | None) -> Availability:
    """Whether the position can be given work on the day, today where none is given."""
    day = on or registry.today()
    found = await registry.presence.availability_of([position_id], day)
    if position_id not in found:
        raise not_found("Jabatan")
    return found[position_id]


async def show_holders(registry: Registry, position_id: str, on: date | None) -> Holders:
    """Who held the position on the day, today where none is given."""
    state = await show_availability(registry, position_id, on)
    present = await registry.positions.find(position_id, None)
    if present is None:
        raise not_found("Jabatan")
    position = await _as_of(registry, "position", present, state.on)
    holder, acting = state.holder, state.acting
    return Holders(
        title=position.title,
        definitive=await _as_of(registry, "assignment", holder, state.on) if holder else None,
        acting=await _as_of(registry, "assignment", acting, state.on) if acting else None,
        state=state,
    )


async def _as_of(registry: Registry, kind: EntityKind, entity: E, day: date) -> E:
    """The entity with the names it had when the day ended; what was entered later, with its first ones.

    Only names are of the day: the term is as known now, for an end may have been entered after it.
    """
    ends_at = datetime.combine(day + timedelta(days=1), time(), registry.zone)
    row = await registry.history.before(kind, entity.id, ends_at) or await registry.history.version(entity.id, 1)
    if row is None:
        return entity
    return entity.model_copy(update={name: value for name, value in row.state.items() if name in NAMES})
