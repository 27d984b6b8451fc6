"""The way in. Invariant: every request that reaches a service carries a verified token and the gateway's own headers.

On an open route it carries no token at all: what is for everybody is the same for everybody. Pure ASGI around the
gateway's own app: what the route table leads elsewhere goes to its service, all else is the app's. Who comes and how
often is looked at for both alike. What has no row is open where it is a page or the public keys, and is not there where
it is an address of the API.
"""

import time
from dataclasses import dataclass
from functools import cached_property

from prometheus_client import Histogram
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.admission import Admission
from gateway.caching import Cache
from gateway.context import Context
from gateway.credentials import Credentials
from gateway.exchange import Patience
from gateway.forwarded import Forwarded
from gateway.handed_over import HandedOver
from gateway.routes import FORM_BYTES, NOWHERE, Body, Route, RouteTable
from gateway.spans import in_server_span
from gateway.upstreams import Upstreams
from services.chassis.telemetry import HTTP_SECONDS, spans_collected

API = "/v1/"


@dataclass(frozen=True)
class Passage:
    """What the proxy works with."""

    context: Context
    credentials: Credentials
    admission: Admission
    upstreams: Upstreams
    table: RouteTable
    cache: Cache

    def limit(self, route: Route) -> int:
        """How long a body the route takes."""
        return self._limits[route.body]

    def patience(self, route: Route) -> Patience:
        """How long its service may take: longer for what is much work, or comes with a file."""
        return self._patient if route.pace == "heavy" or route.body not in ("form", "document") else self._quick

    @cached_property
    def _limits(self) -> dict[Body, int]:
        settings = self.context.settings
        return {
            "form": FORM_BYTES,
            "document": settings.max_body_bytes,
            "sheet": settings.max_sheet_bytes,
            "attachment": settings.max_attachment_bytes,
            "scan": settings.max_upload_bytes,
            "upload": settings.max_resumable_bytes,
        }

    @cached_property
    def _quick(self) -> Patience:
        settings = self.context.settings
        return Patience(settings.answer_timeout_seconds, settings.read_timeout_seconds)

    @cached_property
    def _patient(self) -> Patience:
        settings = self.context.settings
        return Patience(settings.heavy_answer_timeout_seconds, settings.read_timeout_seconds)


class Proxy:
    """ASGI middleware: forwards what the table knows."""

    def __init__(self, app: ASGIApp, *, passage: Passage) -> None:
        self._own = app
        self._passage = passage
        self._seconds: dict[tuple[str, str, int], Histogram] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        route = self._passage.table.match(scope["raw_path"], scope["method"]) if scope["type"] == "http" else None
        if route is None:
            if scope["type"] != "http" or not scope["path"].startswith(API):
                await self._own(scope, receive, send)
                return
            route = NOWHERE
        state = scope.setdefault("state", {})
        state["route"], state["row"] = route.pattern, route
        traced = state["traced"] = spans_collected()
        started = time.perf_counter()
        if route.upstream == "gateway":
            own = HandedOver(self._passage, route, self._own, scope, receive, send)
            status = await own.serve()
            if own.reached_app:
                return  # measured there
        else:
            visit = Forwarded(self._passage, route, scope, receive, send)
            status = await (in_server_span(scope, route.pattern, visit.serve()) if traced else visit.serve())
        self._measured(scope["method"], route.pattern, status).observe(time.perf_counter() - started)

    def _measured(self, method: str, pattern: str, status: int) -> Histogram:
        """Methods, rows and statuses are few: what a client can make up is none of the three."""
        key = (method, pattern, status)
        if key not in self._seconds:
            self._seconds[key] = HTTP_SECONDS.labels("gateway", method, pattern, str(status))
        return self._seconds[key]
