"""The organisation, or a part of it, as one value. Invariant: ``derived`` is the only place that says what follows from
what: a name stands with everything that shows it, a chain of superiors with every position below.

A picture may be partial. What it does not hold has not changed: a position whose superior lies outside keeps the chain
it has. So one rule serves a change to one unit, read with what depends on it, and the import of a whole regency.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import TypeVar

from services.routing.domain.absence import Absence
from services.routing.domain.assignment import Assignment
from services.routing.domain.organisation import Entity, Person, Position, Unit

E = TypeVar("E", bound=Entity)


@dataclass(frozen=True)
class Picture:
    """Parts of the organisation by id."""

    units: Mapping[str, Unit] = field(default_factory=dict)
    positions: Mapping[str, Position] = field(default_factory=dict)
    people: Mapping[str, Person] = field(default_factory=dict)
    assignments: Mapping[str, Assignment] = field(default_factory=dict)
    absences: Mapping[str, Absence] = field(default_factory=dict)

    @classmethod
    def of(cls, *parts: Iterable[Entity]) -> "Picture":
        """The picture of these."""
        return cls().having(*chain(*parts))

    def having(self, *entities: Entity) -> "Picture":
        """The picture with these in it, in place of what it held of them."""
        return Picture(
            units={**self.units, **_by_id(Unit, entities)},
            positions={**self.positions, **_by_id(Position, entities)},
            people={**self.people, **_by_id(Person, entities)},
            assignments={**self.assignments, **_by_id(Assignment, entities)},
            absences={**self.absences, **_by_id(Absence, entities)},
        )

    def entities(self) -> Iterator[Entity]:
        """Everything in it, what others refer to first."""
        parts: tuple[Mapping[str, Entity], ...] = (
            self.units,
            self.positions,
            self.people,
            self.assignments,
            self.absences,
        )
        return chain.from_iterable(part.values() for part in parts)


@dataclass(frozen=True)
class Changes:
    """What has to be kept and told: what is new, and what is another than before, each a version further."""

    made: tuple[Entity, ...] = ()
    changed: tuple[Entity, ...] = ()

    @property
    def size(self) -> int:
        """How many entities they are."""
        return len(self.made) + len(self.changed)

    def find(self, kind: type[E], identifier: str) -> E | None:
        """The new state of one of them, or None where it did not change."""
        return next(
            (one for one in (*self.made, *self.changed) if isinstance(one, kind) and one.id == identifier), None
        )


def _by_id(kind: type[E], entities: Iterable[Entity]) -> dict[str, E]:
    return {one.id: one for one in entities if isinstance(one, kind)}


def climb(start: str, above: Callable[[str], str | None]) -> tuple[list[str], bool]:
    """Who stands above ``start``, nearest first, and whether the way up comes round to where it was."""
    seen: dict[str, None] = {}
    at = above(start)
    while at is not None and at != start and at not in seen:
        seen[at] = None
        at = above(at)
    return list(seen), at is not None


def derived(picture: Picture, today: date) -> Picture:
    """The picture with everything that follows brought in line. Of assignments and absences only those in force or
    coming follow: what is past keeps the names of its time."""
    positions = {one.id: _position(one, picture) for one in picture.positions.values()}
    return Picture(
        units=picture.units,
        positions=positions,
        people=picture.people,
        assignments={one.id: _assignment(one, positions, picture, today) for one in picture.assignments.values()},
        absences={one.id: _absence(one, picture, today) for one in picture.absences.values()},
    )


def _position(position: Position, picture: Picture) -> Position:
    unit = picture.units.get(position.unit_id)
    fresh: dict[str, object] = {"unit_name": unit.name, "unit_kind": unit.kind} if unit else {}
    return _with(position, {**fresh, "superiors": _superiors(position, picture.positions)})


def _superiors(position: Position, positions: Mapping[str, Position]) -> tuple[str, ...]:
    """Walked up as far as the picture reaches; who is last in it is believed about the rest."""

    def above(identifier: str) -> str | None:
        superior = positions[identifier].superior_id
        return superior if superior in positions else None

    path, turns = climb(position.id, above)
    if turns:
        return ()  # a flaw, and told as one
    last = positions[path[-1]] if path else position
    return (*path, *(last.superiors if last.superior_id else ()))


def _assignment(assignment: Assignment, positions: Mapping[str, Position], picture: Picture, today: date) -> Assignment:
    if not assignment.lasts(today):
        return assignment
    fresh: dict[str, object] = {}
    if position := positions.get(assignment.position_id):
        fresh |= {
            "position_title": position.title,
            "unit_id": position.unit_id,
            "unit_name": position.unit_name,
            "role": position.role,
        }
    if person := picture.people.get(assignment.person_id):
        fresh |= {"person_name": person.name, "nip": person.nip, "rank": person.rank}
    return _with(assignment, fresh)


def _absence(absence: Absence, picture: Picture, today: date) -> Absence:
    person = picture.people.get(absence.person_id)
    return _with(absence, {"person_name": person.name}) if person and absence.lasts(today) else absence


def _with(entity: E, fresh: dict[str, object]) -> E:
    same = all(getattr(entity, name) == value for name, value in fresh.items())
    return entity if same else entity.model_copy(update=fresh)


def changes(before: Picture, after: Picture) -> Changes:
    """What ``after`` has that ``before`` had not, or had otherwise. Nothing ever leaves a picture."""
    known = {(one.entity_kind, one.id): one for one in before.entities()}
    made: list[Entity] = []
    changed: list[Entity] = []
    for one in after.entities():
        former = known.get((one.entity_kind, one.id))
        if former is one:
            continue
        if former is None:
            made.append(one)
        elif former != one.model_copy(update={"version": former.version}):
            changed.append(one.model_copy(update={"version": former.version + 1}))
    return Changes(tuple(made), tuple(changed))
