"""Writing the organisation as sheets. Invariant: what is written is read back as exactly what is there.

Things are referred to by their code, else by the names that lead to them where these lead nowhere else, else by id.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from services.routing.domain.assignment import Assignment
from services.routing.domain.importing.directory import Directory, Unresolved
from services.routing.domain.importing.form import GUIDE, PATH, SHEETS, SheetName, column_of
from services.routing.domain.organisation import Person, Position, Unit
from services.routing.domain.picture import Picture

Table = list[list[str]]


def written(picture: Picture, today: date) -> dict[str, Table]:
    """The organisation as sheets: every unit, position and person, and the assignments in force or coming."""
    return _Writing(Directory(picture)).sheets(picture, today)


def empty() -> dict[str, Table]:
    """The sheets with their headings alone, and one that explains them."""
    return {**{sheet: [_headings(sheet)] for sheet in SHEETS}, GUIDE: _guide()}


def choices() -> dict[str, dict[str, list[str]]]:
    """What may stand in which column of which sheet."""
    return {
        sheet: {column.heading: column.spoken() for column in columns if column.words}
        for sheet, columns in SHEETS.items()
    }


class _Writing:
    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def sheets(self, picture: Picture, today: date) -> dict[str, Table]:
        units = sorted(picture.units.values(), key=lambda one: (self._directory.path_of(one.id), one.id))
        places = {unit.id: place for place, unit in enumerate(units)}
        positions = sorted(
            picture.positions.values(), key=lambda one: (places[one.unit_id], len(one.superiors), one.title, one.id)
        )
        people = sorted(picture.people.values(), key=lambda one: (one.name, one.id))
        lasting = [one for one in picture.assignments.values() if one.lasts(today)]
        order = {position.id: place for place, position in enumerate(positions)}
        lasting.sort(key=lambda one: (order[one.position_id], one.starts_on, one.id))
        tables: dict[SheetName, Table] = {
            "unit": [self._unit(one) for one in units],
            "jabatan": [self._position(one) for one in positions],
            "pegawai": [[one.code or one.id, one.name, one.nip or "", one.rank or ""] for one in people],
            "penugasan": [self._assignment(one) for one in lasting],
        }
        return {sheet: [_headings(sheet), *rows] for sheet, rows in tables.items()}

    def _unit(self, unit: Unit) -> list[str]:
        parent = self._directory.units.get(unit.parent_id or "")
        return [
            unit.code or unit.id,
            unit.name,
            _word("unit", "kind", unit.kind),
            self._unit_reference(parent) if parent else "",
            _word("unit", "active", "true" if unit.active else "false"),
        ]

    def _position(self, position: Position) -> list[str]:
        superior = self._directory.positions.get(position.superior_id or "")
        return [
            position.code or position.id,
            position.title,
            self._unit_reference(self._directory.units[position.unit_id]),
            _word("jabatan", "role", position.role),
            self._position_reference(superior) if superior else "",
            _word("jabatan", "active", "true" if position.active else "false"),
        ]

    def _assignment(self, one: Assignment) -> list[str]:
        return [
            self._person_reference(self._directory.people[one.person_id]),
            self._position_reference(self._directory.positions[one.position_id]),
            _word("penugasan", "capacity", one.capacity),
            one.starts_on.isoformat(),
            one.ends_on.isoformat() if one.ends_on else "",
            one.legal_basis or "",
        ]

    def _unit_reference(self, unit: Unit) -> str:
        return unit.code or _leading(self._directory.path_of(unit.id), unit.id, self._directory.unit)

    def _position_reference(self, position: Position) -> str:
        path = f"{self._directory.path_of(position.unit_id)}{PATH}{position.title}"
        return position.code or _leading(path, position.id, self._directory.position)

    def _person_reference(self, person: Person) -> str:
        return person.nip or person.code or _leading(person.name, person.id, self._directory.person)


def _leading(names: str, identifier: str, find: Callable[[str], Any]) -> str:
    """The names where they lead back to the thing, and its id where they do not."""
    try:
        return names if find(names).id == identifier else identifier
    except Unresolved:
        return identifier


def _word(sheet: SheetName, field: str, meaning: str) -> str:
    column = column_of(sheet, field)
    return column.word(meaning) if column else meaning


def _headings(sheet: SheetName) -> list[str]:
    return [column.heading for column in SHEETS[sheet]]


def _guide() -> Table:
    rows = [["lembar", "kolom", "wajib", "penjelasan", "pilihan"]]
    for sheet, columns in SHEETS.items():
        for column in columns:
            needed = "ya" if column.required else "tidak"
            rows.append([sheet, column.heading, needed, column.about, ", ".join(column.spoken())])
    return rows
