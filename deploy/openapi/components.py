"""Schemas that bear one name in several documents. Invariant: one name means one thing in the merged document.

Equal schemas are kept once. Where two documents mean different things by a name, each gets the name with its service
in front; so does every schema that speaks of such a one, because then it differs too.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

PREFIX = "#/components/schemas/"
Schemas = dict[str, Any]


def plainly_named(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document with the framework's names (``Page_UnitView_``, ``Form-Input``) written as the others are."""
    new_names = {old: _plain(old) for old in _schemas(document)}
    if len(set(new_names.values())) < len(new_names):
        raise ValueError(f"two schemas would have one name among {', '.join(sorted(new_names))}")
    return _renamed(document, new_names)


def rename_collisions(documents: Mapping[str, Any]) -> dict[str, Any]:
    """The documents with colliding schemas renamed; the others' schemas are equal wherever they occur."""
    schemas = {name: _schemas(document) for name, document in documents.items()}
    colliding = _colliding(schemas)
    taken = {schema for known in schemas.values() for schema in known} - colliding
    renamed = {}
    for name, document in documents.items():
        new_names = {old: f"{name.capitalize()}{old}" for old in colliding if old in schemas[name]}
        if clash := taken & set(new_names.values()):
            raise ValueError(f"{name}: renaming would clash with {', '.join(sorted(clash))}")
        renamed[name] = _renamed(document, new_names)
    return renamed


def merged_schemas(documents: Mapping[str, Any]) -> Schemas:
    """All schemas together, by name."""
    everything: Schemas = {}
    for name, document in documents.items():
        for schema, body in _schemas(document).items():
            if everything.setdefault(schema, body) != body:
                raise ValueError(f"{name} means something else by {schema}")
    return dict(sorted(everything.items()))


def referenced(node: Any) -> set[str]:
    """The names of the schemas that ``node`` refers to, at any depth."""
    names: set[str] = set()

    def note(reference: str) -> str:
        names.add(reference.removeprefix(PREFIX))
        return reference

    mapped(node, note)
    return names


def mapped(node: Any, change: Callable[[str], str]) -> Any:
    """A copy of ``node`` with every reference to a schema changed."""
    if isinstance(node, dict):
        return {key: _changed(value, change) if key == "$ref" else mapped(value, change) for key, value in node.items()}
    if isinstance(node, list):
        return [mapped(value, change) for value in node]
    return _changed(node, change)  # a discriminator's mapping holds references as plain strings


def _changed(value: Any, change: Callable[[str], str]) -> Any:
    return change(value) if isinstance(value, str) and value.startswith(PREFIX) else value


def _plain(name: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"[^A-Za-z0-9]+", name))


def _schemas(document: Any) -> Schemas:
    found: Schemas = document.get("components", {}).get("schemas", {})
    return found


def _colliding(schemas: Mapping[str, Schemas]) -> set[str]:
    bodies: dict[str, set[str]] = {}
    shared: dict[str, int] = {}
    for known in schemas.values():
        for name, body in known.items():
            bodies.setdefault(name, set()).add(json.dumps(body, sort_keys=True))
            shared[name] = shared.get(name, 0) + 1
    colliding = {name for name, forms in bodies.items() if len(forms) > 1}
    while more := {
        name
        for known in schemas.values()
        for name, body in known.items()
        if name not in colliding and shared[name] > 1 and referenced(body) & colliding
    }:
        colliding |= more
    return colliding


def _renamed(document: Any, new_names: Mapping[str, str]) -> dict[str, Any]:
    def change(reference: str) -> str:
        name = reference.removeprefix(PREFIX)
        return PREFIX + new_names.get(name, name)

    copy = mapped(document, change)
    schemas = {new_names.get(name, name): body for name, body in _schemas(copy).items()}
    return {**copy, "components": {**copy.get("components", {}), "schemas": schemas}}
