"""Finding what a cell refers to. Invariant: a reference that fits more than one thing is refused, never guessed.

A unit is meant by its code, its id or its name with as many of the names above it as are needed ("Setda > Dinas PU"); a
position likewise, with its unit before it; a person by number, code, id or name.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from services.routing.domain.importing.form import plain
from services.routing.domain.organisation import Person, Position, Unit
from services.routing.domain.picture import Picture

C = TypeVar("C", Unit, Position, Person)


class Unresolved(Exception):
    """What a cell says fits nothing, or several things; the text is the sentence to tell."""


class Shelf(dict[str, C]):
    """Things of one kind by id, found by code and by name too."""

    def __init__(self, entities: Iterable[C]) -> None:
        super().__init__()
        self._codes: dict[str, set[str]] = defaultdict(set)
        self._names: dict[str, set[str]] = defaultdict(set)
        for one in entities:
            self.put(one)

    def put(self, one: C) -> None:
        """Have it, in place of what was known of it."""
        former = self.get(one.id)
        if former is not None:
            self._names[plain(former.label)].discard(one.id)
            self._codes[former.code or ""].discard(one.id)
        self[one.id] = one
        self._names[plain(one.label)].add(one.id)
        self._codes[one.code or ""].add(one.id)

    def coded(self, code: str) -> C | None:
        """The one with this code or id."""
        identifiers = self._codes[code] or ({code.lower()} & self.keys())
        return self[min(identifiers)] if identifiers else None

    def named(self, name: str) -> list[C]:
        """Those with this name; where some are in use, those alone."""
        found = [self[identifier] for identifier in sorted(self._names[plain(name)])]
        return [one for one in found if getattr(one, "active", True)] or found


class Directory:
    """Everything that can be referred to: what is there, and what the file brings."""

    def __init__(self, picture: Picture) -> None:
        self.units: Shelf[Unit] = Shelf(picture.units.values())
        self.positions: Shelf[Position] = Shelf(picture.positions.values())
        self.people: Shelf[Person] = Shelf(picture.people.values())
        self._numbers = {one.nip: one.id for one in picture.people.values() if one.nip}

    def put_person(self, person: Person) -> None:
        """Have a person."""
        self.people.put(person)
        if person.nip:
            self._numbers[person.nip] = person.id

    def numbered(self, nip: str) -> Person | None:
        """The person with this number."""
        return self.people.get(self._numbers.get(nip, ""))

    def unit(self, said: str) -> Unit:
        """The unit that is meant."""
        if found := self.units.coded(said):
            return found
        *above, name = _steps(said)
        fitting = [one for one in self.units.named(name) if self._under(one.parent_id, above)]
        return _only(fitting, "Unit", said, lambda one: self.path_of(one.parent_id))

    def position(self, said: str, home: str | None = None) -> Position:
        """The position that is meant; one in the unit ``home`` is thought of first."""
        if found := self.positions.coded(said):
            return found
        *above, title = _steps(said)
        fitting = [one for one in self.positions.named(title) if self._under(one.unit_id, above)]
        near = [one for one in fitting if one.unit_id == home]
        return _only(near if len(near) == 1 else fitting, "Jabatan", said, lambda one: self.path_of(one.unit_id))

    def person(self, said: str) -> Person:
        """The person who is meant."""
        number = "".join(said.split())
        if found := self.numbered(number) or self.people.coded(said):
            return found
        return _only(self.people.named(said), "Pegawai", said, lambda one: one.nip or one.code or one.id)

    def path_of(self, unit_id: str | None) -> str:
        """The names from the top down to the unit."""
        names: list[str] = []
        seen: set[str] = set()
        while unit_id is not None and unit_id not in seen and (unit := self.units.get(unit_id)):
            seen.add(unit_id)
            names.append(unit.name)
            unit_id = unit.parent_id
        return " > ".join(reversed(names))

    def _under(self, unit_id: str | None, above: Sequence[str]) -> bool:
        for name in reversed(above):
            unit = self.units.get(unit_id or "")
            if unit is None or plain(unit.name) != plain(name):
                return False
            unit_id = unit.parent_id
        return True


def _steps(said: str) -> list[str]:
    return [step.strip() for step in said.split(">") if step.strip()] or [said]


def _only(fitting: Sequence[C], what: str, said: str, where: Callable[[C], str]) -> C:
    if not fitting:
        raise Unresolved(f"{what} {said} tidak ditemukan.")
    if len(fitting) > 1:
        places = "; ".join(sorted(where(one) or "(teratas)" for one in fitting)[:3])
        raise Unresolved(f"{what} {said} ada lebih dari satu ({places}). Gunakan kodenya.")
    return fitting[0]
