"""How refusals are described in the merged document. Invariant: each status once, all in the one problem shape.

The services repeat the shape in every response, and FastAPI describes its own form of a 422, which is never sent.
"""

from typing import Any

from deploy.openapi.components import PREFIX, referenced
from deploy.openapi.sources import Document
from services.chassis.errors import PROBLEM_JSON
from services.chassis.openapi import problems

STATUSES = (400, 401, 403, 404, 409, 412, 413, 415, 416, 422, 429)
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
RESPONSES = "#/components/responses/"
_FRAMEWORKS_OWN = frozenset({"HTTPValidationError", "ValidationError"})
_CONTENT = {PROBLEM_JSON: {"schema": {"$ref": f"{PREFIX}Problem"}}}


def shared_refusals() -> Document:
    """The usual refusals, for ``components.responses``."""
    return {
        f"Problem{status}": {"description": response["description"], "content": _CONTENT}
        for status, response in sorted(problems(*STATUSES).items())
    }


def with_shared_refusals(document: Document) -> Document:
    """The document with every refusal in the one shape, the usual ones by reference."""
    usual = shared_refusals()
    schemas = document.get("components", {}).get("schemas", {})
    kept = {name: body for name, body in schemas.items() if name not in (*_FRAMEWORKS_OWN, "Problem")}
    paths = {
        path: {key: _told(value, usual) if key in METHODS else value for key, value in item.items()}
        for path, item in document["paths"].items()
    }
    return {**document, "paths": paths, "components": {"schemas": kept}}


def _told(operation: Document, usual: Document) -> Document:
    responses = {
        status: _refusal(status, response, usual) if _is_refusal(response) else response
        for status, response in operation["responses"].items()
    }
    return {**operation, "responses": dict(sorted(responses.items()))}


def _refusal(status: str, response: Document, usual: Document) -> Document:
    name = f"Problem{status}"
    described: dict[str, Any] = usual.get(name, {})
    if _frameworks(response) or described.get("description") == response["description"]:
        return {"$ref": f"{RESPONSES}{name}"}
    return {**response, "content": _CONTENT}


def _is_refusal(response: Document) -> bool:
    return PROBLEM_JSON in response.get("content", {}) or _frameworks(response)


def _frameworks(response: Document) -> bool:
    return bool(referenced(response.get("content", {})) & _FRAMEWORKS_OWN)
