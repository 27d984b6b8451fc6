"""A request that a service answers. Invariant: it hears of the caller what the gateway has written, and no more."""

from collections.abc import Awaitable

from starlette.types import Receive, Scope, Send

from gateway.bodies import Upload, announced, is_chunked
from gateway.caching import lifetime
from gateway.compression import CONDITIONS, SECRET, Packing, known_marks, packable
from gateway.credentials import SAFE_METHODS, Identity
from gateway.exchange import Patience
from gateway.headers import REQUEST_ID_FIELD, Fields, inward
from gateway.kept_answers import Shared
from gateway.passage import Passage
from gateway.reach.upstream import Upstream
from gateway.routes import Body, Route
from gateway.spans import passed_on
from gateway.visit import Visit
from services.chassis.errors import ServiceError
from services.chassis.limits import network_of

GATHERED: frozenset[Body] = frozenset({"form", "document"})
"""Bodies that a service is told of when they are there to their end: a megabyte at most."""


class Forwarded(Visit):
    """One request for a service."""

    def __init__(self, passage: Passage, route: Route, scope: Scope, receive: Receive, send: Send) -> None:
        super().__init__(passage, route, scope, receive, send)
        self._upload: Upload | None = None
        self._shared: Shared | None = None
        self._shareable: Fields | None = None
        """What was asked, where the answer may turn out to be for everybody."""

    async def _answer(self) -> None:
        passage, route, method = self._passage, self._route, self._scope["method"]
        identity = await self._admit()
        if not route.takes(method):
            raise self._method_refused()
        fields = self._written(identity)
        self._exchange.caller = identity.name if identity else f"address:{network_of(self._address)}"
        self._exchange.added.append((REQUEST_ID_FIELD, self._request_id))
        if route.family not in SECRET:
            self._exchange.interpose = self._sent_through
        upstream, patience = passage.upstreams.by_name[route.upstream], passage.patience(route)
        if self._upload is None and method in ("GET", "HEAD"):
            self._shareable = fields
            if route.open or passage.cache.knows(self._key(upstream)):
                await self._look_first(upstream, fields, patience)
                return
        await self._ask(upstream, fields, patience)
        if method not in SAFE_METHODS and (self._exchange.status or 500) < 400:
            passage.cache.forget(self._key(upstream))

    def _written(self, identity: Identity | None) -> Fields:
        """The header fields for the service: the client's harmless ones, and what it may want to know of the caller.

        The address is the connection's own, or what a proxy said of it that the settings name as trusted.
        """
        fields = inward(self._scope["headers"])
        if not CONDITIONS.isdisjoint(self._fields):
            fields = known_marks(fields)
        limit = self._passage.limit(self._route)
        if announced(self._fields, limit):
            length = None if is_chunked(self._fields) else int(self._fields[b"content-length"])
            idle = self._passage.context.settings.client_idle_seconds
            self._upload = Upload(self._receive, limit, idle, length=length, short=self._route.body in GATHERED)
            if length is None:
                fields.append((b"transfer-encoding", b"chunked"))
        if identity:
            fields.append((b"authorization", b"Bearer " + identity.token.encode("ascii")))
        fields += (
            (REQUEST_ID_FIELD, self._request_id),
            (b"x-forwarded-for", self._address.encode("ascii")),
            (b"x-forwarded-proto", self._scope["scheme"].encode("ascii")),
            (b"x-forwarded-host", self._fields.get(b"host", b"")),
        )
        return fields

    def _key(self, upstream: Upstream) -> tuple[str, bytes]:
        return upstream.name, self._scope["raw_path"] + b"?" + self._scope["query_string"]

    def _ask(self, upstream: Upstream, fields: Fields, patience: Patience) -> Awaitable[None]:
        exchange = self._exchange
        if self._scope["state"]["traced"]:
            return exchange.traced(upstream, fields, self._upload, patience)
        return exchange.run(upstream, fields + passed_on(self._scope), self._upload, patience)

    async def _look_first(self, upstream: Upstream, fields: Fields, patience: Patience) -> None:
        """By what is kept for everybody where there is such a thing, else by the service."""
        self._shared = Shared(self._passage.cache, self._key(upstream), fields, self._scope["method"])

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

    @property
    def _unread(self) -> bool:
        return self._has_body if self._upload is None else not self._upload.finished
