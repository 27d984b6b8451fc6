"""Traces through the gateway. Invariant: a service is always told of a trace; what nobody collects costs nothing.

Where spans go nowhere, none are made: the client's own trace, or one begun here, is only passed on (W3C Trace Context).
"""

import random
import re
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager

from opentelemetry.trace import Span, SpanKind, Status, StatusCode
from starlette.types import Scope

from gateway.headers import Fields, fields_of
from services.chassis.telemetry import current_trace, trace_from, tracer

TRACE_FIELDS = (b"traceparent", b"tracestate")
_PARENT = re.compile(rb"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")


async def in_server_span(scope: Scope, pattern: str, serving: Awaitable[int]) -> int:
    """Await ``serving`` within the span of a request that came in; gives its status on."""
    parent = {name.decode(): value.decode("latin-1") for name, value in scope["headers"] if name in TRACE_FIELDS}
    attributes = {"http.request.method": scope["method"], "url.path": scope["path"], "http.route": pattern}
    name = f"{scope['method']} {pattern}"
    with tracer.start_as_current_span(
        name, context=trace_from(parent), kind=SpanKind.SERVER, attributes=attributes
    ) as span:
        status = await serving
        span.set_attribute("http.response.status_code", status)
        if status >= 500:
            span.set_status(Status(StatusCode.ERROR))
        return status


@contextmanager
def in_client_span(method: str, upstream: str) -> Iterator[Span]:
    """The span of the request that goes out."""
    attributes = {"http.request.method": method, "lontar.upstream": upstream}
    with tracer.start_as_current_span(f"{method} {upstream}", kind=SpanKind.CLIENT, attributes=attributes) as span:
        yield span


def passed_on(scope: Scope) -> Fields:
    """The trace fields for the service, where no spans are made."""
    parent = fields_of(scope).get(b"traceparent")
    if parent is not None and _PARENT.fullmatch(parent):
        return [field for field in scope["headers"] if field[0] in TRACE_FIELDS]
    number = f"{random.getrandbits(192):048x}"  # it names, it does not protect
    return [(b"traceparent", f"00-{number[:32]}-{number[32:]}-01".encode("ascii"))]


def of_this_span() -> Fields:
    """The trace fields for the service, of the present span."""
    return [(name.encode("ascii"), value.encode("latin-1")) for name, value in current_trace().items()]
