"""Assignments of rows. Invariant: one that is there is only shortened; a longer term is another assignment."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from services.chassis.errors import ServiceError
from services.routing.domain.assignment import Assignment, Term, check_grounds, check_term, ended, to
from services.routing.domain.importing.desk import Desk
from services.routing.domain.importing.identity import id_of
from services.routing.domain.importing.rows import Line
from services.routing.domain.organisation import Person, Position


class AssignmentRows:
    """The rows of the sheet of assignments."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def resolve(self, lines: Sequence[Line]) -> None:
        """Want the assignment of each row."""
        standing = {
            _key(one.position_id, one.person_id, one.capacity, one.starts_on): one
            for one in self._desk.before.assignments.values()
            if not one.cancelled
        }
        for line in lines:
            person = self._desk.follow(line, "person", self._desk.directory.person)
            position = self._desk.follow(line, "position", self._desk.directory.position)
            if person is None or position is None:
                continue
            starts_on = line.values["starts_on"]
            key = _key(position.id, person.id, line.text("capacity") or "definitive", starts_on)
            try:
                known = standing.get(key)
                self._desk.want(line, self._kept(line, known) if known else self._assigned(line, position, person, key))
            except ServiceError as refused:
                field = str(refused.extra.get("field", "ends_on"))
                self._desk.mistakes.append(line.mistake(field, refused.detail))

    def _assigned(self, line: Line, position: Position, person: Person, key: str) -> Assignment:
        identifier = id_of("assignment", key)
        if identifier in self._desk.before.assignments:
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


class Refused(ServiceError):
    """A row that cannot be done, with the field that says why."""

    def __init__(self, field: str, detail: str) -> None:
        super().__init__(422, "row_refused", detail, extra={"field": field})


def _day(line: Line, field: str) -> date | None:
    value = line.values.get(field)
    return value if isinstance(value, date) else None


def _key(position_id: str, person_id: str, capacity: str, starts_on: Any) -> str:
    return f"{position_id}/{person_id}/{capacity}/{starts_on}"
