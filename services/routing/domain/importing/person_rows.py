"""People of rows. Invariant: a number tells who is meant before a name does."""

from collections.abc import Sequence

from services.routing.domain.importing.desk import Desk, coded, said_of
from services.routing.domain.importing.identity import id_of
from services.routing.domain.importing.rows import Line
from services.routing.domain.organisation import Person


class PersonRows:
    """The rows of the sheet of people."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def resolve(self, lines: Sequence[Line]) -> None:
        """Want the person of each row."""
        for line in lines:
            person = self._person(line)
            if person is not None:
                self._desk.directory.put_person(person)
                self._desk.want(line, person)

    def _person(self, line: Line) -> Person | None:
        code, nip, name = line.text("code"), line.text("nip"), line.text("name") or ""
        known: Person | None = None
        fresh = id_of("person", "name", name)
        if code:
            known, fresh = self._desk.directory.people.coded(code), coded("person", code)
            known = known or (self._desk.directory.numbered(nip) if nip else None)
        elif nip:
            known, fresh = self._desk.directory.numbered(nip), id_of("person", "nip", nip)
        else:
            alike = self._desk.directory.people.named(name)
            if len(alike) > 1:
                self._desk.ambiguous(line, "name")
                return None
            known = alike[0] if alike else None
        base = self._desk.base(self._desk.before.people, known, fresh)
        return Person.model_validate(
            {**base, **said_of(line, "name", "nip", "rank", "code"), "id": base.get("id", fresh)}
        )
