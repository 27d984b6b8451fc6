"""Units of rows. Invariant: rows may stand in any order, so they are gone through until nothing more can be placed."""

from collections.abc import Sequence

from services.routing.domain.importing.desk import Desk, coded, said_of
from services.routing.domain.importing.directory import Unresolved
from services.routing.domain.importing.identity import id_of
from services.routing.domain.importing.rows import Line
from services.routing.domain.organisation import Unit

_UNKNOWN = "?"
"""The parent of a unit whose parent is still looked for."""


class UnitRows:
    """The rows of the sheet of units."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._parents: dict[int, str | None] = {}

    def resolve(self, lines: Sequence[Line]) -> None:
        """Want the unit of each row."""
        for line in lines:
            if code := line.text("code"):  # can be referred to before its own parent is known
                known = self._desk.directory.units.coded(code)
                self._desk.directory.units.put(self._unit(line, known, coded("unit", code), _UNKNOWN))
        waiting = list(lines)
        while waiting:
            left = [line for line in waiting if not self._placed(line)]
            if len(left) == len(waiting):
                break
            waiting = left
        for line in waiting:
            self._desk.follow(line, "parent", self._desk.directory.unit)
        for line in lines:
            if line not in waiting and line.text("parent"):
                self._confirm(line)

    def _placed(self, line: Line) -> bool:
        """Whether the unit's parent is known by now; then it is wanted."""
        parent_id: str | None = None
        if said := line.text("parent"):
            try:
                parent_id = self._desk.directory.unit(said).id
            except Unresolved:
                return False
        alike = self._known_units(line, parent_id)
        if len(alike) > 1:
            self._desk.ambiguous(line, "name")
            return True
        known = alike[0] if alike else None
        if known is not None and "parent" not in line.values:
            parent_id = self._desk.before.units[known.id].parent_id if known.id in self._desk.before.units else None
        code = line.text("code")
        fresh = coded("unit", code) if code else id_of("unit", "in", parent_id, line.text("name"))
        unit = self._unit(line, known, fresh, parent_id)
        self._desk.directory.units.put(unit)
        self._parents[line.row] = parent_id
        self._desk.want(line, unit)
        return True

    def _confirm(self, line: Line) -> None:
        """What was clear when it was looked up may have become ambiguous by what came after."""
        parent = self._desk.follow(line, "parent", self._desk.directory.unit)
        if parent is not None and line.row in self._parents and self._parents[line.row] != parent.id:
            sentence = f"Unit {line.text('parent')} ada lebih dari satu. Gunakan kodenya."
            self._desk.mistakes.append(line.mistake("parent", sentence))

    def _known_units(self, line: Line, parent_id: str | None) -> list[Unit]:
        if code := line.text("code"):
            known = self._desk.directory.units.coded(code)
            return [known] if known else []
        alike = self._desk.directory.units.named(line.text("name") or "")
        return [one for one in alike if one.parent_id == parent_id] if "parent" in line.values else alike

    def _unit(self, line: Line, known: Unit | None, fresh: str, parent_id: str | None) -> Unit:
        base = self._desk.base(self._desk.before.units, known, fresh)
        given = said_of(line, "name", "kind", "active", "code")
        return Unit.model_validate({**base, **given, "id": base.get("id", fresh), "parent_id": parent_id})
