"""What may not be in the organisation. Invariant: a change that leaves a flaw is not kept, whichever door it came by.

Only what a change touches is blamed: a flaw that was there before it hinders nobody.
"""

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.chassis.errors import ServiceError
from services.projections.local_dates import long_date
from services.routing.domain.assignment import Assignment, clashing
from services.routing.domain.organisation import MAX_CHAIN, Entity, Person, Position, Unit
from services.routing.domain.picture import Changes, Picture, changes, climb, derived
from services.routing.domain.usage import in_use


@dataclass(frozen=True)
class Flaw:
    """What is wrong with an entity, in which of its fields, as a sentence for the person who asked for it."""

    entity: Entity
    field: str
    code: str
    sentence: str
    status: int = 422
    extra: dict[str, Any] = dataclasses.field(default_factory=dict)

    def refusal(self) -> ServiceError:
        """The problem that tells of it."""
        return ServiceError(self.status, self.code, self.sentence, extra={"field": self.field, **self.extra})


def settled(before: Picture, wanted: Picture, today: date) -> Changes:
    """What a change comes to, everything that follows from it included; the first flaw it would leave is refused."""
    after = derived(wanted, today)
    found = changes(before, after)
    for flaw in flaws_of(before, after, found, today):
        raise flaw.refusal()
    return found


def flaws_of(before: Picture, after: Picture, found: Changes, today: date) -> list[Flaw]:
    """Everything wrong with what the changes leave, the gravest kind first."""
    touched = (*found.made, *found.changed)
    units = [one for one in touched if isinstance(one, Unit)]
    positions = [one for one in touched if isinstance(one, Position)]
    assignments = [one for one in touched if isinstance(one, Assignment)]
    people = [one for one in touched if isinstance(one, Person)]
    return [
        *_round_trips(units, positions, after),
        *_long_chains(positions),
        *_doubles(units, positions, people, after),
        *_still_in_use(before, after, units, positions, today),
        *_inactive_above(units, positions, assignments, after, today),
        *_overlaps(assignments, after),
        *_misplaced_leaders(positions),
    ]


def _round_trips(units: list[Unit], positions: list[Position], after: Picture) -> Iterator[Flaw]:
    def parent(identifier: str) -> str | None:
        above = after.units[identifier].parent_id
        return above if above in after.units else None

    def superior(identifier: str) -> str | None:
        above = after.positions[identifier].superior_id
        return above if above in after.positions else None

    for unit in units:
        if climb(unit.id, parent)[1]:
            yield Flaw(
                unit,
                "parent_id",
                "unit_cycle",
                f"Unit {unit.name} tidak dapat berada di bawah unit bawahannya sendiri.",
            )
    for position in positions:
        if climb(position.id, superior)[1]:
            sentence = "Sebuah jabatan tidak dapat menjadi atasan dirinya sendiri."
            yield Flaw(position, "superior_id", "superior_cycle", sentence)


def _long_chains(positions: list[Position]) -> Iterator[Flaw]:
    for position in positions:
        if len(position.superiors) > MAX_CHAIN:
            sentence = f"Rantai atasan {position.title} melebihi {MAX_CHAIN} tingkat."
            yield Flaw(position, "superior_id", "chain_too_long", sentence)


def _doubles(units: list[Unit], positions: list[Position], people: list[Person], after: Picture) -> Iterator[Flaw]:
    """Two of a kind with one code, or two people with one civil servant's number."""
    coded: tuple[tuple[Iterable[Unit | Position | Person], Iterable[Unit | Position | Person]], ...] = (
        (units, after.units.values()),
        (positions, after.positions.values()),
        (people, after.people.values()),
    )
    for touched, all_of_kind in coded:
        owners: dict[str, list[Entity]] = defaultdict(list)
        for one in all_of_kind:
            if one.code is not None:
                owners[one.code].append(one)
        for one in touched:
            if one.code is not None and (other := _other(owners[one.code], one)):
                sentence = f"Kode {one.code} sudah dipakai oleh {other.label}."
                yield Flaw(one, "code", "code_taken", sentence, 409, {"state": other.model_dump(mode="json")})
    numbered: dict[str, list[Entity]] = defaultdict(list)
    for person in after.people.values():
        if person.nip is not None:
            numbered[person.nip].append(person)
    for person in people:
        if person.nip is not None and (other := _other(numbered[person.nip], person)):
            sentence = f"NIP {person.nip} sudah dipakai oleh {other.label}."
            yield Flaw(person, "nip", "nip_taken", sentence, 409, {"state": other.model_dump(mode="json")})


def _other(owners: list[Entity], one: Entity) -> Entity | None:
    return next((owner for owner in owners if owner.id != one.id), None)


def _still_in_use(
    before: Picture, after: Picture, units: list[Unit], positions: list[Position], today: date
) -> Iterator[Flaw]:
    """What was taken out of use while something active hangs on it."""
    both: list[Unit | Position] = [*units, *positions]
    for one in both:
        former = before.units.get(one.id) or before.positions.get(one.id)
        if not one.active and former is not None and former.active and (usage := in_use(one, after, today)):
            extra = {
                "state": one.model_dump(mode="json") | {"active": True, "version": former.version},
                "uses": usage.ids,
            }
            yield Flaw(one, "active", f"{one.entity_kind}_in_use", usage.sentence, 409, extra)


def _inactive_above(
    units: list[Unit], positions: list[Position], assignments: list[Assignment], after: Picture, today: date
) -> Iterator[Flaw]:
    """Something active brought under what is not."""
    for unit in units:
        parent = after.units.get(unit.parent_id or "")
        if unit.active and parent and not parent.active:
            yield Flaw(unit, "parent_id", "inactive_unit", f"Unit induk {parent.name} sudah tidak aktif.")
    for position in positions:
        home, superior = after.units.get(position.unit_id), after.positions.get(position.superior_id or "")
        if position.active and home and not home.active:
            yield Flaw(position, "unit_id", "inactive_unit", f"Unit {home.name} sudah tidak aktif.")
        if position.active and superior and not superior.active:
            sentence = f"Jabatan atasan {superior.title} sudah tidak aktif."
            yield Flaw(position, "superior_id", "inactive_position", sentence)
    for assignment in assignments:
        seat = after.positions.get(assignment.position_id)
        if assignment.lasts(today) and seat and not seat.active:
            yield Flaw(assignment, "position_id", "inactive_position", f"Jabatan {seat.title} sudah tidak aktif.")


def _overlaps(assignments: list[Assignment], after: Picture) -> Iterator[Flaw]:
    seats: dict[str, list[Assignment]] = defaultdict(list)
    for one in after.assignments.values():
        seats[one.position_id].append(one)
    for assignment in assignments:
        clash = clashing(assignment, seats[assignment.position_id])
        if clash is not None:
            extra = {"clashing": clash.model_dump(mode="json")}
            yield Flaw(assignment, "position_id", "assignment_overlap", _occupied(clash), 409, extra)


def _occupied(clash: Assignment) -> str:
    until = f"s.d. {long_date(clash.ends_on)}" if clash.ends_on else "tanpa batas waktu"
    return f"{clash.display} sudah dijabat oleh {clash.person_name} sejak {long_date(clash.starts_on)} {until}."


def _misplaced_leaders(positions: Iterable[Position]) -> Iterator[Flaw]:
    """Whoever holds such a position reads nearly every letter of the regency: a slip must not make one."""
    for one in positions:
        if one.active and one.role == "leader" and one.unit_kind != "leadership":
            sentence = f"Peran pimpinan hanya untuk jabatan pada unit pimpinan daerah, bukan {one.unit_name}."
            yield Flaw(one, "role", "leader_elsewhere", sentence)
