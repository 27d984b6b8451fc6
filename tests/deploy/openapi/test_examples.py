"""The examples are true: each fits its schema, and what is sent in one is taken by the very model that will read it."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.routing import APIRoute, iter_route_contexts
from jsonschema import Draft202012Validator
from pydantic import TypeAdapter

from deploy.openapi.bodies import BODIES
from deploy.openapi.examples import Composer, with_examples
from deploy.openapi.sources import apps
from tests.deploy.openapi.conftest import Document, Operation


def faults(document: Document, schema: Document, value: Any) -> list[str]:
    """Where ``value`` does not fit."""
    whole = {**schema, "components": document["components"]}
    validator = Draft202012Validator(whole, format_checker=Draft202012Validator.FORMAT_CHECKER)
    return [f"{list(fault.path)}: {fault.message}" for fault in validator.iter_errors(value)]


def shown(document: Document, content: Document) -> Iterator[Any]:
    """The examples of one body."""
    if "example" in content:
        yield content["example"]
    for example in content.get("examples", {}).values():
        name = example.get("$ref", "").removeprefix("#/components/examples/")
        yield (document["components"]["examples"][name] if name else example)["value"]


@pytest.fixture(scope="module")
def models() -> dict[str, TypeAdapter[Any]]:
    """What reads the JSON body of each operation."""
    routes = [one.route for app in apps().values() for one in iter_route_contexts(app.routes)]
    bodies = {
        str(route.operation_id): route.body_field.field_info
        for route in routes
        if isinstance(route, APIRoute) and route.body_field is not None
    }
    return {name: TypeAdapter(field.annotation) for name, field in bodies.items() if field.annotation}


class TestSchemas:
    """Examples against what is described."""

    def test_what_is_answered_fits(self, merged: Document, operations: list[Operation]) -> None:
        for one in operations:
            for status, response in one.described["responses"].items():
                for content in response.get("content", {}).values():
                    for value in shown(merged, content):
                        assert faults(merged, content["schema"], value) == [], f"{one.name} {status}"

    def test_what_is_sent_fits(self, merged: Document, operations: list[Operation]) -> None:
        for one in operations:
            for content in one.described.get("requestBody", {}).get("content", {}).values():
                for value in shown(merged, content):
                    assert faults(merged, content["schema"], value) == [], one.name

    def test_refusals_fit(self, merged: Document) -> None:
        for name, response in merged["components"]["responses"].items():
            content = response["content"]["application/problem+json"]
            assert faults(merged, content["schema"], content["example"]) == [], name


class TestModels:
    """Examples against what reads them: rules between fields are in no schema."""

    def test_every_example_is_taken(
        self, merged: Document, operations: list[Operation], models: dict[str, TypeAdapter[Any]]
    ) -> None:
        read = 0
        for one in operations:
            content = one.described.get("requestBody", {}).get("content", {}).get("application/json")
            if content and one.name in models:
                for value in shown(merged, content):
                    models[one.name].validate_python(value)
                    read += 1
        assert read > 60, "the models were not found"

    def test_every_example_is_somebodys(self, operations: list[Operation]) -> None:
        known = {one.name for one in operations}
        assert [name for name, _ in BODIES if name not in known] == []


class TestComposer:
    """How an answer is made up."""

    def test_a_field_has_its_sample_and_the_form_it_needs(self) -> None:
        schema = {
            "type": "object",
            "properties": {
                "letter_number": {"anyOf": [{"type": "null"}, {"type": "string"}]},
                "due_on": {"type": "string", "format": "date"},
                "percent": {"type": "integer", "maximum": 40},
                "turn": {"type": "integer", "enum": [0, 90]},
            },
            "required": ["letter_number", "due_on", "percent", "turn"],
        }
        assert Composer({}).value(schema) == {
            "letter_number": "005/12/SKT/III/2026",
            "due_on": "2026-03-09",
            "percent": 40,
            "turn": 0,
        }

    def test_a_thing_within_its_own_kind_is_left_out(self) -> None:
        reference = {"$ref": "#/components/schemas/A"}
        inner = {"anyOf": [reference, {"type": "null"}]}
        tree = {"type": "object", "properties": {"a": inner, "b": {"type": "array", "items": reference}}}
        assert Composer({"A": tree}).value(reference) == {"b": []}

    def test_what_an_operation_shows_itself_is_kept(self) -> None:
        content = {"schema": {"type": "object"}, "example": {"own": 1}}
        operation = {
            "operationId": "sign_in",
            "requestBody": {"content": {"application/json": content}},
            "responses": {"200": {"content": {"application/json": content}}},
        }
        paths, shared = with_examples({"/v1/a": {"post": operation}}, {})
        assert paths == {"/v1/a": {"post": operation}}
        assert shared == {}
