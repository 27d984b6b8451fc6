"""What a file would change, and what stands in its way. Invariant: a plan with a mistake is never applied, not in part.

What a file does not mention stays as it is. Of what it mentions the file is right: a second run finds nothing to do.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from services.routing.domain.flaws import Flaw, flaws_of
from services.routing.domain.importing.form import column_of
from services.routing.domain.importing.resolve import resolve
from services.routing.domain.importing.rows import Line, Mistake, Parsed
from services.routing.domain.organisation import Entity, EntityKind
from services.routing.domain.picture import Changes, Picture, changes, derived

_FIELDS = {"parent_id": "parent", "unit_id": "unit", "superior_id": "superior", "position_id": "position"}


@dataclass(frozen=True)
class Item:
    """Something that would be made or changed. One without a row follows from others."""

    sheet: str | None
    row: int | None
    action: Literal["made", "changed"]
    entity: EntityKind
    id: str
    label: str
    fields: Mapping[str, tuple[Any, Any]]


@dataclass(frozen=True)
class Plan:
    """What would be done, and every mistake. ``unchanged`` rows say what is so already."""

    changes: Changes
    items: tuple[Item, ...]
    mistakes: tuple[Mistake, ...]
    unchanged: int


def plan_file(before: Picture, parsed: Parsed, today: date) -> Plan:
    """The plan for a file that has been read."""
    desk = resolve(before, parsed)
    return plan(before, desk.wanted.values(), today, desk.origins, desk.mistakes)


def plan(
    before: Picture,
    wanted: Iterable[Entity],
    today: date,
    origins: Mapping[str, Line] | None = None,
    mistakes: Iterable[Mistake] = (),
) -> Plan:
    """The plan for these entities, as they should be; ``origins`` are the rows they come from."""
    rows = origins or {}
    after = derived(before.having(*wanted), today)
    found = changes(before, after)
    flaws = flaws_of(before, after, found, today)
    touched = {one.id for one in (*found.made, *found.changed)}
    former = {one.id: one for one in before.entities()}
    return Plan(
        changes=found,
        items=tuple(_item(one, former.get(one.id), rows.get(one.id)) for one in (*found.made, *found.changed)),
        mistakes=_ordered([*mistakes, *(_mistake(flaw, rows) for flaw in flaws)]),
        unchanged=sum(identifier not in touched for identifier in rows),
    )


def _item(one: Entity, former: Entity | None, line: Line | None) -> Item:
    now = one.model_dump(mode="json", exclude={"id", "version"})
    then = former.model_dump(mode="json", exclude={"id", "version"}) if former else {}
    fields = {name: (then[name], now[name]) for name in now if name in then and then[name] != now[name]}
    return Item(
        sheet=line.sheet if line else None,
        row=line.row if line else None,
        action="changed" if former else "made",
        entity=one.entity_kind,
        id=one.id,
        label=one.label,
        fields=fields,
    )


def _mistake(flaw: Flaw, rows: Mapping[str, Line]) -> Mistake:
    line = rows.get(flaw.entity.id)
    if line is None:
        return Mistake("", None, None, flaw.sentence)
    column = column_of(line.sheet, _FIELDS.get(flaw.field, flaw.field))
    return Mistake(line.sheet, line.row, column.heading if column else None, flaw.sentence)


def _ordered(mistakes: list[Mistake]) -> tuple[Mistake, ...]:
    """Each once, as they stand in the file."""
    return tuple(sorted(dict.fromkeys(mistakes), key=lambda one: (one.sheet, one.row or 0, one.column or "")))
