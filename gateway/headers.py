"""Which header fields pass. Invariant: a service hears about the caller only what the gateway itself has written.

Hop-by-hop fields (RFC 9110, section 7.6.1) end here on both sides; fields in which a client could claim to be somebody
or to come from somewhere are dropped and, where a service may want them, written anew.
"""

from collections.abc import Iterable

from starlette.types import Scope

from services.chassis.framing import unreadable
from services.chassis.http import REQUEST_ID
from services.chassis.ids import new_id

RawHeaders = Iterable[tuple[bytes, bytes]]
Fields = list[tuple[bytes, bytes]]

HOP_BY_HOP = frozenset(
    {b"connection", b"keep-alive", b"proxy-connection", b"te", b"trailer", b"transfer-encoding", b"upgrade"}
)
ANSWERED_HERE = frozenset(
    {b"host", b"expect", b"x-request-id", b"traceparent", b"tracestate", b"baggage", b"cookie", b"authorization"}
)
CLAIMS = frozenset(
    {b"forwarded", b"via", b"x-real-ip", b"x-client-ip", b"x-cluster-client-ip", b"true-client-ip", b"remote-user"}
)
CLAIMING_PREFIXES = (b"x-lontar-", b"x-forwarded-", b"x-original-", b"x-rewrite-", b"x-auth-", b"x-remote-", b"proxy-")
REQUEST_ID_FIELD = b"x-request-id"
NOT_FORWARDED = HOP_BY_HOP | ANSWERED_HERE | CLAIMS | {b"x-csrf-token", b"http2-settings"}

NOT_RETURNED = HOP_BY_HOP | {b"date", b"server", b"x-request-id", b"proxy-authenticate", b"set-cookie"}
"""``date`` is written by the server on the way out, the request id by the gateway."""

_NOTHING: frozenset[bytes] = frozenset()
_KEPT_NOMINATED = frozenset({b"authorization", b"content-length", b"content-type", b"close", b"keep-alive"})


def first(headers: RawHeaders, name: bytes) -> str | None:
    """The first value of a field, or None."""
    for key, value in headers:
        if key == name:
            return value.decode("latin-1")
    return None


def fields_of(scope: Scope) -> dict[bytes, bytes]:
    """The first value of each field of a request, looked through once for all layers."""
    state = scope.setdefault("state", {})
    found: dict[bytes, bytes] | None = state.get("fields")
    if found is None:
        found = state["fields"] = dict(reversed(scope["headers"]))
    return found


def request_id_of(fields: dict[bytes, bytes]) -> bytes:
    """The client's own request id where it is harmless, else a new one."""
    value = fields.get(REQUEST_ID_FIELD)
    if value is not None and REQUEST_ID.fullmatch(value.decode("latin-1")):
        return value
    return new_id().encode("ascii")


def inward(headers: RawHeaders) -> Fields:
    """The fields of a request that go on to the service."""
    nominated = _nominated(headers)
    return [
        field
        for field in headers
        if (name := field[0]) not in NOT_FORWARDED and name not in nominated and not name.startswith(CLAIMING_PREFIXES)
    ]


def outward(headers: RawHeaders, *, bodiless: bool = False) -> Fields:
    """The fields of a response (in lower case) that go on to the client; a bodiless one announces no length."""
    nominated = _nominated(headers)
    return [
        field
        for field in headers
        if (name := field[0]) not in NOT_RETURNED
        and name not in nominated
        and not (bodiless and name == b"content-length")
    ]


def request_head(method: str, target: bytes, fields: Fields) -> bytes:
    """The head of a request as bytes; 400 where a field holds what could be read as the end of one."""
    lines = b"".join([b"%b: %b\r\n" % field for field in fields])
    head = b"%b %b HTTP/1.1\r\n%b\r\n" % (method.encode("ascii"), target, lines)
    ends = len(fields) + 2
    if head.count(b"\n") != ends or head.count(b"\r") != ends or b"\0" in head:
        raise unreadable()
    return head


def _nominated(headers: RawHeaders) -> frozenset[bytes]:
    """What the Connection field declares to be for this hop only. Authorization is not its to take away."""
    named = _NOTHING
    for name, value in headers:
        if name == b"connection":
            named |= {token.strip().lower() for token in value.split(b",")}
    return named - _KEPT_NOMINATED if named else named
