"""Every ``code`` a problem can carry, read off the sources. Invariant: what is raised anywhere is on the page.

A code is stable: programs compare it, so a page lists them all with the status and what a person is told.
"""

import ast
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from deploy.openapi.names import ROOT, Thing, functions, trees
from deploy.openapi.sentences import Said, assigned, calls, given, sentence, with_imports
from services.chassis.errors import CHECKSUM_MISMATCH

PAGE = ROOT / "docs" / "problems.md"


class Maker(NamedTuple):
    """What makes a problem: ``at`` is which of its arguments is the code, the next is the sentence."""

    at: int
    status: int | None


Makers = Mapping[str, Maker]
MAKERS: dict[str, Maker] = {
    "ServiceError": Maker(1, None),
    "Flaw": Maker(2, 422),
    "Unacceptable": Maker(0, 422),
    "Unanswerable": Maker(0, 422),
}
"""Those everything else is made with; functions that pass a code on to one of them are found."""
CODE = re.compile(r"[a-z…][a-z0-9_…]*")
HEAD = """# Problems

Every refusal is `application/problem+json` (RFC 9457): `type`, `title`, `status`, `code`, `detail`, `instance`, and
sometimes members of its own (`state` with 409, `errors` with 422, `version` with 412). Programs compare `code`, which
is stable within a version of the API ([api-versions.md](api-versions.md)); `detail` is a sentence for people and may
change. `instance` names the request to whoever runs the system.

Written by `python -m deploy.openapi build` from the sources: `…` stands for what is filled in, and where several
sentences go with a code, one is shown (`…` alone where each place has its own).

| `code` | Status | Raised in | `detail`, for example |
|---|---|---|---|
"""


@dataclass
class Told:
    """Where a code is raised and what is said then."""

    statuses: set[int] = field(default_factory=set)
    places: set[str] = field(default_factory=set)
    sentences: list[str] = field(default_factory=list)


@cache
def codes() -> Mapping[str, Told]:
    """Every code by name; the sources are read once a process, which takes seconds."""
    makers = dict(MAKERS)
    while (more := {**makers, **_everywhere(trees().values(), makers)}) != makers:
        makers = more
    found: dict[str, Told] = {}
    asked = calls(trees())
    for module, tree in trees().items():
        mine = {one.name: asked.get(Thing(module, one.name), []) for one in functions(tree)}
        for status, code, told in _raised(tree, _in_module(tree, makers), with_imports(module, trees()), mine):
            kept = found.setdefault(code, Told())
            kept.statuses |= {status} if status else set()
            kept.places.add(_place(module))
            kept.sentences += [told] if told else []
    return MappingProxyType(dict(sorted(found.items())))


def is_listed(code: str, known: Collection[str]) -> bool:
    """Whether a code stands on the page, be it as one of those that are put together (``unknown_…``)."""
    return code in known or any("…" in one and re.fullmatch(one.replace("…", "[a-z_]+"), code) for one in known)


def page() -> str:
    """The page that lists them."""
    rows = (
        f"| `{code}` | {', '.join(map(str, sorted(told.statuses))) or 'several'} | "
        f"{', '.join(sorted(told.places))} | {_shown(told.sentences)} |"
        for code, told in codes().items()
    )
    return HEAD + "\n".join(rows) + "\n"


def _shown(sentences: list[str]) -> str:
    """The first that is told whole."""
    return min(sentences, key=lambda one: one.startswith("…"), default="…")


def _everywhere(trees: Iterable[ast.AST], makers: Makers) -> Makers:
    """Those other modules may call: a private one is its own module's, where another may mean something else by it."""
    found = [_in_module(tree, makers) for tree in trees]
    return {name: maker for one in found for name, maker in one.items() if not name.startswith("_")}


def _in_module(tree: ast.AST, makers: Makers) -> Makers:
    known = dict(makers)
    while more := {name: maker for name, maker in _passing_on(tree, known).items() if name not in known}:
        known |= more
    return known


def _passing_on(tree: ast.AST, makers: Makers) -> Makers:
    """Functions that hand a parameter of theirs to a maker as the code: makers themselves."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            parameters = [one.arg for one in node.args.args if one.arg != "self"]
            for call in (one for one in ast.walk(node) if isinstance(one, ast.Call)):
                maker = makers.get(_name(call))
                code = call.args[maker.at] if maker and len(call.args) > maker.at else None
                if maker and isinstance(code, ast.Name) and code.id in parameters:
                    found[node.name] = Maker(parameters.index(code.id), _status(call, maker))
    return found


def _raised(
    node: ast.AST, makers: Makers, said: Said, asked: Mapping[str, list[ast.Call]]
) -> Iterator[tuple[int | None, str, str]]:
    """What is raised, in order. A name means what it was given last, in the function itself, or else around it."""
    for inner in ast.iter_child_nodes(node):
        if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _raised(inner, makers, _inside(inner, makers, said, asked), asked)
        else:
            yield from _raised(inner, makers, said, asked)
            said.update(assigned(inner))
    if isinstance(node, ast.Call) and (maker := makers.get(_name(node))) and len(node.args) > maker.at:
        rest = [*node.args[maker.at + 1 :], *(one.value for one in node.keywords if one.arg == "detail")]
        told = sentence(rest[0], said) if rest else ""
        for code in _codes(node.args[maker.at], said):
            yield _status(node, maker), code, told


def _inside(
    function: ast.FunctionDef | ast.AsyncFunctionDef, makers: Makers, said: Said, asked: Mapping[str, list[ast.Call]]
) -> Said:
    """What names mean at the beginning of a function; who makes problems is told the code with each sentence."""
    own = {one.arg for one in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)}
    told = {} if function.name in makers else given(function, asked.get(function.name, ()))
    return {name: value for name, value in said.items() if name not in own} | told


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def _status(call: ast.Call, maker: Maker) -> int | None:
    """The one before the code, where it is a number, else the maker's own."""
    return (_number(call.args[maker.at - 1]) if maker.at else None) or maker.status


def _codes(node: ast.expr, said: Said) -> Iterator[str]:
    node = said.get(node.id, node) if isinstance(node, ast.Name) else node
    if isinstance(node, ast.IfExp):
        yield from (*_codes(node.body, said), *_codes(node.orelse, said))
    else:
        found = sentence(node, {})
        if CODE.fullmatch(found) and found.strip("…_"):
            yield found


def _number(node: ast.expr) -> int | None:
    if isinstance(node, ast.Name) and node.id == "CHECKSUM_MISMATCH":
        return CHECKSUM_MISMATCH
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, int) else None


def _place(module: str) -> str:
    parts = module.split(".")
    return "everywhere" if parts[:2] == ["services", "chassis"] else parts[1] if parts[0] == "services" else "gateway"
