"""Which operations send an ETag, read off the sources. Invariant: declared where a door sends one, and nowhere else.

A door sends one where it, or a function it calls by name, writes the header. What is a version is asked for by
``If-Match``; what is a hash of a file by ``If-None-Match`` and ``If-Range``.
"""

import ast
from collections.abc import Iterator, Mapping
from functools import cache

from deploy.openapi.names import Thing, Trees, called, functions, imported, trees
from deploy.openapi.sources import Document

HEADERS: Document = {
    "VersionTag": {
        "description": "The version of what is answered; a change takes it in `If-Match`, as it came.",
        "schema": {"type": "string", "pattern": '^"[0-9]{1,18}(--gzip)?"$'},
        "example": '"3"',
    },
    "FileTag": {
        "description": "Stands for exactly these bytes; `If-None-Match` and `If-Range` take it, as it came.",
        "schema": {"type": "string", "pattern": '^"[^"]+"$'},
        "example": '"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"',
    },
}
_JSON = "application/json"


def with_etags(operation: Document, senders: frozenset[str]) -> Document:
    """The operation with the ETag declared in each answer that carries one."""
    if operation["operationId"] not in senders:
        return operation
    kind = (
        "VersionTag" if any(_JSON in one.get("content", {}) for one in operation["responses"].values()) else "FileTag"
    )
    told = {"ETag": {"$ref": f"#/components/headers/{kind}"}}
    responses = {
        status: {**one, "headers": {**one.get("headers", {}), **told}} if status < "400" else one
        for status, one in operation["responses"].items()
    }
    return {**operation, "responses": responses}


@cache
def senders() -> frozenset[str]:
    """The ids of the operations that send one."""
    return senders_of(trees())


def senders_of(known: Trees) -> frozenset[str]:
    """Those of these modules."""
    doors = {Thing(module, one.name): one for module, tree in known.items() for one in functions(tree)}
    names = {module: imported(tree) for module, tree in known.items()}
    sending = {thing for thing, node in doors.items() if _writes(node)}
    while more := {
        thing
        for thing, node in doors.items()
        if thing not in sending and not sending.isdisjoint(_called(node, thing.module, names[thing.module]))
    }:
        sending |= more
    return frozenset(identifier for thing in sending for identifier in _operations(doors[thing]))


def _writes(node: ast.AST) -> bool:
    """Whether the header is written right here: as a key of a dict, or assigned to by its name."""
    keys: list[ast.expr | None] = []
    for one in ast.walk(node):
        if isinstance(one, ast.Dict):
            keys += one.keys
        elif isinstance(one, ast.Subscript) and isinstance(one.ctx, ast.Store):
            keys.append(one.slice)
    return any(isinstance(key, ast.Constant) and key.value == "ETag" for key in keys)


def _called(node: ast.AST, module: str, known: Mapping[str, Thing]) -> Iterator[Thing]:
    for one in ast.walk(node):
        if isinstance(one, ast.Call) and (thing := called(one, module, known)):
            yield thing


def _operations(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    """The ``operation_id`` of a door."""
    for decorator in node.decorator_list:
        for keyword in decorator.keywords if isinstance(decorator, ast.Call) else ():
            if keyword.arg == "operation_id" and isinstance(keyword.value, ast.Constant):
                yield str(keyword.value.value)
