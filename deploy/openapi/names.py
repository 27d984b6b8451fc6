"""What names mean in the sources: who is called, what was imported. Invariant: the same name elsewhere is another."""

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
Trees = Mapping[str, ast.Module]


class Thing(NamedTuple):
    """A function, or whatever else stands at the top of a module, by its module and its name."""

    module: str
    name: str


@cache
def trees() -> Trees:
    """The programs' modules by name."""
    paths = sorted([*(ROOT / "services").rglob("*.py"), *(ROOT / "gateway").rglob("*.py")])
    return {_module(path): ast.parse(path.read_text(encoding="utf-8")) for path in paths}


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Those at the top of a module."""
    yield from (node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def imported(tree: ast.Module) -> dict[str, Thing]:
    """What a module has of others, by what it calls it."""
    return {
        name.asname or name.name: Thing(node.module, name.name)
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module
        for name in node.names
    }


def called(call: ast.Call, module: str, known: Mapping[str, Thing]) -> Thing | None:
    """The function that is called by its name, or by its module's and its name."""
    if isinstance(call.func, ast.Name):
        return known.get(call.func.id, Thing(module, call.func.id))
    if isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name):
        owner = known.get(call.func.value.id)
        return Thing(f"{owner.module}.{owner.name}", call.func.attr) if owner else None
    return None


def _module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
