"""Every ``code`` a problem can carry, read off the sources. Invariant: what is raised anywhere is on the page.

A code is stable: programs compare it, so a page lists them all with the status and what a person is told.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from services.chassis.errors import CHECKSUM_MISMATCH

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "problems.md"
RAISED = {"conflict": 409, "unprocessable": 422}
"""What makes a problem of a fixed status from a code and a sentence (services/chassis/errors.py)."""
HEAD = """# Problems

Every refusal is `application/problem+json` (RFC 9457): `type`, `title`, `status`, `code`, `detail`, `instance`, and
sometimes members of its own (`state` with 409, `errors` with 422, `version` with 412). Programs compare `code`, which
is stable within a version of the API ([api-versions.md](api-versions.md)); `detail` is a sentence for people and may
change. `instance` names the request to whoever runs the system.

Written by `python -m deploy.openapi build` from the sources: `…` stands for what is filled in, and where several
sentences go with a code, one is shown.

| `code` | Status | Raised in | `detail`, for example |
|---|---|---|---|
"""


@dataclass
class Told:
    """Where a code is raised and what is said then."""

    statuses: set[int] = field(default_factory=set)
    places: set[str] = field(default_factory=set)
    sentences: list[str] = field(default_factory=list)


def codes() -> dict[str, Told]:
    """Every code by name."""
    found: dict[str, Told] = {}
    for path in sorted([*(ROOT / "services").rglob("*.py"), *(ROOT / "gateway").rglob("*.py")]):
        for status, code, sentence in _raised(ast.parse(path.read_text(encoding="utf-8"))):
            told = found.setdefault(code, Told())
            told.statuses |= {status} if status else set()
            told.places.add(_place(path))
            told.sentences += [sentence] if sentence else []
    return dict(sorted(found.items()))


def page() -> str:
    """The page that lists them."""
    rows = (
        f"| `{code}` | {', '.join(map(str, sorted(told.statuses))) or 'several'} | "
        f"{', '.join(sorted(told.places))} | {next(iter(told.sentences), '')} |"
        for code, told in codes().items()
    )
    return HEAD + "\n".join(rows) + "\n"


def _raised(tree: ast.AST) -> Iterator[tuple[int | None, str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            said = {
                target.id: one.value for one in ast.walk(node) if isinstance(one, ast.Assign) for target in _names(one)
            }
            for call in ast.walk(node):
                if isinstance(call, ast.Call):
                    yield from _of_call(call, said)


def _names(assignment: ast.Assign) -> Iterator[ast.Name]:
    return (target for target in assignment.targets if isinstance(target, ast.Name))


def _of_call(call: ast.Call, said: dict[str, ast.expr]) -> Iterator[tuple[int | None, str, str]]:
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    if name == "ServiceError" and len(call.args) >= 2:
        status, given = _number(call.args[0]), call.args[1:]
    elif name in RAISED and call.args:
        status, given = RAISED[name], call.args
    else:
        return
    if isinstance(given[0], ast.Constant) and isinstance(given[0].value, str):
        detail = given[1] if len(given) > 1 else ast.Constant("")
        detail = said.get(detail.id, detail) if isinstance(detail, ast.Name) else detail
        yield status, given[0].value, _sentence(detail)


def _number(node: ast.expr) -> int | None:
    if isinstance(node, ast.Name) and node.id == "CHECKSUM_MISMATCH":
        return CHECKSUM_MISMATCH
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, int) else None


def _sentence(node: ast.expr) -> str:
    """A literal as it is, with what is filled in as an ellipsis; nothing of what is made elsewhere."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value.replace("|", "\\|")
    if isinstance(node, ast.JoinedStr):
        return "".join(_sentence(part) if isinstance(part, ast.Constant) else "…" for part in node.values)
    return ""


def _place(path: Path) -> str:
    parts = path.relative_to(ROOT).parts
    return "everywhere" if parts[:2] == ("services", "chassis") else parts[1] if parts[0] == "services" else "gateway"
