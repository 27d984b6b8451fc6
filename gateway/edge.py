"""The outermost layer. Invariant: nothing passes out without what keeps browsers from harm, nor unseen by the log.

Looked at before anything else: the host that was asked for and pages of other origins that ask whether they may. Which
network address and scheme a request came by was settled before, from trusted proxies alone (``trusted_proxies``).
"""

import time

from opentelemetry import trace
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.access_log import AccessLog, Seen
from gateway.bodies import ClientGone
from gateway.credentials import Identity
from gateway.cross_origin import CrossOrigin
from gateway.headers import request_id_of
from gateway.hosts import Hosts
from gateway.safe_headers import SafeHeaders
from gateway.streams import OpenStreams
from services.chassis.errors import ServiceError
from services.chassis.http import problem
from services.chassis.limits import address_of, network_of
from services.chassis.telemetry import HTTP_SECONDS

EVENT_STREAM = b"text/event-stream"
OUTSIDE = "edge"
"""The route of what was refused or answered here."""


class Edge:
    """ASGI middleware around everything of the gateway."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        hosts: Hosts,
        cross_origin: CrossOrigin,
        safe: SafeHeaders,
        streams: OpenStreams,
        access_log: AccessLog | None,
        connection_requests: int,
    ) -> None:
        self._app = app
        self.hosts = hosts
        self.cross_origin = cross_origin
        self.safe = safe
        self.streams = streams
        self.access_log = access_log
        self.connection_requests = connection_requests

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        passing = _Passing(self, scope, send)
        try:
            await passing.run(self._app, receive)
        finally:
            passing.end()


class _Passing:
    """One request, seen from outside."""

    def __init__(self, edge: Edge, scope: Scope, send: Send) -> None:
        self._edge, self._scope, self._send = edge, scope, send
        self._state = scope.setdefault("state", {})
        self._started = time.perf_counter()
        self._origin: bytes | None = None
        self._stream: str | None = None
        self._request_id = b""
        self._trace: str | None = None
        self._status: int | None = None
        self._bytes = 0
        self._whole = False

    async def run(self, app: ASGIApp, receive: Receive) -> None:
        """Refuse it, answer it here, or let it in."""
        try:
            answered = self._look()
        except ServiceError as error:
            await self._refuse(error)
            return
        if answered is not None:
            self._state["route"] = OUTSIDE
            await self.send({"type": "http.response.start", "status": 204, "headers": answered})
            await self.send({"type": "http.response.body", "body": b""})
            return
        await app(self._scope, receive, self.send)

    def _look(self) -> list[tuple[bytes, bytes]] | None:
        """The head: ServiceError where it is refused, header fields where it is answered here and now."""
        raw = self._scope["headers"]
        hosts: list[bytes] = []
        asked: bytes | None = None
        identified = False
        for name, value in raw:
            if name == b"host":
                hosts.append(value)
            elif name == b"origin":
                self._origin = value
            elif name == b"access-control-request-method":
                asked = value
            elif name == b"x-request-id":
                identified = True
        self._request_id = request_id_of(raw if identified else ()).encode("ascii")
        # One id from here on, for every layer: the client's own where it was harmless.
        kept = [field for field in raw if field[0] != b"x-request-id"] if identified else raw
        self._scope["headers"] = [*kept, (b"x-request-id", self._request_id)]
        self._edge.hosts.check(hosts, self._scope["http_version"])
        if asked is not None and self._origin is not None and self._scope["method"] == "OPTIONS":
            return self._edge.cross_origin.preflight(self._origin)
        return None

    async def send(self, message: Message) -> None:
        """What the layers inside say, on its way out."""
        if message["type"] == "http.response.start":
            message = await self._starting(message)
        elif message["type"] == "http.response.body":
            self._bytes += len(message.get("body", b""))
            self._whole = not message.get("more_body", False)
        await self._send(message)

    async def _starting(self, message: Message) -> Message:
        headers = list(message.get("headers", ()))
        kind = next((value for name, value in headers if name == b"content-type"), b"")
        if kind.startswith(EVENT_STREAM) and message["status"] == 200:
            await self._enter_stream()
        self._status = message["status"]
        context = trace.get_current_span().get_span_context()
        self._trace = f"{context.trace_id:032x}" if context.is_valid else None
        return {**message, "headers": self._dressed(headers, kind)}

    def _dressed(self, headers: list[tuple[bytes, bytes]], kind: bytes) -> list[tuple[bytes, bytes]]:
        edge = self._edge
        headers += edge.safe.missing(headers, kind, self._status or 0, secure=self._scope["scheme"] == "https")
        headers += edge.cross_origin.fields(self._origin)
        if self._nth >= edge.connection_requests:
            headers.append((b"connection", b"close"))
        return headers

    @property
    def _nth(self) -> int:
        """The how manieth request of its connection it is."""
        nth: int = self._state.get("nth", 1)
        return nth

    async def _enter_stream(self) -> None:
        """An event stream is counted as long as it is open; one too many is refused in the place of its answer."""
        name = self._name
        try:
            self._edge.streams.enter(name)
        except ServiceError as error:
            await self._refuse(error)
            raise ClientGone from None  # whoever was about to stream lets go of it
        self._stream = name

    async def _refuse(self, error: ServiceError) -> None:
        self._status = error.status
        response = problem(error, self._request_id.decode("ascii"))
        headers = [*response.raw_headers, (b"x-request-id", self._request_id)]
        headers = self._dressed(headers, b"application/problem+json")
        if self._nth < self._edge.connection_requests:
            headers.append((b"connection", b"close"))  # what follows on it may be a body nobody reads
        await self._send({"type": "http.response.start", "status": error.status, "headers": headers})
        await self._send({"type": "http.response.body", "body": bytes(response.body)})
        self._bytes, self._whole = len(response.body), True
        if "route" not in self._state:
            self._state["route"] = OUTSIDE
            taken = time.perf_counter() - self._started
            HTTP_SECONDS.labels("gateway", self._scope["method"], OUTSIDE, str(error.status)).observe(taken)

    @property
    def _address(self) -> str:
        return address_of(self._scope.get("client"))

    @property
    def _name(self) -> str:
        identity: Identity | None = self._state.get("identity")
        return identity.name if identity else f"address:{network_of(self._address)}"

    def end(self) -> None:
        """It is over, one way or the other."""
        if self._stream is not None:
            self._edge.streams.leave(self._stream)
        log = self._edge.access_log
        if log is None:
            return
        identity: Identity | None = self._state.get("identity")
        log.write(
            Seen(
                method=self._scope["method"],
                route=self._state.get("route", "unmatched"),
                status=self._status or 499,
                size=self._bytes,
                seconds=time.perf_counter() - self._started,
                request_id=self._request_id.decode("ascii"),
                who=identity.name if identity else None,
                via=identity.via if identity else None,
                network=network_of(self._address),
                trace_id=self._trace,
                nth=self._nth,
                cut=self._status is not None and not self._whole,
            )
        )
