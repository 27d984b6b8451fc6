"""The way in. Invariant: every request that reaches a service carries a verified token and the gateway's own headers.

On an open route it carries no token at all: what is for everybody is the same for everybody. Pure ASGI around the
gateway's own app: what the route table leads elsewhere goes to its service, all else is the app's. Who comes and how
often is looked at for both alike; what has no row (pages, the public keys) is open.
"""

import logging
import time
from collections.abc import Awaitable
from dataclasses import dataclass

from multidict import CIMultiDict
from opentelemetry.trace import SpanKind, Status, StatusCode
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.admission import Admission, Fields
from gateway.bodies import ClientGone, Upload, announced, linger
from gateway.context import Context
from gateway.credentials import Credentials, Identity
from gateway.exchange import Exchange
from gateway.headers import first, inward, request_id_of
from gateway.routes import Route, RouteTable
from gateway.upstreams import Upstreams
from services.chassis.errors import ServiceError
from services.chassis.http import problem
from services.chassis.telemetry import HTTP_SECONDS, trace_from, tracer

log = logging.getLogger(__name__)
TRACE_FIELDS = (b"traceparent", b"tracestate")


@dataclass(frozen=True)
class Passage:
    """What the proxy works with."""

    context: Context
    credentials: Credentials
    admission: Admission
    upstreams: Upstreams
    table: RouteTable

    def limit(self, route: Route) -> int:
        """How long a body the route takes."""
        settings = self.context.settings
        limits = {
            "document": settings.max_body_bytes,
            "sheet": settings.max_sheet_bytes,
            "attachment": settings.max_attachment_bytes,
            "scan": settings.max_upload_bytes,
            "upload": settings.max_resumable_bytes,
        }
        return limits[route.body]


class Proxy:
    """ASGI middleware: forwards what the table knows."""

    def __init__(self, app: ASGIApp, *, passage: Passage) -> None:
        self._own = app
        self._passage = passage

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        route = self._passage.table.match(scope["raw_path"], scope["method"]) if scope["type"] == "http" else None
        if route is None:
            await self._own(scope, receive, send)
            return
        scope.setdefault("state", {})["route"] = route.pattern
        if route.upstream == "gateway":
            await Visit(self._passage, route, scope, receive, send).serve_here(self._own)
            return
        started = time.perf_counter()
        method = scope["method"]
        parent = {name.decode(): value.decode("latin-1") for name, value in scope["headers"] if name in TRACE_FIELDS}
        attributes = {"http.request.method": method, "url.path": scope["path"], "http.route": route.pattern}
        with tracer.start_as_current_span(
            f"{method} {route.pattern}", context=trace_from(parent), kind=SpanKind.SERVER, attributes=attributes
        ) as span:
            status = await Visit(self._passage, route, scope, receive, send).serve()
            span.set_attribute("http.response.status_code", status)
            if status >= 500:
                span.set_status(Status(StatusCode.ERROR))
        HTTP_SECONDS.labels("gateway", method, route.pattern, str(status)).observe(time.perf_counter() - started)


class Visit:
    """One request for a service."""

    def __init__(self, passage: Passage, route: Route, scope: Scope, receive: Receive, send: Send) -> None:
        self._passage, self._route = passage, route
        self._scope, self._receive, self._send = scope, receive, send
        self._request_id = request_id_of(scope["headers"])
        self._exchange = Exchange(scope, receive, send, self._request_id, passage.context.stopping)
        self._upload: Upload | None = None

    async def serve(self) -> int:
        """Forward it or refuse it; the status the client was told (499 for a client that left)."""
        return await self._told(self._forward())

    async def serve_here(self, own: ASGIApp) -> None:
        """Let the gateway's own app answer it, or refuse it."""
        await self._told(self._hand_over(own))

    async def _told(self, answering: Awaitable[None]) -> int:
        try:
            await answering
        except ClientGone:
            return 499
        except ServiceError as error:
            return await self._refuse(error)
        except Exception:
            if self._exchange.status is not None:
                raise
            log.exception("unhandled error")
            sentence = "Terjadi kesalahan di server. Silakan hubungi petugas."
            return await self._refuse(ServiceError(500, "internal", sentence))
        return self._exchange.status or 500

    async def _admit(self) -> tuple[Identity | None, Fields]:
        """Who comes, and the fields that tell how often they still may, and how long here."""
        identity = None
        if not self._route.open:
            identity = await self._passage.credentials.identify(self._scope, self._route.family)
            self._scope["state"]["identity"] = identity
        left = await self._passage.admission.admit(identity, self._address, self._route.pace)
        leaving = self._route.deprecated
        return identity, (*left, *leaving.fields) if leaving else left

    async def _hand_over(self, own: ASGIApp) -> None:
        identity, fields = await self._admit()
        written = {b"x-request-id": self._request_id.encode("ascii")}
        if identity:
            written[b"authorization"] = f"Bearer {identity.token}".encode("ascii")
        kept = [(name, value) for name, value in self._scope["headers"] if name not in written]

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", ()), *fields]}
                self._exchange.status = message["status"]
            await self._send(message)

        await own({**self._scope, "headers": [*kept, *written.items()]}, self._receive, send)

    async def _forward(self) -> None:
        raw = self._scope["headers"]
        identity, fields = await self._admit()
        if not self._route.takes(self._scope["method"]):
            raise self._method_refused()
        limit = self._passage.limit(self._route)
        has_body = announced(raw, limit)
        headers = inward(raw)
        headers.popall("Authorization", None)
        if identity:
            headers["Authorization"] = f"Bearer {identity.token}"
        self._vouch(headers)
        idle = self._passage.context.settings.client_idle_seconds
        self._upload = Upload(self._receive, limit, idle) if has_body else None
        upstreams, name = self._passage.upstreams, self._route.upstream
        self._exchange.adds(fields)
        await self._exchange.run(upstreams.session, name, upstreams.urls[name], headers, self._upload)

    def _method_refused(self) -> ServiceError:
        """405 for an address that several services share, none of which takes the method."""
        allowed = ", ".join(self._passage.table.methods(self._scope["raw_path"]))
        detail = "Cara akses ini tidak didukung untuk alamat tersebut."
        return ServiceError(405, "method_not_allowed", detail, headers={"Allow": allowed})

    def _vouch(self, headers: CIMultiDict[str]) -> None:
        """Write what the service may want to know of the caller's side of the connection.

        The address is the connection's own, or what a proxy said of it that the settings name as trusted.
        """
        headers["X-Request-ID"] = self._request_id
        headers["X-Forwarded-For"] = self._address
        headers["X-Forwarded-Proto"] = self._scope["scheme"]
        headers["X-Forwarded-Host"] = first(self._scope["headers"], b"host") or ""

    @property
    def _address(self) -> str:
        client = self._scope.get("client")
        return client[0] if client else "unknown"

    async def _refuse(self, error: ServiceError) -> int:
        """Tell the client, unless it has been told something already; then the connection is cut."""
        if self._exchange.status is not None:
            return self._exchange.status
        response = problem(error, self._request_id)
        headers = [*response.raw_headers, (b"x-request-id", self._request_id.encode("ascii"))]
        unread = self._unread
        if unread:
            headers.append((b"connection", b"close"))
        await self._send({"type": "http.response.start", "status": error.status, "headers": headers})
        await self._send({"type": "http.response.body", "body": response.body, "more_body": unread})
        if unread:
            if first(self._scope["headers"], b"expect") is None:
                await linger(self._receive)
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})
        return error.status

    @property
    def _unread(self) -> bool:
        """Whether some of the request's body may still be on its way."""
        if self._upload is not None:
            return not self._upload.finished
        raw = self._scope["headers"]
        return first(raw, b"transfer-encoding") is not None or (first(raw, b"content-length") or "0") != "0"
