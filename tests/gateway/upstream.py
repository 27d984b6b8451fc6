"""A service for tests: says what reached it, streams on demand, and can be watched while a request is under way."""

import asyncio
import json
from dataclasses import dataclass, field

from starlette.types import Message, Receive, Scope, Send


@dataclass
class Seen:
    """A request as the service got it."""

    method: str
    path: str
    query: str
    headers: list[tuple[str, str]]
    body: int = 0
    cut: bool = False

    def values(self, name: str) -> list[str]:
        """Every value of a header field."""
        return [value for key, value in self.headers if key == name]


@dataclass
class Upstream:
    """An ASGI app. The path decides: ``/v1/notifications/stream`` sends events, what else ends so streams bytes."""

    url: str = ""
    seen: list[Seen] = field(default_factory=list)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    """Set at each chunk of a request body."""
    go_on: asyncio.Event = field(default_factory=asyncio.Event)
    """What a streamed answer waits for between its first and its second part."""
    left: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the other side went away during a streamed answer."""
    chunks: int = 1
    chunk: bytes = b"x" * 65536

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        headers = [(name.decode(), value.decode()) for name, value in scope["headers"]]
        seen = Seen(scope["method"], scope["raw_path"].decode(), scope["query_string"].decode(), headers)
        self.seen.append(seen)
        await self._read(receive, seen)
        if scope["path"] == "/v1/notifications/stream":
            await self._stream(receive, send, b"text/event-stream")
        elif scope["path"].endswith("/stream"):
            await self._stream(receive, send, b"application/octet-stream")
        elif scope["path"].endswith("/large"):
            await self._large(send)
        else:
            await self._echo(send, seen)

    async def _read(self, receive: Receive, seen: Seen) -> None:
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                seen.cut = True
                return
            seen.body += len(message.get("body", b""))
            more = message.get("more_body", False)
            self.arrived.set()

    async def _stream(self, receive: Receive, send: Send, media_type: bytes) -> None:
        await send(_start((b"content-type", media_type)))
        await send({"type": "http.response.body", "body": b"first\n", "more_body": True})
        gone = asyncio.ensure_future(receive())
        going = asyncio.ensure_future(self.go_on.wait())
        await asyncio.wait({gone, going}, return_when=asyncio.FIRST_COMPLETED)
        if gone.done():
            self.left.set()
        going.cancel()
        gone.cancel()
        await send({"type": "http.response.body", "body": b"second\n"})

    async def _large(self, send: Send) -> None:
        await send(_start((b"content-length", str(len(self.chunk) * self.chunks).encode())))
        for number in range(self.chunks):
            last = number == self.chunks - 1
            await send({"type": "http.response.body", "body": self.chunk, "more_body": not last})

    async def _echo(self, send: Send, seen: Seen) -> None:
        body = json.dumps({"path": seen.path, "query": seen.query, "received": seen.body}).encode()
        await send(_start((b"content-length", str(len(body)).encode()), (b"content-type", b"application/json")))
        await send({"type": "http.response.body", "body": body})


def _start(*headers: tuple[bytes, bytes]) -> Message:
    return {
        "type": "http.response.start",
        "status": 200,
        "headers": [*headers, (b"x-request-id", b"the-service-s-own"), (b"connection", b"x-hop"), (b"x-hop", b"1")],
    }
