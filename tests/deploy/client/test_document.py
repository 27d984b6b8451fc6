"""The description as the generator gets it: every schema with a name of its own, nothing lost."""

import json
from typing import Any

import pytest

from deploy.client.document import BINARY, generable
from gateway.docs import DOCUMENT

Node = dict[str, Any]


def described(schemas: Node, body: Any = None, answer: Any = None) -> Node:
    """A description with one operation."""
    operation: Node = {
        "operationId": "send_letter",
        "responses": {"200": {"description": "", "content": answer or {}}},
    }
    if body:
        operation["requestBody"] = {"content": {"application/json": {"schema": body}}}
    return {"paths": {"/v1/letters": {"post": operation}}, "components": {"schemas": schemas}}


def sent(document: Node) -> Any:
    """The schema of what the one operation takes."""
    return document["paths"]["/v1/letters"]["post"]["requestBody"]["content"]["application/json"]["schema"]


def thing(title: str, /, **properties: Any) -> Node:
    """An object with a title."""
    return {"type": "object", "title": title, "properties": properties or {"id": {"type": "string", "title": "Id"}}}


class TestNames:
    def test_two_schemas_of_one_title_keep_their_own_names(self) -> None:
        schemas = {"RoutingLetterView": thing("LetterView"), "IntakeLetterView": thing("LetterView", a={})}
        named = generable(described(schemas))["components"]["schemas"]
        assert {name: one["title"] for name, one in named.items()} == {
            "RoutingLetterView": "RoutingLetterView",
            "IntakeLetterView": "IntakeLetterView",
        }

    def test_names_are_those_of_classes_and_references_follow(self) -> None:
        schemas = {
            "Amendment-Output": thing("Amendment"),
            "Page_View_": thing("Page[View]", items={"$ref": "#/components/schemas/Amendment-Output"}),
        }
        named = generable(described(schemas))["components"]["schemas"]
        assert set(named) == {"AmendmentOutput", "PageView"}
        assert named["PageView"]["properties"]["items"] == {"$ref": "#/components/schemas/AmendmentOutput"}

    def test_an_object_in_the_middle_gets_a_name_once(self) -> None:
        party = thing("PartyRef")
        body = thing("Draft", sender={"anyOf": [party, {"type": "null"}]}, addressees={"type": "array", "items": party})
        document = generable(described({}, body))
        assert sent(document) == {"$ref": "#/components/schemas/Draft"}
        draft = document["components"]["schemas"]["Draft"]["properties"]
        reference = {"$ref": "#/components/schemas/PartyRef"}
        assert draft["sender"]["anyOf"][0] == draft["addressees"]["items"] == reference

    def test_one_that_means_something_else_is_named_after_its_operation(self) -> None:
        document = generable(described({"Draft": thing("Draft", other={})}, thing("Draft")))
        assert sent(document) == {"$ref": "#/components/schemas/SendLetterDraft"}

    def test_a_property_may_be_called_title(self) -> None:
        body = thing("Occasion", title={"type": "string", "title": "Title"})
        document = generable(described({}, body))
        assert document["components"]["schemas"]["Occasion"]["properties"] == {"title": {"type": "string"}}


class TestFiles:
    @pytest.mark.parametrize("media", ["application/pdf", "image/webp"])
    def test_a_file_is_bytes_whatever_its_kind(self, media: str) -> None:
        document = generable(described({}, answer={media: {"schema": {"type": "string"}}}))
        assert document["paths"]["/v1/letters"]["post"]["responses"]["200"]["content"] == BINARY

    @pytest.mark.parametrize("media", ["application/json", "application/problem+json", "text/event-stream"])
    def test_what_can_be_read_stays(self, media: str) -> None:
        answer = {media: {"schema": {"type": "string"}}}
        document = generable(described({}, answer=answer))
        assert document["paths"]["/v1/letters"]["post"]["responses"]["200"]["content"] == answer


class TestTheCommittedDescription:
    def test_no_operation_and_no_reference_is_lost(self) -> None:
        committed = json.loads(DOCUMENT.read_bytes())
        document = generable(committed)
        assert _operations(document) == _operations(committed)
        names = set(document["components"]["schemas"])
        assert {one.rpartition("/")[2] for one in _references(document) if "/schemas/" in one} <= names


def _operations(document: Node) -> set[tuple[str, str, str]]:
    return {
        (path, method, operation["operationId"])
        for path, item in document["paths"].items()
        for method, operation in item.items()
    }


def _references(node: Any) -> set[str]:
    if isinstance(node, dict):
        own = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
        return own.union(*(_references(one) for one in node.values()))
    if isinstance(node, list):
        return set().union(*(_references(one) for one in node))
    return set()
