"""Templates of units with their positions. Invariant: the same template in the same place grows the same ids.

A template is data: a unit, its positions, the units below. ``each`` repeats a unit for every item of a list that the
template is given; ``use`` puts another template in its place. An item is a name, or a name with what its own template
is given. Who stands above a position is named by a key, looked for in its unit and then outwards; ``above`` is
whoever stands above the whole.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.errors import unprocessable
from services.routing.domain.importing.identity import id_of
from services.routing.domain.organisation import Position, PositionRole, Unit, UnitKind

MAX_UNITS = 2000
ABOVE = "above"
Text = Annotated[str, Field(min_length=1, max_length=120)]


class Item(BaseModel):
    """A name with what its own template is given."""

    model_config = ConfigDict(extra="allow", frozen=True, str_strip_whitespace=True)

    __pydantic_extra__: "dict[str, Argument]" = Field(init=False)
    name: Text


Argument = Annotated[Text | list[Text | Item], Field(union_mode="left_to_right")]
Arguments = Mapping[str, Argument]
Item.model_rebuild()


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Parameter(_Data):
    """What a template may be given, and what it is where it is not."""

    name: str
    about: str
    default: Argument = Field(default_factory=list)


class SeatForm(_Data):
    """A position."""

    key: str
    title: str
    role: PositionRole
    superior: str | None = None


class UnitForm(_Data):
    """A unit with its positions and the units below; or another template in its place (``use``)."""

    key: str | None = None
    each: str | None = None
    use: str | None = None
    name: str = "{item}"
    kind: UnitKind | None = None
    superior: str | None = None
    give: dict[str, str] = Field(default_factory=dict)
    positions: tuple[SeatForm, ...] = ()
    units: tuple["UnitForm", ...] = ()


class Template(_Data):
    """A template, by its code."""

    code: str
    title: str
    about: str
    parameters: tuple[Parameter, ...] = ()
    unit: UnitForm


@dataclass(frozen=True)
class Place:
    """Where a template is put: under which unit and superior, and the words its ids follow from."""

    parent_id: str | None
    superior_id: str | None
    path: tuple[str, ...]


@dataclass
class Grown:
    """What grew of a template."""

    units: list[Unit] = field(default_factory=list)
    positions: list[Position] = field(default_factory=list)


def grow(templates: Mapping[str, Template], code: str, name: str, given: Arguments, place: Place) -> Grown:
    """The units and positions of a template that is called ``name``; 422 for what it cannot be given."""
    growing = _Growing(templates)
    growing.template(templates[code], name, given, place, ())
    return growing.grown


@dataclass(frozen=True)
class _Scope:
    """What is known at a place: words to fill in, lists, and positions by key, nearest first."""

    words: Mapping[str, str]
    lists: Mapping[str, list[str | Item]]
    keys: Mapping[str, str | None]


More = tuple[tuple[UnitForm, _Scope], ...]
"""Units to be put below another template's, each with what is known where it was written."""


class _Growing:
    def __init__(self, templates: Mapping[str, Template]) -> None:
        self._templates = templates
        self._ids: set[str] = set()
        self.grown = Grown()

    def template(self, template: Template, name: str, given: Arguments, place: Place, more: More) -> None:
        """Grow a template. ``more`` are units that whoever uses it adds below its own."""
        known = {one.name: one.default for one in template.parameters}
        if unknown := sorted(set(given) - set(known)):
            detail = f"Templat {template.title} tidak mengenal isian {', '.join(unknown)}."
            raise unprocessable("unknown_parameter", detail, field=f"parameters.{unknown[0]}")
        words, lists = {"name": name}, {}
        for parameter, value in {**known, **given}.items():
            if isinstance(value, str) != isinstance(known[parameter], str):
                kind = "teks" if isinstance(known[parameter], str) else "daftar"
                detail = f"Isian {parameter} pada templat {template.title} harus berupa {kind}."
                raise unprocessable("wrong_parameter", detail, field=f"parameters.{parameter}")
            if isinstance(value, str):
                words[parameter] = value.format_map({"name": name}) if parameter not in given else value
            else:
                lists[parameter] = list(value)
        self._unit(template.unit, _Scope(words, lists, {ABOVE: place.superior_id}), place, more)

    def _unit(self, form: UnitForm, scope: _Scope, place: Place, more: More = ()) -> None:
        """The unit, or one for each item of a list."""
        for item in scope.lists[form.each] if form.each else [None]:
            said = item.name if isinstance(item, Item) else item
            filled = _Scope({**scope.words, **({"item": said} if said else {})}, scope.lists, scope.keys)
            self._one(form, filled, place, item, more)

    def _one(self, form: UnitForm, scope: _Scope, place: Place, item: str | Item | None, more: More) -> None:
        name = form.name.format_map(scope.words)
        path = (*place.path, form.key or name)
        superior_id = _above(scope, form.superior) if form.superior else place.superior_id
        if form.use is not None:
            given = {theirs: _argument(scope, ours) for theirs, ours in form.give.items()}
            given |= (item.model_extra or {}) if isinstance(item, Item) else {}
            there = Place(place.parent_id, superior_id, path)
            self.template(self._templates[form.use], name, given, there, (*((one, scope) for one in form.units), *more))
            return
        unit = Unit(id=id_of("template", *path), name=name, kind=form.kind or "subdivision", parent_id=place.parent_id)
        self._add(unit)
        keys = dict(scope.keys)
        for seat in form.positions:
            keys[seat.key] = self._seat(seat, unit, _Scope(scope.words, scope.lists, keys), path)
        here = Place(unit.id, superior_id, path)
        for below in form.units:
            self._unit(below, _Scope(scope.words, scope.lists, keys), here)
        for below, theirs in more:
            self._unit(below, _Scope(theirs.words, theirs.lists, {**theirs.keys, **keys}), here)

    def _add(self, unit: Unit) -> None:
        if unit.id in self._ids:
            raise unprocessable("named_twice", f"{unit.name} disebut lebih dari sekali.", field="parameters")
        self._ids.add(unit.id)
        self.grown.units.append(unit)
        if len(self.grown.units) > MAX_UNITS:
            raise unprocessable("too_many_units", f"Templat menghasilkan lebih dari {MAX_UNITS} unit.")

    def _seat(self, seat: SeatForm, unit: Unit, scope: _Scope, path: tuple[str, ...]) -> str:
        position = Position(
            id=id_of("template-position", *path, seat.key),
            title=seat.title.format_map(scope.words),
            unit_id=unit.id,
            unit_name=unit.name,
            unit_kind=unit.kind,
            role=seat.role,
            superior_id=_above(scope, seat.superior) if seat.superior else None,
        )
        self.grown.positions.append(position)
        return position.id


def _above(scope: _Scope, key: str) -> str | None:
    return scope.keys[key]


def _argument(scope: _Scope, name: str) -> Argument:
    """What a template hands on to one it uses."""
    return scope.words[name] if name in scope.words else scope.lists[name]
