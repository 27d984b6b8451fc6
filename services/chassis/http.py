"""The HTTP face of every service. Invariant: whatever happens inside, the answer is well-formed and tells no secrets.

``Door`` is the outermost layer: it gives each request an id and a span, counts it, cuts off bodies over the limit
before they are read whole, and turns whatever was raised into problem+json.
"""

import asyncio
import logging
import re
import time
from collections.abc import Iterable, Mapping
from types import MappingProxyType

import orjson
from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from opentelemetry.trace import Span, SpanKind, Status, StatusCode
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.chassis.auth import TokenVerifier
from services.chassis.errors import PROBLEM_JSON, ServiceError, body_too_large, conflict, unavailable
from services.chassis.health import Health
from services.chassis.ids import new_id
from services.chassis.mongo import PyMongoError, is_outage
from services.chassis.outbox import StreamVersionTaken
from services.chassis.refusals import refusal_of
from services.chassis.storage import StorageUnavailable
from services.chassis.telemetry import HTTP_SECONDS, trace_from, tracer
from services.chassis.vitals import VitalSigns

log = logging.getLogger(__name__)
CLIENT_GONE = 499
NOWHERE: Mapping[str, int] = MappingProxyType({})
REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")

_SENTENCES = {
    400: ("bad_request", "Permintaan tidak dapat dibaca."),
    404: ("not_found", "Alamat yang diminta tidak ada."),
    405: ("method_not_allowed", "Cara akses ini tidak didukung untuk alamat tersebut."),
}


class Door:
    """Pure ASGI middleware around the whole app."""

    def __init__(self, app: ASGIApp, *, service: str, max_body_bytes: int, limits: Mapping[str, int] = NOWHERE) -> None:
        self._app = app
        self._service = service
        self._limit = max_body_bytes
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; other scopes (lifespan) pass through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        visit = _Visit(scope, receive, send, headers, self._limit_for(scope["path"]))
        started = time.perf_counter()
        with tracer.start_as_current_span(
            f"{scope['method']}",
            context=trace_from(headers),
            kind=SpanKind.SERVER,
            attributes={"http.request.method": scope["method"], "url.path": scope["path"]},
        ) as span:
            try:
                await visit.serve(self._app)
            finally:
                self._record(scope, span, visit.status, time.perf_counter() - started)

    def _limit_for(self, path: str) -> int:
        return next((limit for prefix, limit in self._limits.items() if path.startswith(prefix)), self._limit)

    def _record(self, scope: Scope, span: Span, status: int, elapsed: float) -> None:
        route = getattr(scope.get("route"), "path", "unmatched")
        scope["state"]["route"] = route  # for whoever stands outside: what answers may have been given a copy
        span.update_name(f"{scope['method']} {route}")
        span.set_attribute("http.route", route)
        span.set_attribute("http.response.status_code", status)
        if status >= 500:
            span.set_status(Status(StatusCode.ERROR))
        HTTP_SECONDS.labels(self._service, scope["method"], route, str(status)).observe(elapsed)


class _Visit:
    """One request on its way through the door."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, headers: dict[str, str], limit: int) -> None:
        self._scope, self._receive, self._send = scope, receive, send
        self._headers = headers
        self._limit = limit
        self._read = 0
        self._over = False
        self._started = False
        self._replaced = False
        self.status = 500
        offered = headers.get("x-request-id", "")
        self.request_id = offered if REQUEST_ID.fullmatch(offered) else new_id()
        scope.setdefault("state", {})["request_id"] = self.request_id

    async def serve(self, app: ASGIApp) -> None:
        """Run the app; afterwards an answer has been sent or the connection is to be cut."""
        try:
            if self._announced() > self._limit:
                self._over = True
                raise body_too_large(self._limit)
            await app(self._scope, self._measured_receive, self._guarded_send)
        except ClientDisconnect:
            self.status = CLIENT_GONE
        except Exception as error:
            if self._started:
                raise
            await self._answer(_as_service_error(error))

    def _announced(self) -> int:
        length = self._headers.get("content-length", "0")
        return int(length) if length.isdecimal() else 0

    async def _measured_receive(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self._read += len(message.get("body", b""))
            if self._read > self._limit:
                self._over = True
                raise body_too_large(self._limit)
        return message

    async def _guarded_send(self, message: Message) -> None:
        if self._over and not self._started:
            # The app met the cut-off body and made its own error of it; the limit is the true answer.
            if not self._replaced:
                self._replaced = True
                await self._answer(body_too_large(self._limit))
            return
        if self._replaced:
            return
        if message["type"] == "http.response.start":
            self._started = True
            self.status = message["status"]
            message["headers"] = [
                *message.get("headers", ()),
                (b"x-request-id", self.request_id.encode("latin-1")),
            ]
        await self._send(message)

    async def _answer(self, error: ServiceError) -> None:
        response = problem(error, self.request_id)
        self.status = error.status
        self._started = True
        self._replaced = True
        response.headers["X-Request-ID"] = self.request_id
        if self._over:  # the rest of the body is still on its way; the connection cannot be used again
            response.headers["Connection"] = "close"
        await response(self._scope, self._receive, self._send)


def _as_service_error(error: Exception) -> ServiceError:
    if isinstance(error, ServiceError):
        return error
    if isinstance(error, StorageUnavailable) or is_outage(error):
        log.warning("a neighbour is away: %s", error)
        return unavailable()
    if isinstance(error, StreamVersionTaken):
        return conflict("state_changed", "Data sudah diubah oleh orang lain. Silakan muat ulang lalu coba lagi.")
    if isinstance(error, PyMongoError):
        log.error("the database refused", exc_info=error)
        return ServiceError(500, "internal", "Terjadi kesalahan di server. Silakan hubungi administrator.")
    log.error("unhandled error", exc_info=error)
    return ServiceError(500, "internal", "Terjadi kesalahan di server. Silakan hubungi administrator.")


def no_such_address() -> ServiceError:
    """404 for an address where nothing is."""
    return ServiceError(404, *_SENTENCES[404])


def problem(error: ServiceError, request_id: str | None = None) -> Response:
    """The response for ``error``."""
    return Response(
        orjson.dumps(error.document(request_id), default=str),
        status_code=error.status,
        media_type=PROBLEM_JSON,
        headers=error.headers,
    )


def _request_id(request: Request) -> str:
    return str(request.scope.get("state", {}).get("request_id", ""))


async def _on_service_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, ServiceError)  # noqa: S101 - registered for this class only
    return problem(error, _request_id(request))


async def _on_http_exception(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class only
    code, detail = _SENTENCES.get(error.status_code, ("error", "Permintaan tidak dapat dilayani."))
    headers = dict(error.headers or {})
    return problem(ServiceError(error.status_code, code, detail, headers=headers), _request_id(request))


async def _on_invalid_request(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class only
    return problem(refusal_of(error.errors()), _request_id(request))


def create_app(
    *,
    service: str,
    title: str,
    health: Health,
    verifier: TokenVerifier,
    routers: Iterable[APIRouter] = (),
    max_body_bytes: int = 1024 * 1024,
    limits: Mapping[str, int] = NOWHERE,
    vitals: VitalSigns | None = None,
    tells_operators: bool = True,
) -> FastAPI:
    """The app of a service: its routes, and health, readiness, metrics and errors as everywhere in the house.

    ``limits`` names what paths begin with that take longer or shorter bodies than the others. An app without
    ``tells_operators`` leaves health, readiness and metrics to a port of their own.
    """
    every = [*routers, _operations(health, vitals)] if tells_operators else [*routers]
    app = FastAPI(
        # Given, not included: what is included FastAPI analyses once more, at the first request, and finds more slowly.
        routes=[route for router in every for route in router.routes],
        title=title,
        version="1",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        # The door writes the one span of a request; FastAPI's own would be four more.
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.state.verifier = verifier
    app.state.stopping = asyncio.Event()  # set when the process leaves: a stream without an end ends then
    app.add_exception_handler(ServiceError, _on_service_error)
    app.add_exception_handler(HTTPException, _on_http_exception)
    app.add_exception_handler(RequestValidationError, _on_invalid_request)
    app.add_middleware(Door, service=service, max_body_bytes=max_body_bytes, limits=limits)
    return app


def _operations(health: Health, vitals: VitalSigns | None) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/healthz")
    async def alive() -> dict[str, str]:
        return {"status": "alive"}

    @router.get("/readyz")
    async def ready() -> Response:
        state = await health.look()
        return JSONResponse({"parts": state}, 200 if health.enough(state) else 503)

    @router.get("/metrics")
    async def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    if vitals is None:
        return router

    @router.get("/statusz")
    async def status() -> Response:
        return Response((await vitals.look()).model_dump_json(), media_type="application/json")

    return router
