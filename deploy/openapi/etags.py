"""Which operations send an ETag, read off the sources. Invariant: declared where a door sends one, and nowhere else.

A door sends one where it, or a function it calls by name, writes the header. What is a version is asked for by
``If-Match``; what is a hash of a file by ``If-None-Match`` and ``If-Range``.
"""

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from deploy.openapi.sources import Document

ROOT = Path(__file__).parents[2]
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


class Function(NamedTuple):
    """A function of the tree, by its module and its name."""

    module: str
    name: str


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
    return senders_of({_module(path): path.read_text(encoding="utf-8") for path in _sources()})


def senders_of(sources: Mapping[str, str]) -> frozenset[str]:
    """Those of these modules."""
    trees = {module: ast.parse(text) for module, text in sources.items()}
    functions = {Function(module, one.name): one for module, tree in trees.items() for one in _functions(tree)}
    known = {module: _imported(tree) for module, tree in trees.items()}
    sending = {function for function, node in functions.items() if _writes(node)}
    while more := {
        function
        for function, node in functions.items()
        if function not in sending and any(called in sending for called in _called(node, function.module, known))
    }:
        sending |= more
    return frozenset(identifier for function in sending for identifier in _operations(functions[function]))


def _sources() -> list[Path]:
    return sorted([*(ROOT / "services").rglob("*.py"), *(ROOT / "gateway").rglob("*.py")])


def _module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    yield from (node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def _imported(tree: ast.Module) -> dict[str, Function]:
    return {
        name.asname or name.name: Function(node.module, name.name)
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module
        for name in node.names
    }


def _writes(node: ast.AST) -> bool:
    """Whether the header is written right here: as a key of a dict, or assigned to by its name."""
    keys: list[ast.expr | None] = []
    for one in ast.walk(node):
        if isinstance(one, ast.Dict):
            keys += one.keys
        elif isinstance(one, ast.Subscript) and isinstance(one.ctx, ast.Store):
            keys.append(one.slice)
    return any(isinstance(key, ast.Constant) and key.value == "ETag" for key in keys)


def _called(node: ast.AST, module: str, known: Mapping[str, Mapping[str, Function]]) -> Iterator[Function]:
    for one in ast.walk(node):
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Name):
            yield known[module].get(one.func.id, Function(module, one.func.id))


def _operations(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    """The ``operation_id`` of a door."""
    for decorator in node.decorator_list:
        for keyword in decorator.keywords if isinstance(decorator, ast.Call) else ():
            if keyword.arg == "operation_id" and isinstance(keyword.value, ast.Constant):
                yield str(keyword.value.value)
