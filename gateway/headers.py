"""Which header fields pass. Invariant: a service hears about the caller only what the gateway itself has written.

Hop-by-hop fields (RFC 9110, section 7.6.1) end here on both sides; fields in which a client could claim to be somebody
or to come from somewhere are dropped and, where a service may want them, written anew.
"""

import re
from collections.abc import Iterable

from multidict import CIMultiDict

from services.chassis.errors import ServiceError
from services.chassis.ids import new_id

RawHeaders = Iterable[tuple[bytes, bytes]]

HOP_BY_HOP = frozenset(
    {b"connection", b"keep-alive", b"proxy-connection", b"te", b"trailer", b"transfer-encoding", b"upgrade"}
)
ANSWERED_HERE = frozenset({b"host", b"expect", b"x-request-id", b"traceparent", b"tracestate", b"baggage", b"cookie"})
CLAIMS = frozenset(
    {b"forwarded", b"via", b"x-real-ip", b"x-client-ip", b"x-cluster-client-ip", b"true-client-ip", b"remote-user"}
)
CLAIMING_PREFIXES = (b"x-lontar-", b"x-forwarded-", b"x-original-", b"x-rewrite-", b"x-auth-", b"x-remote-", b"proxy-")
NOT_FORWARDED = HOP_BY_HOP | ANSWERED_HERE | CLAIMS

NOT_RETURNED = HOP_BY_HOP | {b"date", b"server", b"x-request-id", b"proxy-authenticate", b"set-cookie"}
"""``date`` is written by the server on the way out, the request id by the gateway."""

_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")


def first(headers: RawHeaders, name: bytes) -> str | None:
    """The first value of a field, or None."""
    return next((value.decode("latin-1") for key, value in headers if key == name), None)


def request_id_of(headers: RawHeaders) -> str:
    """The client's own request id where it is harmless, else a new one."""
    given = next((value for key, value in headers if key == b"x-request-id"), b"")
    return given.decode("ascii") if _REQUEST_ID.fullmatch(given) else new_id()


def inward(headers: RawHeaders) -> CIMultiDict[str]:
    """The fields of a request that go on to the service."""
    nominated = _nominated(headers)
    passed: CIMultiDict[str] = CIMultiDict()
    try:
        for name, value in headers:
            if name in NOT_FORWARDED or name in nominated or name.startswith(CLAIMING_PREFIXES):
                continue
            passed.add(name.decode("ascii"), value.decode("utf-8"))
    except UnicodeDecodeError:
        raise ServiceError(400, "bad_request", "Permintaan tidak dapat dibaca.") from None
    return passed


def outward(headers: RawHeaders, *, bodiless: bool = False) -> list[tuple[bytes, bytes]]:
    """The fields of a response that go on to the client, in lower case; a bodiless one announces no length."""
    lowered = [(name.lower(), value) for name, value in headers]
    dropped = NOT_RETURNED | _nominated(lowered) | ({b"content-length"} if bodiless else set())
    return [(name, value) for name, value in lowered if name not in dropped]


def _nominated(headers: RawHeaders) -> frozenset[bytes]:
    """What the Connection field declares to be for this hop only. Authorization is not its to take away."""
    named = {token.strip().lower() for name, value in headers if name == b"connection" for token in value.split(b",")}
    return frozenset(named - {b"authorization", b"content-length", b"content-type"})
