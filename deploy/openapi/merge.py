"""Merging the documents into one. Invariant: the same sources give the same bytes, whatever order they come in."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from deploy.openapi.components import merged_schemas, plainly_named, referenced, rename_collisions
from deploy.openapi.etags import HEADERS as TAG_HEADERS
from deploy.openapi.etags import senders, with_etags
from deploy.openapi.examples import with_examples
from deploy.openapi.gateways_own import HEADERS, at_the_gateway
from deploy.openapi.refusals import METHODS, shared_refusals, with_shared_refusals
from deploy.openapi.sources import GATEWAY, Document
from gateway.routes import Route, RouteTable
from services.chassis.openapi import Problem

TAGS = {
    "gateway": "Signing in, and the accounts one signs in with.",
    "intake": "Registering letters and reading their scans.",
    "routing": "The organisation; where each letter is and who must act.",
    "disposition": "Leaders' instructions down, answers up.",
    "schedule": "Requests for a leader's presence, and the calendar.",
    "notify": "Being told, and why.",
}
INFO = {
    "title": "Lontar",
    "version": "1",
    "description": (
        "Surat elektronik for regencies. JSON in snake_case, times as RFC 3339 with offset, ids as UUIDv7, lists with "
        "cursor pagination. Every POST that creates takes an `Idempotency-Key`. Errors are problem+json (RFC 9457) "
        "with a stable `code` and a sentence in Bahasa Indonesia."
    ),
}


def merge(sources: Mapping[str, Document]) -> Document:
    """One document; raises ValueError where the sources contradict each other or the gateway's routes."""
    named = rename_collisions({name: plainly_named(with_shared_refusals(sources[name])) for name in sorted(sources)})
    paths: dict[str, Any] = {}
    for name, document in named.items():
        for path, item in document["paths"].items():
            here = paths.setdefault(path, {})
            for method in METHODS:
                if method in item:
                    here[method] = at_the_gateway(
                        _checked_route(name, path, method), with_etags(item[method], senders())
                    )
    paths = {path: {method: item[method] for method in METHODS if method in item} for path, item in paths.items()}
    _check_operation_ids(paths)
    refusals = shared_refusals()
    schemas = {**merged_schemas(named), "Problem": Problem.model_json_schema()}
    reached = _reached([paths, refusals], schemas)
    paths, examples = with_examples(paths, reached)
    return {
        "openapi": "3.1.0",
        "info": INFO,
        "servers": [{"url": "/"}],
        "security": [{"bearer": []}],
        "tags": [{"name": name, "description": text} for name, text in TAGS.items()],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": reached,
            "responses": refusals,
            "examples": examples,
            "headers": {**HEADERS, **TAG_HEADERS},
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }


def written(document: Document) -> bytes:
    """The document as it is committed."""
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _checked_route(name: str, path: str, method: str) -> Route | None:
    """The gateway's row for an operation; one service alone can describe it: the one the row leads to."""
    route = RouteTable().match(re.sub(r"\{[^}]*\}", "x", path).encode(), method.upper())
    upstream = route.upstream if route else GATEWAY
    if upstream != name:
        raise ValueError(f"{name} describes {path}, but the gateway's routes lead it to {upstream}")
    return route


def _check_operation_ids(paths: Mapping[str, Any]) -> None:
    seen: set[str] = set()
    for operation in _operations(paths):
        identifier = operation["operationId"]
        if identifier in seen:
            raise ValueError(f"two operations are called {identifier}")
        seen.add(identifier)
        if not set(operation.get("tags", ())) <= set(TAGS):
            raise ValueError(f"{identifier} has an unknown tag")


def _operations(paths: Mapping[str, Any]) -> Iterator[Document]:
    for item in paths.values():
        yield from item.values()


def _reached(roots: Any, schemas: Mapping[str, Any]) -> Document:
    """The schemas that something needs, themselves or through others."""
    wanted: set[str] = set()
    new = referenced(roots)
    while new:
        if unknown := new - set(schemas):
            raise ValueError(f"no such schema: {', '.join(sorted(unknown))}")
        wanted |= new
        new = {other for name in new for other in referenced(schemas[name])} - wanted
    return {name: body for name, body in sorted(schemas.items()) if name in wanted}
