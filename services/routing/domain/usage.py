"""What hangs on a unit or a position. Invariant: nothing active ever hangs on what is out of use."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.routing.domain.organisation import Entity, Position, Unit
from services.routing.domain.picture import Picture
from services.routing.domain.wording import named


@dataclass(frozen=True)
class Usage:
    """What hangs on something, and the sentence that says so."""

    sentence: str
    ids: list[str]


def in_use(one: Unit | Position, picture: Picture, today: date) -> Usage | None:
    """What active things hang on it, or None."""
    return _on_unit(one, picture) if isinstance(one, Unit) else _on_position(one, picture, today)


def _on_unit(unit: Unit, picture: Picture) -> Usage | None:
    units = [one for one in picture.units.values() if one.parent_id == unit.id and one.active]
    positions = [one for one in picture.positions.values() if one.unit_id == unit.id and one.active]
    return _usage(f"Unit {unit.name}", (("unit bawahan", units), ("jabatan", positions)))


def _on_position(position: Position, picture: Picture, today: date) -> Usage | None:
    below = [one for one in picture.positions.values() if one.superior_id == position.id and one.active]
    seats = [one for one in picture.assignments.values() if one.position_id == position.id and one.lasts(today)]
    return _usage(f"Jabatan {position.title}", (("jabatan bawahan", below), ("pejabat", seats)))


def _usage(what: str, parts: Sequence[tuple[str, Sequence[Entity]]]) -> Usage | None:
    used = [(word, hanging) for word, hanging in parts if hanging]
    if not used:
        return None
    told = "; ".join(f"{word} aktif: {named([one.label for one in hanging])}" for word, hanging in used)
    sentence = f"{what} belum dapat dinonaktifkan karena masih memiliki {told}."
    return Usage(sentence, [one.id for _, hanging in used for one in hanging])
