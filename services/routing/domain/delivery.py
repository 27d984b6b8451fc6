"""Opening a letter's branches. Invariant: each unit or position of the regency that a letter names gets one branch, as
addressee where it is named as both; a party outside gets one that lies with the unit that sends the letter.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from services.contracts.intake import LetterRegistered
from services.contracts.routing import Branch as Way
from services.contracts.routing import LetterDelivered
from services.contracts.vocabulary import Actor, Party
from services.projections.first_access import Place, place_of
from services.routing.domain.access import access_of
from services.routing.domain.dossier import Dossier
from services.routing.domain.organisation import Position, Unit

Role = Literal["addressee", "copy"]
ROLES: tuple[Role, ...] = ("addressee", "copy")


@dataclass(frozen=True)
class Destination:
    """A place a letter is for. ``id`` is a unit's or a position's; ``name`` that of a party outside."""

    role: Role
    kind: Literal["unit", "position", "external"]
    id: str
    name: str = ""
    rule: str | None = None


@dataclass(frozen=True)
class Directory:
    """The part of the organisation a letter needs: units by id, positions by id, and who receives in each unit."""

    units: Mapping[str, Unit]
    positions: Mapping[str, Position]
    receivers: Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Deadline:
    """When a branch is overdue, and when its unit is reminded."""

    due_at: datetime
    remind_at: datetime


def destinations(addressees: Iterable[Party], copies: Iterable[Party] = ()) -> list[Destination]:
    """Where a letter goes, each place once; ValueError for a party that should have an id."""
    found: dict[tuple[str, str], Destination] = {}
    for role, parties in zip(ROLES, (addressees, copies), strict=True):
        for party in parties:
            if party.kind != "external" and party.id is None:
                raise ValueError(f"a {party.kind} without an id: {party.name}")
            identifier = party.id or party.name
            found.setdefault((party.kind, identifier), Destination(role, party.kind, identifier, party.name))
    return list(found.values())


def missing(places: Iterable[Destination], directory: Directory) -> list[str]:
    """The places the directory does not know."""
    known: Mapping[str, Mapping[str, object]] = {"unit": directory.units, "position": directory.positions}
    return [f"{one.kind} {one.id}" for one in places if one.kind != "external" and one.id not in known[one.kind]]


def ways_to(
    places: Iterable[Destination],
    directory: Directory,
    sender: Actor,
    deadline: Deadline | None,
    new_id: Callable[[], str],
) -> list[Way]:
    """A branch for each place. One with no place in the regency is sent out by the sender's own unit."""
    return [_way(place, directory, sender, deadline, new_id) for place in places]


def _way(
    place: Destination, directory: Directory, sender: Actor, deadline: Deadline | None, new_id: Callable[[], str]
) -> Way:
    opened = _opened(place, directory)
    if opened is None:
        return Way(
            branch_id=new_id(),
            role=place.role,
            unit_id=sender.unit_id,
            unit_name=sender.unit_name,
            holders=(),
            external_name=_outside_name(place, directory),
            rule=place.rule,
        )
    position = directory.positions[place.id] if place.kind == "position" else None
    timed = deadline if place.role == "addressee" else None
    return Way(
        branch_id=new_id(),
        role=place.role,
        unit_id=opened.unit_id,
        unit_name=position.unit_name if position else directory.units[opened.unit_id].name,
        position_id=opened.position_id,
        position_title=position.title if position else None,
        holders=(position.id,) if position else tuple(directory.receivers.get(opened.unit_id, ())),
        open_to_unit=opened.open_to_unit,
        rule=place.rule,
        due_at=timed.due_at if timed else None,
        remind_at=timed.remind_at if timed else None,
    )


def _opened(place: Destination, directory: Directory) -> Place | None:
    if place.kind == "external":
        return None
    if place.kind == "unit":
        return place_of(place.id, directory.units[place.id].kind)
    position = directory.positions[place.id]
    return place_of(position.unit_id, position.unit_kind, position.id, position.role)


def _outside_name(place: Destination, directory: Directory) -> str:
    if place.kind == "unit":
        return directory.units[place.id].name
    return directory.positions[place.id].title if place.kind == "position" else place.name


def delivered(event: LetterRegistered, dossier: Dossier, ways: Sequence[Way], at: datetime) -> LetterDelivered:
    """The event that tells of the delivery."""
    after = dossier.with_ways(ways, at)
    return LetterDelivered(
        letter_id=event.letter_id,
        agenda_number=event.agenda_number,
        year=event.year,
        tracking_code=event.tracking_code,
        subject=event.subject,
        kind=event.kind,
        category=event.category,
        urgency=event.urgency,
        sender=event.sender,
        occasion=event.occasion,
        branches=tuple(one for one in ways if one.external_name is None),
        external=tuple(one for one in ways if one.external_name is not None),
        access=access_of(after.letter, after.branches),
        access_version=1,
        registered_at=event.registered_at,
        delivered_at=at,
        training=event.training,
        registrar_position_id=event.registered_by.position_id,
        registrar_unit_id=event.registered_by.unit_id,
    )
