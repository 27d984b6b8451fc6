"""Positions of rows. Invariant: every position of the file is known before superiors are looked for."""

from collections.abc import Sequence
from functools import partial

from services.routing.domain.importing.desk import Desk, coded, said_of
from services.routing.domain.importing.identity import id_of
from services.routing.domain.importing.rows import Line
from services.routing.domain.organisation import Position, Unit


class PositionRows:
    """The rows of the sheet of positions."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def resolve(self, lines: Sequence[Line]) -> None:
        """Want the position of each row."""
        homes: list[tuple[Line, Position]] = []
        for line in lines:
            unit = self._desk.follow(line, "unit", self._desk.directory.unit)
            if unit is None:
                continue
            position = self._position(line, unit)
            if position is not None:
                self._desk.directory.positions.put(position)
                homes.append((line, position))
        for line, position in homes:
            superior_id = self._superior_id(line, position) if "superior" in line.values else position.superior_id
            self._desk.want(line, position.model_copy(update={"superior_id": superior_id}))

    def _superior_id(self, line: Line, position: Position) -> str | None:
        """The superior the row names: one of the same unit is thought of first."""
        if line.text("superior") is None:
            return None
        superior = self._desk.follow(line, "superior", partial(self._desk.directory.position, home=position.unit_id))
        return superior.id if superior else None

    def _position(self, line: Line, unit: Unit) -> Position | None:
        code, title = line.text("code"), line.text("title") or ""
        if code:
            known = self._desk.directory.positions.coded(code)
        else:
            alike = [one for one in self._desk.directory.positions.named(title) if one.unit_id == unit.id]
            if len(alike) > 1:
                self._desk.ambiguous(line, "title")
                return None
            known = alike[0] if alike else None
        fresh = coded("position", code) if code else id_of("position", "in", unit.id, title)
        base = self._desk.base(self._desk.before.positions, known, fresh)
        given = said_of(line, "title", "role", "active", "code")
        home = {"unit_id": unit.id, "unit_name": unit.name, "unit_kind": unit.kind}
        return Position.model_validate({**base, **given, **home, "id": base.get("id", fresh)})
