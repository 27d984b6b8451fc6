"""What the gateway adds to every answer. Invariant: said of an operation where the route table says it of its row.

A service knows nothing of tokens that were refused before it was asked, of how often one may ask, or of itself being
away; the row in the gateway's table does. A row that is on its way out is said to be, with its dates.
"""

from typing import Any

from deploy.openapi.refusals import RESPONSES
from deploy.openapi.sources import GATEWAY, Document
from gateway.routes import Route
from services.chassis.http import REQUEST_ID

HEADERS: Document = {
    "RequestId": {
        "description": "Names the request to the operator; a harmless one that was sent is kept.",
        "schema": {"type": "string", "pattern": f"^{REQUEST_ID.pattern}$"},
    },
    "RateLimit": {
        "description": "What is left of the quota and when it is whole again "
        "(draft-ietf-httpapi-ratelimit-headers): `r` requests, `t` seconds.",
        "schema": {"type": "string"},
        "example": '"ordinary";r=299;t=1',
    },
    "RateLimitPolicy": {
        "description": "The quota (draft-ietf-httpapi-ratelimit-headers): `q` requests in `w` seconds.",
        "schema": {"type": "string"},
        "example": '"ordinary";q=300;w=6',
    },
    "RetryAfter": {
        "description": "Seconds to wait before asking again.",
        "schema": {"type": "string", "pattern": "^[0-9]{1,9}$"},
        "example": "5",
    },
    "Deprecation": {
        "description": "Since when the operation is deprecated (RFC 9745): `@` and seconds since 1970.",
        "schema": {"type": "string", "pattern": "^@[0-9]+$"},
    },
    "Sunset": {
        "description": "When the operation will be gone (RFC 8594), as an HTTP date.",
        "schema": {"type": "string"},
    },
}
_EVERY_ANSWER = {"X-Request-ID": "RequestId", "RateLimit": "RateLimit", "RateLimit-Policy": "RateLimitPolicy"}
_LEAVING = {"Deprecation": "Deprecation", "Sunset": "Sunset"}


def at_the_gateway(route: Route | None, operation: Document) -> Document:
    """The operation as it is met at the gateway; what no row leads to is described as it describes itself."""
    if route is None:
        return operation
    statuses = _statuses(route, operation)
    added = {f"{status}": {"$ref": f"{RESPONSES}Problem{status}"} for status in statuses}
    responses = dict(sorted({**added, **operation["responses"]}.items()))
    told = _EVERY_ANSWER | (_LEAVING if route.deprecated else {})
    return {
        **operation,
        **({"security": []} if route.open else {}),
        **({"deprecated": True} if route.deprecated else {}),
        "responses": {status: _with_headers(response, told) for status, response in responses.items()},
    }


def _statuses(route: Route, operation: Document) -> list[int]:
    known = [429, 503]
    if not route.open:
        known += [401, 403]
    if route.upstream != GATEWAY:
        known.append(504)
    if "requestBody" in operation:
        known += [400, 413]  # bytes that are no text are not even looked at as JSON
    return known


def _with_headers(response: Document, told: dict[str, str]) -> Document:
    if "$ref" in response:
        return response  # the shared refusals tell their headers themselves
    references: dict[str, Any] = {name: {"$ref": f"#/components/headers/{known}"} for name, known in told.items()}
    return {**response, "headers": {**response.get("headers", {}), **references}}
