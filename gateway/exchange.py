"""One request on its way to a service and back. Invariant: bytes pass as they come, and an answer is whole or cut off.

Nothing is decoded, and nothing gathered but a document that is sent: at most some hundred kilobytes are under way in
each direction, whatever the body's size. An answer that breaks off at the service breaks off for the client too, it
never seems complete. A request is sent once: only one that changes nothing goes out again, and only when no service has
taken its connection.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.types import Receive, Scope, Send

from gateway.bodies import ClientGone, Upload
from gateway.credentials import SAFE_METHODS
from gateway.headers import Fields, first, outward, request_head
from gateway.reach.connection import Connection
from gateway.reach.faults import Closed, ConnectFailed, LineFault, Silent
from gateway.reach.instance import Instance
from gateway.reach.upstream import Upstream
from gateway.spans import in_client_span, of_this_span
from services.chassis.errors import ServiceError

log = logging.getLogger(__name__)
WATCHED_BYTES = 1024 * 1024
"""From so many bytes on it is watched whether the client is still there."""


class Stopping(Exception):
    """The gateway stops, or who listens is no longer signed in, and a stream without an end is ended."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long is waited: for an answer to begin, and for each next byte."""

    answer: float
    byte: float


class Exchange:
    """Passes one request through; ``status`` is what the client was told, None until then.

    ``over`` returns when a stream without an end is to be ended, because what it was opened with is no longer good.
    """

    def __init__(self, scope: Scope, receive: Receive, send: Send, stopping: asyncio.Event) -> None:
        self._scope, self._receive, self._send = scope, receive, send
        self._first_send = send
        self._stopping = stopping
        self._connection: Connection | None = None
        self._watches: list[asyncio.Task[None]] = []
        self._counted = self._holds = False
        self.caller = ""
        self._era = 0
        self.added: Fields = []
        self.interpose: Callable[[int, Fields, Send], Send] | None = None
        self.over: Callable[[], Awaitable[None]] | None = None
        self.status: int | None = None

    async def traced(self, upstream: Upstream, fields: Fields, upload: Upload | None, patience: Patience) -> None:
        """As ``run``, in a span that is told to the service."""
        with in_client_span(self._scope["method"], upstream.name) as span:
            await self.run(upstream, fields + of_this_span(), upload, patience)
            if self.status is not None:
                span.set_attribute("http.response.status_code", self.status)

    async def tell(self, status: int, headers: Fields, body: bytes) -> None:
        """Answer with what is there already, as if the service had."""
        if self.interpose is not None:
            self._send = self.interpose(status, headers, self._first_send)
        self.status = status
        await self._send({"type": "http.response.start", "status": status, "headers": headers + self.added})
        await self._send({"type": "http.response.body", "body": body})

    async def run(self, upstream: Upstream, fields: Fields, upload: Upload | None, patience: Patience) -> None:
        """Send it to the service and its answer to the client; ServiceError while none has begun."""
        if upload is not None:
            upstream.look()
        upstream.come(self.caller)
        self._counted = True
        try:
            if upload is not None:
                await upload.begin()
            upstream.enter()
            self._holds = True
            await self._reach(upstream, fields, upload, patience)
        finally:
            for task in self._watches:
                task.cancel()
            self._leave(upstream)
            self._connection = None

    def _leave(self, upstream: Upstream) -> None:
        if self._holds:
            self._holds = False
            upstream.leave()
        if self._counted:
            self._counted = False
            upstream.go(self.caller)

    async def _reach(self, upstream: Upstream, fields: Fields, upload: Upload | None, patience: Patience) -> None:
        """Find an instance that takes it."""
        repeatable = upload is None and self._scope["method"] in SAFE_METHODS
        tried: list[Instance] = []
        stale = False
        while True:
            instance = upstream.choose(tried)
            if instance is None:
                raise upstream.away()
            era = self._era = instance.breaker.era
            try:
                connection = (None if stale else instance.kept_one()) or await _new_connection(instance)
            except ConnectFailed as fault:
                upstream.failed(instance, fault, era)
                log.warning("%s takes no connection at %s: %s", upstream.name, instance.address.url, fault)
                tried.append(instance)
                if not repeatable:
                    raise upstream.away() from None
                continue
            try:
                await self._converse(upstream, instance, connection, fields, upload, patience)
                return
            except Closed as fault:
                # A kept connection on which nothing was answered had been closed before the request came (RFC 9112,
                # section 9.3.1): to a request that changes nothing that is one connection not taken.
                if stale or not repeatable or not fault.unanswered or connection.exchanges < 2:
                    upstream.failed(instance, fault, era)
                    self._explain(upstream, fault)
                    return
                instance.breaker.given_up(era)
                stale = True
            except LineFault as fault:
                upstream.failed(instance, fault, era)
                self._explain(upstream, fault)
                return
            except BaseException:
                instance.breaker.given_up(era)
                raise

    async def _converse(
        self,
        upstream: Upstream,
        instance: Instance,
        connection: Connection,
        fields: Fields,
        upload: Upload | None,
        patience: Patience,
    ) -> None:
        self._connection = connection
        scope = self._scope
        answer_seconds: float | None = patience.answer
        pouring: asyncio.Task[None] | None = None
        whole = False
        try:
            head = request_head(scope["method"], self._target(instance), [(b"host", instance.host_field), *fields])
            connection.ask(scope["method"], head if upload is None else head + upload.beginning())
            if upload is not None and not upload.finished:
                answer_seconds = None
                pouring = asyncio.ensure_future(upload.pour(connection, patience.byte, patience.answer))
            elif scope["method"] in SAFE_METHODS:
                connection.on_slow = self._watch
            await connection.answered(answer_seconds)
            instance.breaker.succeeded(self._era)
            whole = upload is None or upload.finished  # what is sent later on is nothing the answer speaks of
            if whole:
                connection.on_slow = self._watch
            await self._answer(upstream, connection, patience.byte, unread=not whole)
        except Stopping:
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            if pouring is not None:
                pouring.cancel()
            instance.put_back(connection, asked_whole=whole)

    def _target(self, instance: Instance) -> bytes:
        """The address as it came: no byte of it is read or written anew."""
        query: bytes = self._scope["query_string"]
        path: bytes = instance.address.prefix + self._scope["raw_path"]
        return path + b"?" + query if query else path

    async def _answer(self, upstream: Upstream, connection: Connection, seconds: float, *, unread: bool) -> None:
        status = connection.status
        headers = outward(connection.headers, bodiless=status in (204, 304))
        if self.interpose is not None:
            self._send = self.interpose(status, headers, self._send)
        headers += self.added
        if unread:
            headers.append((b"connection", b"close"))
        elif (first(headers, b"content-type") or "").startswith("text/event-stream"):
            self._leave(upstream)
            self._watch()
            self._watches.append(asyncio.ensure_future(self._until_stopping()))
            if self.over is not None:
                self._watches.append(asyncio.ensure_future(self._until_over(self.over)))
        self.status = status
        await self._send({"type": "http.response.start", "status": status, "headers": headers})
        if connection.complete:
            await self._send({"type": "http.response.body", "body": connection.rest(), "more_body": False})
        else:
            await self._pass(connection, seconds, unread=unread)

    async def _pass(self, connection: Connection, seconds: float, *, unread: bool) -> None:
        passed = 0
        more = True
        while more:
            piece = await connection.read(seconds)
            more = not connection.complete
            await self._send({"type": "http.response.body", "body": piece, "more_body": more})
            passed += len(piece)
            if more and passed > WATCHED_BYTES and not self._watches and not unread:
                self._watch()

    def _watch(self) -> None:
        """From now on the exchange ends when the client leaves."""
        if not self._watches:
            self._watches.append(asyncio.ensure_future(self._until_gone()))

    async def _until_gone(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._interrupt(ClientGone())

    async def _until_stopping(self) -> None:
        await self._stopping.wait()
        self._interrupt(Stopping())

    async def _until_over(self, over: Callable[[], Awaitable[None]]) -> None:
        await over()
        self._interrupt(Stopping())

    def _interrupt(self, reason: Exception) -> None:
        if self._connection is not None:
            self._connection.interrupt(reason)

    def _explain(self, upstream: Upstream, fault: LineFault) -> None:
        """Before an answer: why there is none. Within one: a note in the log, the server then cuts the connection."""
        log.warning("%s did not answer to the end: %s", upstream.name, fault)
        if self.status is not None:
            return
        if isinstance(fault, Silent):
            raise ServiceError(504, "upstream_timeout", "Layanan terlalu lama menjawab. Silakan coba lagi.")
        raise upstream.away()


async def _new_connection(instance: Instance) -> Connection:
    """A connection to it; whatever else ends the waiting, its breaker is not left on trial."""
    era = instance.breaker.era
    try:
        return await instance.connect()
    except ConnectFailed:
        raise
    except BaseException:
        instance.breaker.given_up(era)
        raise
