"""The API description as the generator can take it all. Invariant: it means what the committed one means.

The generator names classes by a schema's title and takes no second one of a name, writes nothing for media types it
does not know, and drops an operation rather than part of it. So every schema is given a name of its own first.
"""

from typing import Any

Node = dict[str, Any]
COMPONENTS = "#/components/schemas/"
BINARY = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}


def generable(description: Node) -> Node:
    """The description with named schemas, and files as bytes whatever their kind."""
    schemas = {name: _untitled(schema) for name, schema in description["components"]["schemas"].items()}
    naming = _Naming({_own(name): schema for name, schema in schemas.items()})
    paths = {
        path: {method: _operation(operation, naming) for method, operation in item.items()}
        for path, item in description["paths"].items()
    }
    named = {name: {**schema, "title": name} for name, schema in naming.schemas.items()}
    components = {**description["components"], "schemas": _pointed(named)}
    return {**description, "paths": _pointed(paths), "components": components}


class _Naming:
    """Names for the schemas that stand in the middle of an operation."""

    def __init__(self, schemas: dict[str, Node]) -> None:
        self.schemas = schemas

    def hoisted(self, node: Any, around: str) -> Any:
        """``node`` with every object in it that has a title replaced by a reference to it."""
        if isinstance(node, list):
            return [self.hoisted(one, around) for one in node]
        if not isinstance(node, dict):
            return node
        title = node.get("title")
        inner = {name: self.hoisted(value, around) for name, value in node.items() if name != "title"}
        if not isinstance(title, str) or "properties" not in inner:
            return _kept(node, inner)
        return {"$ref": COMPONENTS + self._name(title, inner, around)}

    def _name(self, title: str, schema: Node, around: str) -> str:
        for name in (_own(title), _own(around) + _own(title)):
            if self.schemas.setdefault(name, _untitled(schema)) == _untitled(schema):
                return name
        raise ValueError(f"{around} means several things by {title}")


def _operation(operation: Node, naming: _Naming) -> Node:
    around = "".join(word.title() for word in operation["operationId"].split("_"))
    changed = dict(operation)
    if "requestBody" in operation:
        changed["requestBody"] = naming.hoisted(operation["requestBody"], around)
    responses = {status: _answer(one, naming, around) for status, one in operation["responses"].items()}
    return {**changed, "responses": responses}


def _answer(response: Node, naming: _Naming, around: str) -> Node:
    media = response.get("content", {})
    if media and not any("json" in kind or kind.startswith("text/") for kind in media):
        return {**response, "content": BINARY}
    return naming.hoisted(response, around)  # type: ignore[no-any-return]


def _untitled(node: Any) -> Any:
    """Without titles; a property may itself be called ``title``."""
    if isinstance(node, list):
        return [_untitled(one) for one in node]
    if not isinstance(node, dict):
        return node
    return {name: _untitled(value) for name, value in node.items() if name != "title" or isinstance(value, dict)}


def _kept(node: Node, inner: Node) -> Node:
    """A property called ``title`` is one, though titles are dropped."""
    return {**inner, "title": inner.get("title", node["title"])} if isinstance(node.get("title"), dict) else inner


def _own(name: str) -> str:
    """A name that is a class's in any language."""
    words = [word for word in name.replace("-", "_").replace(".", "_").split("_") if word]
    return "".join(word[0].upper() + word[1:] for word in words)


def _pointed(node: Any) -> Any:
    """References by the new names."""
    if isinstance(node, list):
        return [_pointed(one) for one in node]
    if isinstance(node, str) and node.startswith(COMPONENTS):
        return COMPONENTS + _own(node.removeprefix(COMPONENTS))
    if isinstance(node, dict):
        return {name: _pointed(value) for name, value in node.items()}
    return node
