"""Every operation says what it is for, what can go wrong and what is sent, in one manner (H7, H8).

An operation that is added without any of it fails here, by its id.
"""

import re

from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR

from tests.deploy.openapi.conftest import Document, Operation

SNAKE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
SEGMENT = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)?|\{[a-z][a-z_]*\}(\.[a-z]+)?")
PASCAL = re.compile(r"[A-Z][A-Za-z0-9]*")
ALWAYS_THERE = {"read_calendar_day", "decide_calendar_day"}
"""Every day is in the calendar."""
BYTES = ("application/offset+octet-stream",)


class TestDocument:
    """The document as a whole."""

    def test_it_is_valid_openapi_3_1(self, merged: Document) -> None:
        faults = [f"{list(fault.instance_path)}: {fault.message}" for fault in OPENAPI_31_VALIDATOR.iter_errors(merged)]
        assert faults == []

    def test_schemas_have_plain_names(self, merged: Document) -> None:
        assert [name for name in merged["components"]["schemas"] if not PASCAL.fullmatch(name)] == []

    def test_what_is_shared_is_used(self, merged: Document) -> None:
        text = str(merged)
        for kind in ("responses", "examples"):
            unused = [name for name in merged["components"][kind] if f"#/components/{kind}/{name}'" not in text]
            assert unused == []


class TestNames:
    """What things are called."""

    def test_operations_are_called_in_snake_case(self, operations: list[Operation]) -> None:
        assert [one.name for one in operations if not SNAKE.fullmatch(one.name)] == []

    def test_addresses_are_written_in_one_way(self, operations: list[Operation]) -> None:
        odd = [one.path for one in operations if not all(map(SEGMENT.fullmatch, one.path.strip("/").split("/")))]
        assert odd == []
        assert [one.path for one in operations if not one.path.startswith("/v1/")] == []

    def test_query_parameters_are_called_in_snake_case(self, operations: list[Operation]) -> None:
        odd = [
            (one.name, parameter["name"])
            for one in operations
            for parameter in one.parameters
            if parameter["in"] == "query" and not SNAKE.fullmatch(parameter["name"])
        ]
        assert odd == []

    def test_each_belongs_to_the_service_that_answers(self, operations: list[Operation]) -> None:
        assert [one.name for one in operations if one.described["tags"] != [one.route.upstream]] == []


class TestSaid:
    """What a reader is told of each."""

    def test_each_has_a_summary_of_one_line(self, operations: list[Operation]) -> None:
        for one in operations:
            summary = one.described.get("summary", "")
            assert re.fullmatch(r"[A-Z].{2,98}[^.\s]", summary), f"{one.name}: {summary!r}"

    def test_each_is_explained(self, operations: list[Operation]) -> None:
        assert [one.name for one in operations if not one.described.get("description")] == []


class TestRefusals:
    """What can go wrong, said of each operation."""

    def test_each_tells_what_the_gateway_may_answer(self, operations: list[Operation]) -> None:
        for one in operations:
            expected = {"429", "503"}
            expected |= set() if one.route.open else {"401", "403"}
            expected |= set() if one.route.upstream == "gateway" else {"504"}
            expected |= {"400", "413"} if "requestBody" in one.described else set()
            assert expected <= set(one.described["responses"]), one.name

    def test_each_that_is_told_something_tells_that_it_may_not_fit(self, operations: list[Operation]) -> None:
        asked = [
            one
            for one in operations
            if "application/json" in one.described.get("requestBody", {}).get("content", {})
            or any(parameter["in"] in ("query", "path") for parameter in one.parameters)
        ]
        wanting = [one.name for one in asked if not {"422", "400", "404"} & set(one.described["responses"])]
        assert wanting == []

    def test_each_that_names_a_thing_tells_that_it_may_not_be_there(self, operations: list[Operation]) -> None:
        named = [one for one in operations if "{" in one.path and one.name not in ALWAYS_THERE]
        assert [one.name for one in named if "404" not in one.described["responses"]] == []

    def test_each_that_asks_for_a_version_tells_that_it_may_have_passed(self, operations: list[Operation]) -> None:
        for one in operations:
            if any(parameter["name"].casefold() == "if-match" for parameter in one.parameters):
                assert "412" in one.described["responses"], one.name

    def test_a_fault_of_ours_is_never_promised(self, operations: list[Operation]) -> None:
        assert [one.name for one in operations if {"500", "502", "default"} & set(one.described["responses"])] == []

    def test_every_refusal_has_the_one_shape(self, merged: Document, operations: list[Operation]) -> None:
        for one in operations:
            for status, response in one.described["responses"].items():
                if status >= "400":
                    shared = response.get("$ref", "").removeprefix("#/components/responses/")
                    content = (merged["components"]["responses"][shared] if shared else response)["content"]
                    schema = content["application/problem+json"]["schema"]
                    assert schema == {"$ref": "#/components/schemas/Problem"}, f"{one.name} {status}"


class TestExamples:
    """What is shown of each; test_examples.py holds it to the schemas."""

    def test_each_body_that_is_sent_is_shown(self, operations: list[Operation]) -> None:
        wanting = [
            (one.name, kind)
            for one in operations
            for kind, content in one.described.get("requestBody", {}).get("content", {}).items()
            if kind not in BYTES and not {"example", "examples"} & set(content)
        ]
        assert wanting == [], "write it in deploy/openapi/bodies, or beside the operation"

    def test_each_answer_in_json_is_shown(self, operations: list[Operation]) -> None:
        wanting = [
            (one.name, status)
            for one in operations
            for status, response in one.described["responses"].items()
            for kind, content in response.get("content", {}).items()
            if kind == "application/json" and not {"example", "examples"} & set(content)
        ]
        assert wanting == []

    def test_each_refusal_is_shown(self, merged: Document) -> None:
        for name, response in merged["components"]["responses"].items():
            example = response["content"]["application/problem+json"]["example"]
            assert example["status"] == int(name.removeprefix("Problem"))
            assert re.fullmatch(r"[a-z_]+", example["code"])
