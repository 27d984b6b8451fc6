"""The way in. Invariant: every request that reaches a service carries a verified token and the gateway's own headers.

On an open route it carries no token at all: what is for everybody is the same for everybody. Pure ASGI around the
gateway's own app: what the route table leads elsewhere goes to its service, all else is the app's. Who comes and how
often is looked at for both alike. What has no row is open where it is a page or the public keys, and is not there where
it is an address of the API.
"""

import time

from prometheus_client import Histogram
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.forwarded import Forwarded
from gateway.handed_over import HandedOver
from gateway.passage import Passage
from gateway.routes import NOWHERE
from gateway.spans import in_server_span
from services.chassis.telemetry import HTTP_SECONDS, spans_collected

API = "/v1/"


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
