"""Where a version or a file's mark is sent, the description says so; what asks for a version can be told one."""

import ast
import re
from typing import Any

from deploy.openapi.components import referenced
from deploy.openapi.etags import HEADERS, senders_of, with_etags
from tests.deploy.openapi.conftest import Document, Operation

CONDITIONS = """
def tag(response, version):
    response.headers["ETag"] = version

def read(headers):
    return headers["ETag"]
"""
DOOR = """
from house.conditions import read, tag as mark

@router.get("/a", operation_id="get_a")
async def a(response):
    return _shown(response)

@router.get("/b", operation_id="get_b")
async def b(response):
    return read(response.headers)

@router.get("/c", operation_id="get_c")
async def c():
    return Response(headers={"ETag": "x"})

def _shown(response):
    mark(response, 1)

def tag(response, version):
    pass

@router.get("/d", operation_id="get_d")
async def d(response):
    tag(response, 1)
"""
HEADER = "#/components/headers/"


def etag_of(operation: Operation) -> set[str]:
    """The names of the headers an operation declares as its ETag."""
    answers = [one for status, one in operation.described["responses"].items() if status < "400"]
    found = [one.get("headers", {}).get("ETag", {}).get("$ref", "") for one in answers]
    return {one.removeprefix(HEADER) for one in found if one}


def takes(operation: Operation, header: str) -> bool:
    """Whether an operation takes a header."""
    return any(one["name"].casefold() == header for one in operation.parameters)


class TestSenders:
    """What is read off the sources."""

    def test_whoever_writes_it_or_calls_one_who_does(self) -> None:
        assert senders_of({"house.conditions": ast.parse(CONDITIONS), "house.door": ast.parse(DOOR)}) == {
            "get_a",
            "get_c",
        }

    def test_it_is_declared_in_what_carries_it(self) -> None:
        answer: dict[str, Any] = {"description": "it", "content": {"application/json": {}}}
        described = {"operationId": "get_a", "responses": {"200": answer, "404": {"description": "not there"}}}
        declared = with_etags(described, frozenset({"get_a"}))["responses"]
        assert declared["200"]["headers"] == {"ETag": {"$ref": f"{HEADER}VersionTag"}}
        assert "headers" not in declared["404"]
        assert with_etags(described, frozenset({"get_b"})) == described


class TestDeclared:
    """The description as it is."""

    def test_a_change_that_takes_a_version_has_something_that_tells_it(
        self, merged: Document, operations: list[Operation]
    ) -> None:
        schemas = merged["components"]["schemas"]
        reading = [one for one in operations if one.method == "get"]
        tagged = {one.path for one in reading if "VersionTag" in etag_of(one)}
        shown = _shown([one.described["responses"].get("200", {}) for one in reading], schemas)
        answered = {one.path: _answered(one, schemas) for one in operations}
        wanting = [
            one.name
            for one in operations
            if takes(one, "if-match")
            and not tagged & set(_above(one.path))
            and not any(names & shown for path, names in answered.items() if _thing(path) == _thing(one.path))
        ]
        assert wanting == []

    def test_a_file_that_is_asked_for_again_has_a_mark(self, operations: list[Operation]) -> None:
        asked = [one for one in operations if takes(one, "if-none-match")]
        assert len(asked) >= 8
        assert [one.name for one in asked if etag_of(one) != {"FileTag"}] == []

    def test_every_mark_is_of_one_kind_and_each_kind_is_there(
        self, merged: Document, operations: list[Operation]
    ) -> None:
        assert {kind for one in operations for kind in etag_of(one)} == set(HEADERS)
        assert [one.name for one in operations if len(etag_of(one)) > 1] == []
        assert set(HEADERS) <= set(merged["components"]["headers"])

    def test_what_is_shown_of_them_fits(self) -> None:
        for header in HEADERS.values():
            assert re.search(header["schema"]["pattern"], header["example"])


def _above(path: str) -> list[str]:
    """An address and those it lies under."""
    parts = path.split("/")
    return ["/".join(parts[:end]) for end in range(3, len(parts) + 1)]


def _thing(path: str) -> str:
    """The address of the thing that something is done to."""
    return path.partition("}")[0]


def _answered(operation: Operation, schemas: Document) -> set[str]:
    """What an operation answers with that tells a version."""
    answers = [one for status, one in operation.described["responses"].items() if status < "300"]
    return {name for name in _shown(answers, schemas) if "version" in schemas[name].get("properties", {})}


def _shown(answers: list[Document], schemas: Document) -> set[str]:
    """Every schema that is in one of these answers, at any depth."""
    found = referenced(answers)
    while (more := found | {other for name in found for other in referenced(schemas[name])}) != found:
        found = more
    return found
