"""Sample people and units."""

from services.chassis.auth import HeldPosition, Principal
from services.chassis.ids import new_id
from services.contracts.routing import PositionChanged, UnitChanged
from services.contracts.vocabulary import Actor, Capacity


def held(
    role: str = "head",
    *,
    unit_id: str | None = None,
    position_id: str | None = None,
    capacity: Capacity = "definitive",
    title: str = "Kepala Dinas PU",
    unit_name: str = "Dinas Pekerjaan Umum",
) -> HeldPosition:
    """A held position."""
    return HeldPosition(
        position_id=position_id or new_id(),
        title=title,
        unit_id=unit_id or new_id(),
        unit_name=unit_name,
        role=role,
        capacity=capacity,
    )


def principal(*positions: HeldPosition, name: str = "Wayan Sudira", roles: frozenset[str] = frozenset()) -> Principal:
    """A person who holds ``positions``; without any given, one head of one agency."""
    return Principal(person_id=new_id(), name=name, roles=roles, positions=positions or (held(),))


def actor(person: Principal, position: HeldPosition | None = None) -> Actor:
    """The actor stored when ``person`` acts."""
    acting = position or person.positions[0]
    return Actor(
        person_id=person.person_id,
        person_name=person.name,
        position_id=acting.position_id,
        position_title=acting.title,
        unit_id=acting.unit_id,
        unit_name=acting.unit_name,
        capacity=acting.capacity,
    )


def unit_changed(unit_id: str, name: str = "Dinas Pekerjaan Umum", kind: str = "agency") -> UnitChanged:
    """The event that tells of a unit."""
    return UnitChanged(unit_id=unit_id, name=name, kind=kind)


def position_changed(position: HeldPosition, *superiors: str, unit_kind: str = "agency") -> PositionChanged:
    """The event that tells of a position, with its superiors from the nearest up."""
    return PositionChanged(
        position_id=position.position_id,
        title=position.title,
        unit_id=position.unit_id,
        unit_name=position.unit_name,
        unit_kind=unit_kind,
        role=position.role,
        superior_id=superiors[0] if superiors else None,
        superiors=superiors,
    )
