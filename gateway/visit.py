"""One request for an address of the route table. Invariant: it is answered once, or the connection is cut."""

import asyncio
import logging
from collections.abc import Awaitable, Coroutine
from functools import partial
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.auth.visitor import DEVICE_COOKIE
from gateway.bodies import ClientGone, Upload, announced, body_timeout, is_chunked
from gateway.caching import lifetime
from gateway.compression import CONDITIONS, SECRET, Packing, known_marks, packable
from gateway.credentials import SAFE_METHODS, Identity
from gateway.exchange import Exchange, Patience
from gateway.headers import Fields, fields_of, inward
from gateway.kept_answers import Shared
from gateway.reach.upstream import Upstream
from gateway.routes import Route
from gateway.spans import passed_on
from services.chassis.errors import ServiceError
from services.chassis.http import problem
from services.chassis.limits import address_of
from services.chassis.lingering import linger

if TYPE_CHECKING:
    from gateway.proxy import Passage

log = logging.getLogger(__name__)


class Visit:
    """One request, to a service or to the gateway's own app."""

    def __init__(self, passage: "Passage", route: Route, scope: Scope, receive: Receive, send: Send) -> None:
        self._passage, self._route = passage, route
        self._scope, self._receive, self._send = scope, receive, send
        self._fields = fields_of(scope)
        self._request_id = self._fields[b"x-request-id"]
        self._address = address_of(scope.get("client"))
        self._exchange = Exchange(scope, receive, send, passage.context.stopping)
        self._upload: Upload | None = None
        self._shared: Shared | None = None
        self._shareable: Fields | None = None
        self._late = False

    def serve(self) -> Coroutine[None, None, int]:
        """Forward it or refuse it; the status the client was told (499 for a client that left)."""
        return self._told(self._forward())

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
        finally:
            self._exchange.interpose = None  # no circle is left behind for the collector to find
        return self._exchange.status or 500

    async def _admit(self) -> Identity | None:
        """Who comes; what tells how often they still may, and how long here, is added to the answer."""
        identity = None
        if not self._route.open:
            identity = await self._passage.credentials.identify(self._scope, self._route.family)
            self._scope["state"]["identity"] = identity
            self._exchange.over = partial(self._passage.context.revocations.until_over, identity.principal)
        added = self._exchange.added
        added += await self._passage.admission.admit(identity, self._address, self._route.pace, self._device)
        if self._route.deprecated:
            added += self._route.deprecated.fields
        return identity

    @property
    def _device(self) -> str | None:
        """The device somebody has signed in with before: at a shared address they are counted by it alone."""
        if self._route.pace != "sign_in":
            return None
        return self._passage.context.devices.vouched(Request(self._scope).cookies.get(DEVICE_COOKIE))

    async def _hand_over(self, own: ASGIApp) -> None:
        identity = await self._admit()
        written = {b"x-request-id": self._request_id}
        if identity:
            written[b"authorization"] = f"Bearer {identity.token}".encode("ascii")
        kept = [(name, value) for name, value in self._scope["headers"] if name not in written]
        if self._route.family not in SECRET:
            self._send = Packing(self._send, self._scope["headers"], self._scope["method"])
        await own({**self._scope, "headers": [*kept, *written.items()]}, self._patient_receive, self._own_send)
        if self._late:
            raise body_timeout()

    async def _own_send(self, message: Message) -> None:
        if self._late:
            return  # the app speaks of a body it could not read; the true answer is that it did not come
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", ()), *self._exchange.added]}
            self._exchange.status = message["status"]
        await self._send(message)

    async def _patient_receive(self) -> Message:
        """The body for the own app, which waits for it only so long."""
        if self._exchange.status is not None or not self._has_body:
            return await self._receive()
        try:
            async with asyncio.timeout(self._passage.context.settings.client_idle_seconds):
                return await self._receive()
        except TimeoutError:
            self._late = True
            return {"type": "http.disconnect"}

    async def _forward(self) -> None:
        passage, route = self._passage, self._route
        identity = await self._admit()
        if not route.takes(self._scope["method"]):
            raise self._method_refused()
        limit = passage.limit(route)
        fields = inward(self._scope["headers"])
        if not CONDITIONS.isdisjoint(self._fields):
            fields = known_marks(fields)
        if announced(self._fields, limit):
            chunked = is_chunked(self._fields)
            idle = passage.context.settings.client_idle_seconds
            self._upload = Upload(self._receive, limit, idle, chunked=chunked)
            if chunked:
                fields.append((b"transfer-encoding", b"chunked"))
        if identity:
            fields.append((b"authorization", b"Bearer " + identity.token.encode("ascii")))
        self._vouch(fields)
        self._exchange.added.append((b"x-request-id", self._request_id))
        if route.family not in SECRET:
            self._exchange.interpose = self._sent_through
        upstream, patience = passage.upstreams.by_name[route.upstream], passage.patience(route)
        if self._upload is None and self._scope["method"] in ("GET", "HEAD"):
            self._shareable = fields
            if route.open or passage.cache.knows(self._key(upstream)):
                await self._look_first(upstream, fields, patience)
                return
        await self._ask(upstream, fields, patience)
        if self._scope["method"] not in SAFE_METHODS and (self._exchange.status or 500) < 400:
            passage.cache.forget(self._key(upstream))

    def _key(self, upstream: Upstream) -> tuple[str, bytes]:
        return upstream.name, self._scope["raw_path"] + b"?" + self._scope["query_string"]

    def _ask(self, upstream: Upstream, fields: Fields, patience: Patience) -> Awaitable[None]:
        exchange = self._exchange
        if self._scope["state"]["traced"]:
            return exchange.traced(upstream, fields, self._upload, patience)
        return exchange.run(upstream, fields + passed_on(self._scope), self._upload, patience)

    async def _look_first(self, upstream: Upstream, fields: Fields, patience: Patience) -> None:
        """By what is kept for everybody where there is such a thing, else by the service."""
        cache, key = self._passage.cache, self._key(upstream)
        self._shared = Shared(cache, key, fields, self._scope["method"])

        def ask(further: Fields) -> Awaitable[None]:
            return self._ask(upstream, fields + further, patience)

        kept = await self._shared.answer(ask, patience.answer, together=self._route.open)
        if kept is not None:
            self._shared = self._shareable = None  # what is kept is not kept anew
            await self._exchange.tell(*kept)

    def _sent_through(self, status: int, headers: Fields, send: Send) -> Send:
        """What an answer that begins so passes on its way out."""
        if status == 304 or packable(status, headers):
            send = Packing(send, self._scope["headers"], self._scope["method"])
        if self._shared is None and self._shareable is not None and lifetime(headers) is not None:
            key = self._key(self._passage.upstreams.by_name[self._route.upstream])
            self._shared = Shared(self._passage.cache, key, self._shareable, self._scope["method"])
        return self._shared.sent_through(status, headers, send) if self._shared is not None else send

    def _method_refused(self) -> ServiceError:
        """405 for an address that several services share, none of which takes the method."""
        allowed = ", ".join(self._passage.table.methods(self._scope["raw_path"]))
        detail = "Cara akses ini tidak didukung untuk alamat tersebut."
        return ServiceError(405, "method_not_allowed", detail, headers={"Allow": allowed})

    def _vouch(self, fields: Fields) -> None:
        """Write what the service may want to know of the caller's side of the connection.

        The address is the connection's own, or what a proxy said of it that the settings name as trusted.
        """
        fields += (
            (b"x-request-id", self._request_id),
            (b"x-forwarded-for", self._address.encode("ascii")),
            (b"x-forwarded-proto", self._scope["scheme"].encode("ascii")),
            (b"x-forwarded-host", self._fields.get(b"host", b"")),
        )

    @property
    def _has_body(self) -> bool:
        return is_chunked(self._fields) or self._fields.get(b"content-length", b"0") != b"0"

    @property
    def _unread(self) -> bool:
        """Whether some of the request's body may still be on its way."""
        return self._has_body if self._upload is None else not self._upload.finished

    async def _refuse(self, error: ServiceError) -> int:
        """Tell the client, unless it has been told something already; then the connection is cut."""
        if self._exchange.status is not None:
            return self._exchange.status
        response = problem(error, self._request_id.decode("ascii"))
        headers = [*response.raw_headers, (b"x-request-id", self._request_id)]
        unread = self._unread
        if unread:
            headers.append((b"connection", b"close"))
        await self._send({"type": "http.response.start", "status": error.status, "headers": headers})
        await self._send({"type": "http.response.body", "body": response.body, "more_body": unread})
        if unread:
            if self._upload is not None or b"expect" not in self._fields:
                await linger(self._receive)
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})
        return error.status
