"""One request on its way to a service and back. Invariant: bytes pass as they come, and an answer is whole or cut off.

Nothing is decoded and nothing gathered: at most some hundred kilobytes are under way in each direction, whatever the
body's size. An answer that breaks off at the service breaks off for the client too, it never seems complete.
"""

import asyncio
import logging
from collections.abc import Iterable

import aiohttp
from multidict import CIMultiDict
from opentelemetry.trace import SpanKind, Status, StatusCode
from starlette.types import Receive, Scope, Send
from yarl import URL

from gateway.bodies import Upload
from gateway.headers import outward
from services.chassis.errors import ServiceError
from services.chassis.telemetry import current_trace, tracer

log = logging.getLogger(__name__)
WATCHED_BYTES = 1024 * 1024
"""An answer longer than this, or of unknown length, is given up when the client goes away."""
UPSTREAM_FAULTS = (aiohttp.ClientError, OSError, TimeoutError)


class Exchange:
    """Passes one request through; ``status`` is what the client was told, None until then."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, request_id: str, stopping: asyncio.Event) -> None:
        self._scope, self._receive, self._send = scope, receive, send
        self._request_id = request_id.encode("ascii")
        self._stopping = stopping
        self._added: list[tuple[bytes, bytes]] = [(b"x-request-id", self._request_id)]
        self.status: int | None = None

    def adds(self, fields: Iterable[tuple[bytes, bytes]]) -> None:
        """Header fields of the gateway's own, for the answer."""
        self._added += fields

    async def run(
        self,
        session: aiohttp.ClientSession,
        name: str,
        base: str,
        headers: CIMultiDict[str],
        upload: Upload | None,
    ) -> None:
        """Send it to the service at ``base`` and its answer to the client; ServiceError while none has begun."""
        method = self._scope["method"]
        attributes = {"http.request.method": method, "server.address": base, "lontar.upstream": name}
        with tracer.start_as_current_span(f"{method} {name}", kind=SpanKind.CLIENT, attributes=attributes) as span:
            headers.update(current_trace())
            try:
                async with session.request(
                    method, self._url(base), headers=headers, data=upload, allow_redirects=False
                ) as response:
                    span.set_attribute("http.response.status_code", response.status)
                    await self._answer(response, upload)
            except UPSTREAM_FAULTS as error:
                span.set_status(Status(StatusCode.ERROR, type(error).__name__))
                self._explain(name, error, upload)

    def _url(self, base: str) -> URL:
        query = self._scope["query_string"]
        path = self._scope["raw_path"] + (b"?" + query if query else b"")
        return URL(base + path.decode("ascii", "strict"), encoded=True)

    async def _answer(self, response: aiohttp.ClientResponse, upload: Upload | None) -> None:
        headers = outward(response.raw_headers, bodiless=response.status in (204, 304))
        headers += self._added
        self.status = response.status
        await self._send({"type": "http.response.start", "status": response.status, "headers": headers})
        length = response.content_length
        watched = (length is None or length > WATCHED_BYTES) and (upload is None or upload.finished)
        if watched and self._scope["method"] != "HEAD":
            await self._pass_watched(response)
        else:
            await self._pass(response)

    async def _pass(self, response: aiohttp.ClientResponse) -> None:
        content = response.content
        more = True
        while more:
            chunk = await content.readany()
            more = bool(chunk) and not content.at_eof()
            await self._send({"type": "http.response.body", "body": chunk, "more_body": more})

    async def _pass_watched(self, response: aiohttp.ClientResponse) -> None:
        """The same, ended early when the client leaves, and for an event stream when the gateway stops."""
        passing = asyncio.ensure_future(self._pass(response))
        watches = {asyncio.ensure_future(self._until_gone())}
        if response.content_type == "text/event-stream":
            watches.add(asyncio.ensure_future(self._until_stopping()))
        try:
            await asyncio.wait({passing, *watches}, return_when=asyncio.FIRST_COMPLETED)
            whole = passing.done()
            if whole:
                await passing
        finally:
            for task in (passing, *watches):
                task.cancel()
            await asyncio.gather(passing, *watches, return_exceptions=True)
        if not whole and self._stopping.is_set():
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _until_stopping(self) -> None:
        await self._stopping.wait()

    async def _until_gone(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass

    def _explain(self, name: str, error: BaseException, upload: Upload | None) -> None:
        """Before an answer: why there is none. Within one: a note in the log, the server then cuts the connection."""
        if upload is not None and upload.failure is not None:
            raise upload.failure from None
        log.warning("%s did not answer to the end: %s: %s", name, type(error).__name__, error)
        if self.status is not None:
            return
        if isinstance(error, TimeoutError) and not isinstance(error, aiohttp.ConnectionTimeoutError):
            raise ServiceError(504, "upstream_timeout", "Layanan terlalu lama menjawab. Silakan coba lagi.")
        raise ServiceError(
            503,
            "upstream_unavailable",
            "Layanan ini sedang tidak dapat dihubungi. Silakan coba lagi sebentar.",
            headers={"Retry-After": "5"},
        )
