"""What a person is told, as far as the sources say it where it is raised, or where they are led to from there.

Invariant: a sentence is shown with a code only where the very call that raises the code can say it.
"""

import ast
from collections.abc import Iterable, Iterator

from deploy.openapi.names import Thing, Trees, called, functions, imported

Said = dict[str, ast.expr]
"""What names mean at some place; a function's name with ``()`` behind it is what it answers."""
Function = ast.FunctionDef | ast.AsyncFunctionDef


def sentence(node: ast.expr, said: Said) -> str:
    """A literal as it is, with what is filled in as an ellipsis; of several the first; empty for what is not known."""
    match node:
        case ast.Constant(value=str() as text):
            return text.replace("|", "\\|")
        case ast.JoinedStr(values=parts):
            return "".join(sentence(part, {}) if isinstance(part, ast.Constant) else "…" for part in parts)
        case ast.IfExp(body=one, orelse=other):
            return sentence(one, said) or sentence(other, said)
        case ast.Name(id=name) if name in said:
            return sentence(said[name], {known: value for known, value in said.items() if known != name})
        case ast.Call(func=ast.Name(id=name)) if f"{name}()" in said:
            return sentence(said[f"{name}()"], {})
        case ast.Subscript(value=ast.Name(id=name), slice=key) if isinstance(table := said.get(name), ast.Dict):
            return next((told for one in _rows(table, key) if (told := sentence(one, {}))), "")
    return ""


def _rows(table: ast.Dict, key: ast.expr) -> list[ast.expr]:
    """What a look-up may find: the row that is named, else any."""
    if not isinstance(key, ast.Constant):
        return table.values
    rows = zip(table.keys, table.values, strict=True)
    return [value for one, value in rows if isinstance(one, ast.Constant) and one.value == key.value]


def assigned(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """The names a statement gives a meaning."""
    if isinstance(node, ast.Assign):
        yield from ((target.id, node.value) for target in node.targets if isinstance(target, ast.Name))
    elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
        yield node.target.id, node.value


def at_the_top(tree: ast.Module) -> Said:
    """What stands at the top of a module, and what its functions answer."""
    answers = {f"{one.name}()": _answer(one) for one in functions(tree)}
    return dict(pair for node in tree.body for pair in assigned(node)) | {
        name: value for name, value in answers.items() if value
    }


def with_imports(module: str, trees: Trees) -> Said:
    """The same, with what the module has of others."""
    found: Said = {}
    for name, thing in imported(trees[module]).items():
        theirs = at_the_top(trees[thing.module]) if thing.module in trees else {}
        found |= {
            mine: theirs[its] for mine, its in ((name, thing.name), (f"{name}()", f"{thing.name}()")) if its in theirs
        }
    return found | at_the_top(trees[module])


def calls(trees: Trees) -> dict[Thing, list[ast.Call]]:
    """Who is called how."""
    found: dict[Thing, list[ast.Call]] = {}
    for module, tree in trees.items():
        known = imported(tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and (thing := called(node, module, known)):
                found.setdefault(thing, []).append(node)
    return found


def given(function: Function, asked: Iterable[ast.Call]) -> Said:
    """What a function's parameters mean: what they are without being given, else the first literal they are given."""
    parameters = function.args.args
    defaults = function.args.defaults
    found: Said = {
        one.arg: value for one, value in zip(parameters[len(parameters) - len(defaults) :], defaults, strict=True)
    }
    for call in asked:
        pairs = [
            *zip((one.arg for one in parameters), call.args, strict=False),
            *((one.arg, one.value) for one in call.keywords),
        ]
        for name, value in pairs:
            if name and not sentence(found.get(name, ast.Constant(None)), {}) and (told := sentence(value, {})):
                found[name] = ast.Constant(told)
    return found


def _answer(function: Function) -> ast.expr | None:
    told = (sentence(node.value, {}) for node in ast.walk(function) if isinstance(node, ast.Return) and node.value)
    return next((ast.Constant(one) for one in told if one), None)
