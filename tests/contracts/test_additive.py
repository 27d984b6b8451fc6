"""What the gate accepts and refuses: a table of changed models, and every field of every event that is published."""

import copy
from typing import Any

import pytest

from services.contracts.additive import refusals
from services.contracts.catalogue import all_events
from services.contracts.event import Event, Fact
from services.contracts.schema import Schema, reader_schema
from tests.contracts.evolving import ADDITIVE, BREAKING, event

COMMITTED = reader_schema(event())
EVENTS = all_events()


class TestChangedModels:
    @pytest.mark.parametrize(("changed", "reason"), BREAKING.values(), ids=BREAKING.keys())
    def test_a_breaking_change_is_refused_with_its_reason(self, changed: type[Event], reason: str) -> None:
        found = refusals(COMMITTED, reader_schema(changed))
        assert any(reason in one for one in found), found

    @pytest.mark.parametrize("changed", ADDITIVE.values(), ids=ADDITIVE.keys())
    def test_an_additive_change_is_accepted(self, changed: type[Event]) -> None:
        assert refusals(COMMITTED, reader_schema(changed)) == []

    def test_two_breaking_changes_are_both_named(self) -> None:
        found = refusals(COMMITTED, reader_schema(event("subject", pages=(str, ...))))
        assert len(found) == 2

    def test_a_model_that_holds_itself_is_compared_and_ends(self) -> None:
        class Node(Fact):
            name: str
            children: tuple["Node", ...] = ()

        before = {"properties": {"root": {"$ref": "#/$defs/Node"}}, "$defs": {"Node": _definition(Node)}}
        after = copy.deepcopy(before)
        assert refusals(before, after) == []
        del after["$defs"]["Node"]["properties"]["name"]
        assert refusals(before, after) == ["data.root.name: the field was removed"]


class TestEveryPublishedEvent:
    """Each field of each event, at each depth, changed in the schema itself."""

    @pytest.mark.parametrize("published", EVENTS.values(), ids=EVENTS.keys())
    def test_removing_any_field_is_refused(self, published: type[Event]) -> None:
        schema = reader_schema(published)
        for owner, name in _fields(schema):
            changed = copy.deepcopy(schema)
            del _at(changed, owner)["properties"][name]
            assert refusals(schema, changed), f"{owner} {name}"

    @pytest.mark.parametrize("published", EVENTS.values(), ids=EVENTS.keys())
    def test_flipping_whether_any_field_is_required_is_refused(self, published: type[Event]) -> None:
        schema = reader_schema(published)
        for owner, name in _fields(schema):
            changed = copy.deepcopy(schema)
            required = _at(changed, owner).setdefault("required", [])
            required.remove(name) if name in required else required.append(name)
            assert refusals(schema, changed), f"{owner} {name}"

    @pytest.mark.parametrize("published", EVENTS.values(), ids=EVENTS.keys())
    def test_changing_the_type_of_any_field_is_refused(self, published: type[Event]) -> None:
        schema = reader_schema(published)
        for owner, name in _fields(schema):
            changed = copy.deepcopy(schema)
            _at(changed, owner)["properties"][name] = {"type": "object", "x": "something else"}
            assert refusals(schema, changed), f"{owner} {name}"

    @pytest.mark.parametrize("published", EVENTS.values(), ids=EVENTS.keys())
    def test_an_optional_field_may_be_added_to_any_part(self, published: type[Event]) -> None:
        schema = reader_schema(published)
        for owner in {owner for owner, _ in _fields(schema)}:
            changed = copy.deepcopy(schema)
            _at(changed, owner)["properties"]["added_later"] = {"type": "string", "default": ""}
            assert refusals(schema, changed) == [], owner


def _definition(model: type[Fact]) -> Schema:
    generated = model.model_json_schema()
    found: Schema = generated["$defs"][model.__name__]
    return found


def _fields(schema: Schema) -> list[tuple[str, str]]:
    """Every (part, field): the part is "" for the event itself, else the name of a definition."""
    parts: dict[str, Any] = {"": schema, **schema.get("$defs", {})}
    return [(part, name) for part, content in parts.items() for name in content.get("properties", {})]


def _at(schema: Schema, part: str) -> Schema:
    found: Schema = schema["$defs"][part] if part else schema
    return found
