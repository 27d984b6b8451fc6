"""Making entities of rows. Invariant: a row means what is there already, by its code, number or name, before it means
something new; and every reference that cannot be followed is told of.

Rows may stand in any order and refer to each other, so units are gone through until nothing more can be found.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any, TypeVar

from services.chassis.errors import ServiceError
from services.routing.domain.assignment import Assignment, Term, check_grounds, check_term, ended, to
from services.routing.domain.importing.directory import Directory, Unresolved
from services.routing.domain.importing.form import plain
from services.routing.domain.importing.identity import id_of
from services.routing.domain.importing.rows import Line, Mistake, Parsed
from services.routing.domain.organisation import Entity, Person, Position, Unit
from services.routing.domain.picture import Picture

U = TypeVar("U", Unit, Position, Person)
_UNKNOWN = "?"
"""The parent of a unit whose parent is still looked for."""
_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class Resolver:
    """Resolves the rows of a file, sheet after sheet. ``wanted`` and ``mistakes`` are what it finds."""

    def __init__(self, before: Picture, parsed: Parsed) -> None:
        self._before = before
        self._spoiled = set(parsed.spoiled)
        self._lines = parsed.lines
        self.directory = Directory(before)
        self.mistakes: list[Mistake] = list(parsed.mistakes)
        self.wanted: dict[str, Entity] = {}
        self.origins: dict[str, Line] = {}
        self._parents: dict[int, str | None] = {}

    def run(self) -> None:
        """Resolve everything."""
        self._units([line for line in self._lines if line.sheet == "unit"])
        self._positions([line for line in self._lines if line.sheet == "jabatan"])
        self._people([line for line in self._lines if line.sheet == "pegawai"])
        self._assignments([line for line in self._lines if line.sheet == "penugasan"])

    # ------------------------------------------------------------------------------------------ units

    def _units(self, lines: Sequence[Line]) -> None:
        for line in lines:
            if code := line.text("code"):  # can be referred to before its own parent is known
                known = self.directory.units.coded(code)
                self.directory.units.put(self._unit(line, known, _coded("unit", code), _UNKNOWN))
        waiting = list(lines)
        while waiting:
            left = [line for line in waiting if not self._placed(line)]
            if len(left) == len(waiting):
                break
            waiting = left
        for line in waiting:
            self._follow(line, "parent", self.directory.unit)
        for line in lines:
            if line not in waiting and line.text("parent"):
                self._confirm(line)

    def _placed(self, line: Line) -> bool:
        """Whether the unit's parent is known by now; then it is wanted."""
        parent_id: str | None = None
        if said := line.text("parent"):
            try:
                parent_id = self.directory.unit(said).id
            except Unresolved:
                return False
        alike = self._known_units(line, parent_id)
        if len(alike) > 1:
            self._ambiguous(line, "name")
            return True
        known = alike[0] if alike else None
        if known is not None and "parent" not in line.values:
            parent_id = self._before.units[known.id].parent_id if known.id in self._before.units else None
        code = line.text("code")
        fresh = _coded("unit", code) if code else id_of("unit", "in", parent_id, line.text("name"))
        unit = self._unit(line, known, fresh, parent_id)
        self.directory.units.put(unit)
        self._parents[line.row] = parent_id
        self._want(line, unit)
        return True

    def _confirm(self, line: Line) -> None:
        """What was clear when it was looked up may have become ambiguous by what came after."""
        parent = self._follow(line, "parent", self.directory.unit)
        if parent is not None and line.row in self._parents and self._parents[line.row] != parent.id:
            sentence = f"Unit {line.text('parent')} ada lebih dari satu. Gunakan kodenya."
            self.mistakes.append(line.mistake("parent", sentence))

    def _known_units(self, line: Line, parent_id: str | None) -> list[Unit]:
        if code := line.text("code"):
            known = self.directory.units.coded(code)
            return [known] if known else []
        alike = self.directory.units.named(line.text("name") or "")
        return [one for one in alike if one.parent_id == parent_id] if "parent" in line.values else alike

    def _ambiguous(self, line: Line, field: str) -> None:
        """Told of a row that could mean several things."""
        sentence = f"Ada lebih dari satu {line.sheet} bernama {line.text(field)} di tempat ini. Isilah kode."
        self.mistakes.append(line.mistake(field, sentence))
        self._spoil(line, field)

    def _unit(self, line: Line, known: Unit | None, fresh: str, parent_id: str | None) -> Unit:
        base = self._base(self._before.units, known, fresh)
        given = _given(line, "name", "kind", "active", "code")
        return Unit.model_validate({**base, **given, "id": base.get("id", fresh), "parent_id": parent_id})

    # -------------------------------------------------------------------------------------- positions

    def _positions(self, lines: Sequence[Line]) -> None:
        homes: list[tuple[Line, Position]] = []
        for line in lines:
            unit = self._follow(line, "unit", self.directory.unit)
            if unit is None:
                continue
            position = self._position(line, unit)
            if position is not None:
                self.directory.positions.put(position)
                homes.append((line, position))
        for line, position in homes:
            superior_id = self._superior_id(line, position) if "superior" in line.values else position.superior_id
            self._want(line, position.model_copy(update={"superior_id": superior_id}))

    def _superior_id(self, line: Line, position: Position) -> str | None:
        """The superior the row names: one of the same unit is thought of first."""
        if line.text("superior") is None:
            return None
        superior = self._follow(line, "superior", partial(self.directory.position, home=position.unit_id))
        return superior.id if superior else None

    def _position(self, line: Line, unit: Unit) -> Position | None:
        code, title = line.text("code"), line.text("title") or ""
        if code:
            known = self.directory.positions.coded(code)
        else:
            alike = [one for one in self.directory.positions.named(title) if one.unit_id == unit.id]
            if len(alike) > 1:
                self._ambiguous(line, "title")
                return None
            known = alike[0] if alike else None
        fresh = _coded("position", code) if code else id_of("position", "in", unit.id, title)
        base = self._base(self._before.positions, known, fresh)
        given = _given(line, "title", "role", "active", "code")
        home = {"unit_id": unit.id, "unit_name": unit.name, "unit_kind": unit.kind}
        return Position.model_validate({**base, **given, **home, "id": base.get("id", fresh)})

    # ----------------------------------------------------------------------------------------- people

    def _people(self, lines: Sequence[Line]) -> None:
        for line in lines:
            person = self._person(line)
            if person is not None:
                self.directory.put_person(person)
                self._want(line, person)

    def _person(self, line: Line) -> Person | None:
        code, nip, name = line.text("code"), line.text("nip"), line.text("name") or ""
        known: Person | None = None
        fresh = id_of("person", "name", name)
        if code:
            known, fresh = self.directory.people.coded(code), _coded("person", code)
            known = known or (self.directory.numbered(nip) if nip else None)
        elif nip:
            known, fresh = self.directory.numbered(nip), id_of("person", "nip", nip)
        else:
            alike = self.directory.people.named(name)
            if len(alike) > 1:
                self._ambiguous(line, "name")
                return None
            known = alike[0] if alike else None
        base = self._base(self._before.people, known, fresh)
        return Person.model_validate({**base, **_given(line, "name", "nip", "code"), "id": base.get("id", fresh)})

    # ------------------------------------------------------------------------------------ assignments

    def _assignments(self, lines: Sequence[Line]) -> None:
        standing = {
            _key(one.position_id, one.person_id, one.capacity, one.starts_on): one
            for one in self._before.assignments.values()
            if not one.cancelled
        }
        for line in lines:
            person = self._follow(line, "person", self.directory.person)
            position = self._follow(line, "position", self.directory.position)
            if person is None or position is None:
                continue
            starts_on = line.values["starts_on"]
            key = _key(position.id, person.id, line.text("capacity") or "definitive", starts_on)
            try:
                known = standing.get(key)
                self._want(line, self._kept(line, known) if known else self._assigned(line, position, person, key))
            except ServiceError as refused:
                field = str(refused.extra.get("field", "ends_on"))
                self.mistakes.append(line.mistake(field, refused.detail))

    def _assigned(self, line: Line, position: Position, person: Person, key: str) -> Assignment:
        identifier = id_of("assignment", key)
        if identifier in self._before.assignments:
            raise Refused("starts_on", "Penugasan ini sudah dibatalkan. Hapus barisnya, atau ubah tanggal mulainya.")
        term = Term(_day(line, "starts_on") or date.min, _day(line, "ends_on"))
        check_term(term)
        capacity: Any = line.text("capacity") or "definitive"
        check_grounds(capacity, term.ends_on, line.text("legal_basis"))
        return to(position, person, identifier, capacity, term, line.text("legal_basis"))

    def _kept(self, line: Line, known: Assignment) -> Assignment:
        """An assignment that is there, perhaps with an end brought forward or its basis corrected."""
        after = known
        if "ends_on" in line.values and (ends_on := _day(line, "ends_on")) != known.ends_on:
            if ends_on is None:
                ended_on = known.ends_on.isoformat() if known.ends_on else ""
                sentence = f"Penugasan ini berakhir pada {ended_on}. Perpanjangan dicatat sebagai penugasan baru."
                raise Refused("ends_on", sentence)
            after = ended(known, ends_on)
        if "legal_basis" in line.values:
            after = after.model_copy(update={"legal_basis": line.text("legal_basis")})
        check_grounds(after.capacity, after.ends_on, after.legal_basis)
        return after

    # ------------------------------------------------------------------------------------------------

    def _base(self, there: Any, known: Entity | None, fresh: str) -> dict[str, Any]:
        """What is kept of the entity today: of the one the row means, or of one a former run of the file made."""
        found = there.get(known.id if known else fresh)
        if found is None:
            return {"id": known.id} if known else {}
        kept: dict[str, Any] = found.model_dump()
        return kept

    def _follow(self, line: Line, field: str, find: Callable[[str], U]) -> U | None:
        """What a cell refers to; a mistake where it refers to nothing, unless what it refers to is one itself."""
        said = line.text(field) or ""
        try:
            return find(said)
        except Unresolved as unresolved:
            if plain(said.split(">")[-1]) not in self._spoiled:
                self.mistakes.append(line.mistake(field, str(unresolved)))
            self._spoil(line, "code", "name", "title")
            return None

    def _spoil(self, line: Line, *fields: str) -> None:
        self._spoiled |= {plain(said) for field in fields if (said := line.text(field))}

    def _want(self, line: Line, entity: Entity) -> None:
        first = self.origins.get(entity.id)
        if first is not None and first is not line:
            name = "name" if line.sheet != "jabatan" else "title"
            field = name if line.sheet != "penugasan" else "person"
            again = f"{entity.label} sudah disebut pada baris {first.row}."
            self.mistakes.append(line.mistake(field, again))
            return
        self.origins[entity.id] = line
        self.wanted[entity.id] = entity


class Refused(ServiceError):
    """A row that cannot be done, with the field that says why."""

    def __init__(self, field: str, detail: str) -> None:
        super().__init__(422, "row_refused", detail, extra={"field": field})


def _given(line: Line, *fields: str) -> dict[str, Any]:
    """What the row says of these fields. A code that is an id names the thing and is not its code."""
    given = {field: line.values[field] for field in fields if field in line.values}
    if given.get("code") is None or _is_id(str(given["code"])):
        given.pop("code", None)
    return given


def _coded(kind: str, code: str) -> str:
    """The id of what has this code; an id is its own, so that an export makes the same things elsewhere."""
    return code.lower() if _is_id(code) else id_of(kind, "code", code)


def _is_id(code: str) -> bool:
    return bool(_ID.fullmatch(code))


def _day(line: Line, field: str) -> date | None:
    value = line.values.get(field)
    return value if isinstance(value, date) else None


def _key(position_id: str, person_id: str, capacity: str, starts_on: Any) -> str:
    return f"{position_id}/{person_id}/{capacity}/{starts_on}"
