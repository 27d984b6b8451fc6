"""One request, seen from outside. Invariant: told of once, when it is over, however it ends."""

import time
from dataclasses import dataclass

from opentelemetry import trace
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.access_log import AccessLog
from gateway.bodies import ClientGone
from gateway.clients.answered import END, AppsAnswered
from gateway.credentials import Identity
from gateway.cross_origin import CrossOrigin
from gateway.headers import REQUEST_ID_FIELD, Fields, fields_of, request_id_of
from gateway.hosts import Hosts
from gateway.safe_headers import SafeHeaders
from gateway.streams import OpenStreams
from services.chassis.clock import now
from services.chassis.errors import ServiceError
from services.chassis.http import problem
from services.chassis.limits import address_of, network_of
from services.chassis.telemetry import HTTP_SECONDS

EVENT_STREAM = b"text/event-stream"
OUTSIDE = "edge"
"""The route of what was refused or answered here."""


@dataclass(frozen=True)
class Outside:
    """What is looked at on the way in and out, the same for every request."""

    hosts: Hosts
    cross_origin: CrossOrigin
    safe: SafeHeaders
    streams: OpenStreams
    apps: AppsAnswered
    access_log: AccessLog | None
    connection_requests: int


class Passing:
    """One request on its way in, and its answer on its way out."""

    def __init__(self, outside: Outside, scope: Scope, send: Send) -> None:
        self._outside, self._scope, self._send = outside, scope, send
        self._state = scope.setdefault("state", {})
        self._started = time.perf_counter()
        self._origin: bytes | None = None
        self._stream: str | None = None
        self._request_id = b""
        self._trace: str | None = None
        self._status: int | None = None
        self._bytes = 0
        self._whole = False
        self._told_to_app = self._ended = False

    async def run(self, app: ASGIApp, receive: Receive) -> None:
        """Refuse it, answer it here, or let it in; and tell of it."""
        try:
            try:
                answered = self._look()
            except ServiceError as error:
                await self._refuse(error)
                return
            if answered is None:
                await app(self._scope, receive, self.send)
            else:
                self._state["route"] = OUTSIDE
                await self.send({"type": "http.response.start", "status": 204, "headers": answered})
                await self.send({"type": "http.response.body", "body": b""})
        finally:
            self._end()

    def _look(self) -> Fields | None:
        """The head: ServiceError where it is refused, header fields where it is answered here and now."""
        scope, fields = self._scope, fields_of(self._scope)
        # One id from here on, for every layer: the client's own where it was harmless.
        self._request_id = request_id_of(fields)
        own = (REQUEST_ID_FIELD, self._request_id)
        raw = scope["headers"]
        scope["headers"] = [*raw, own] if REQUEST_ID_FIELD not in fields else [*_without_id(raw), own]
        fields[REQUEST_ID_FIELD] = self._request_id
        self._origin = fields.get(b"origin")
        self._outside.hosts.check(fields.get(b"host"), scope["http_version"])
        if self._origin is not None and scope["method"] == "OPTIONS" and b"access-control-request-method" in fields:
            return self._outside.cross_origin.preflight(self._origin)
        return None

    async def send(self, message: Message) -> None:
        """What the layers inside say, on its way out."""
        if message["type"] == "http.response.body":
            if self._ended:
                return  # whoever still sends learns from the closed connection
            if self._told_to_app and not await self._outside.apps.still_good(self._scope):
                self._ended, message = True, END
            self._bytes += len(message.get("body", b""))
            self._whole = not message.get("more_body", False)
        elif message["type"] == "http.response.start":
            kind = self._begin(message)
            if kind.startswith(EVENT_STREAM) and message["status"] == 200:
                await self._enter_stream()
            message = {**message, "headers": self._dressed(list(message.get("headers", ())), kind)}
        await self._send(message)

    def _begin(self, message: Message) -> bytes:
        """Note that an answer begins; of what kind it is."""
        self._status = message["status"]
        if self._state.get("traced"):
            context = trace.get_current_span().get_span_context()
            self._trace = f"{context.trace_id:032x}" if context.is_valid else None
        identity: Identity | None = self._state.get("identity")
        kind: bytes = next((value for name, value in message.get("headers", ()) if name == b"content-type"), b"")
        if identity is not None and identity.via == "app":
            self._outside.apps.note(self._scope, identity, message["status"])
            self._told_to_app = kind.startswith(EVENT_STREAM)
        return kind

    def _dressed(self, headers: Fields, kind: bytes) -> Fields:
        outside = self._outside
        secure = self._scope["scheme"] == "https"
        headers += outside.safe.missing(headers, kind, self._status or 0, secure=secure)
        headers += outside.cross_origin.fields(self._origin)
        if self._nth >= outside.connection_requests:
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
            self._outside.streams.enter(name)
        except ServiceError as error:
            await self._refuse(error)
            raise ClientGone from None  # whoever was about to stream lets go of it
        self._stream = name

    async def _refuse(self, error: ServiceError) -> None:
        self._status = error.status
        response = problem(error, self._request_id.decode("ascii"))
        own = (REQUEST_ID_FIELD, self._request_id)
        headers = self._dressed([*response.raw_headers, own], b"application/problem+json")
        if self._nth < self._outside.connection_requests:
            headers.append((b"connection", b"close"))  # what follows on it may be a body nobody reads
        await self._send({"type": "http.response.start", "status": error.status, "headers": headers})
        await self._send({"type": "http.response.body", "body": bytes(response.body)})
        self._bytes, self._whole = len(response.body), True
        if "route" not in self._state:
            self._state["route"] = OUTSIDE
            taken = time.perf_counter() - self._started
            HTTP_SECONDS.labels("gateway", self._scope["method"], OUTSIDE, str(error.status)).observe(taken)

    @property
    def _name(self) -> str:
        identity: Identity | None = self._state.get("identity")
        return identity.name if identity else f"address:{network_of(address_of(self._scope.get('client')))}"

    def _end(self) -> None:
        """It is over, one way or the other."""
        if self._stream is not None:
            self._outside.streams.leave(self._stream)
        if self._outside.access_log is not None:
            self._outside.access_log.write(self._line())

    def _line(self) -> dict[str, object]:
        """What the log is told. ``nth`` of its connection; ``cut`` is an answer that did not come to its end."""
        line: dict[str, object] = {
            "time": now(),
            "method": self._scope["method"],
            "route": self._state.get("route", "unmatched"),
            "status": self._status or 499,
            "bytes": self._bytes,
            "ms": round((time.perf_counter() - self._started) * 1000, 2),
            "network": network_of(address_of(self._scope.get("client"))),
            "nth": self._nth,
            "request_id": self._request_id.decode("ascii"),
            "trace_id": self._trace,
        }
        identity: Identity | None = self._state.get("identity")
        if identity is not None:
            line["who"], line["via"] = identity.name, identity.via
        if self._status is not None and not self._whole:
            line["cut"] = True
        return line


def _without_id(raw: Fields) -> Fields:
    return [field for field in raw if field[0] != REQUEST_ID_FIELD]
