"""Opening a letter's branches. Invariant: each unit or position of the regency that a letter names gets one branch,
as addressee where it is named as both; external parties get none.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from services.contracts.intake import LetterRegistered
from services.contracts.routing import LetterDelivered
from services.projections.first_access import Place, first_access, place_of
from services.routing.domain.branch import Branch
from services.routing.domain.letter import Letter
from services.routing.domain.organisation import Position, Unit
from services.routing.domain.summary import summary_of


@dataclass(frozen=True)
class Destination:
    """A unit or position a letter names."""

    role: Literal["addressee", "copy"]
    kind: Literal["unit", "position"]
    id: str


@dataclass(frozen=True)
class Directory:
    """The part of the organisation a letter needs: units by id, positions by id, and who receives in each unit."""

    units: Mapping[str, Unit]
    positions: Mapping[str, Position]
    receivers: Mapping[str, Sequence[str]]


def destinations(event: LetterRegistered) -> list[Destination]:
    """Where the letter goes inside the regency, each place once; ValueError for a party that should have an id."""
    found: dict[tuple[str, str], Destination] = {}
    roles: tuple[Literal["addressee", "copy"], ...] = ("addressee", "copy")
    for role, parties in zip(roles, (event.addressees, event.copies), strict=True):
        for party in parties:
            if party.kind == "external":
                continue
            if party.id is None:
                raise ValueError(f"a {party.kind} without an id: {party.name}")
            found.setdefault((party.kind, party.id), Destination(role, party.kind, party.id))
    return list(found.values())


def missing(places: Iterable[Destination], directory: Directory) -> list[str]:
    """The places the directory does not know."""
    known = {"unit": directory.units, "position": directory.positions}
    return [f"{place.kind} {place.id}" for place in places if place.id not in known[place.kind]]


def open_branches(
    event: LetterRegistered,
    places: Iterable[Destination],
    directory: Directory,
    at: datetime,
    new_id: Callable[[], str],
) -> list[Branch]:
    """One branch for each place that lies inside the regency."""
    summary = summary_of(event)
    branches = []
    for place in places:
        position = directory.positions[place.id] if place.kind == "position" else None
        opened = _opened(place, directory)
        if opened is None:
            continue
        unit_id = opened.unit_id
        branches.append(
            Branch(
                id=new_id(),
                letter_id=event.letter_id,
                role=place.role,
                unit_id=unit_id,
                unit_name=position.unit_name if position else directory.units[unit_id].name,
                position_id=opened.position_id,
                position_title=position.title if position else None,
                holders=(position.id,) if position else tuple(directory.receivers.get(unit_id, ())),
                open_to_unit=opened.open_to_unit,
                letter=summary,
                since=at,
            )
        )
    return branches


def _opened(place: Destination, directory: Directory) -> Place | None:
    if place.kind == "unit":
        return place_of(place.id, directory.units[place.id].kind)
    position = directory.positions[place.id]
    return place_of(position.unit_id, position.unit_kind, position.id, position.role)


def opened_letter(event: LetterRegistered, branches: Sequence[Branch], at: datetime) -> Letter:
    """The letter at its first version."""
    by = event.registered_by
    return Letter(
        id=event.letter_id,
        version=1,
        summary=summary_of(event),
        occasion=event.occasion,
        registered_by=by,
        registered_at=event.registered_at,
        delivered_at=at,
        access=first_access(event.confidentiality, by.unit_id, by.position_id, branches),
        access_version=1,
    )


def delivered(letter: Letter, branches: Sequence[Branch]) -> LetterDelivered:
    """The event that tells of the delivery."""
    summary = letter.summary
    return LetterDelivered(
        letter_id=letter.id,
        agenda_number=summary.agenda_number,
        year=summary.year,
        tracking_code=summary.tracking_code,
        subject=summary.subject,
        kind=summary.kind,
        category=summary.category,
        urgency=summary.urgency,
        sender=summary.sender,
        occasion=letter.occasion,
        branches=tuple(branch.published() for branch in branches),
        access=letter.access,
        access_version=letter.access_version,
        registered_at=letter.registered_at,
        delivered_at=letter.delivered_at,
    )
