"""Whoever reads Lontar's events in Python can take the contracts alone: they need pydantic and nothing else."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import services.contracts
from services.contracts.catalogue import SAMPLES

MODULES = sorted(Path(services.contracts.__file__).parent.glob("*.py"))


def imported_by(path: Path) -> Iterator[str]:
    """The modules named in any import statement, wherever it stands."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_imports_nothing_but_pydantic_and_itself(path: Path) -> None:
    foreign = [
        name
        for name in imported_by(path)
        if name.partition(".")[0] not in {*sys.stdlib_module_names, "pydantic"}
        and not f"{name}.".startswith("services.contracts.")
        and name != "services"
    ]
    assert foreign == []


def test_the_modules_were_found() -> None:
    assert SAMPLES.is_relative_to(MODULES[0].parent)
    assert {"event", "intake", "routing", "disposition", "schedule"} <= {path.stem for path in MODULES}
