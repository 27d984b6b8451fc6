"""The peer of the gateway's bench: the least a streaming proxy of uvicorn and aiohttp's client can be.

It knows one service, looks at nobody, counts nothing, and passes what comes. ``python -m tests.load.bare_proxy PORT
SERVICE_URL``.
"""

import sys
from collections.abc import AsyncIterator

import aiohttp
import uvicorn
from starlette.types import Receive, Scope, Send
from yarl import URL

HOPS = frozenset({b"connection", b"keep-alive", b"transfer-encoding", b"te", b"trailer", b"upgrade", b"host"})


class BareProxy:
    """An ASGI app."""

    def __init__(self, base: str) -> None:
        self._base = base
        self._session: aiohttp.ClientSession | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request."""
        if scope["type"] != "http":
            return
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0), auto_decompress=False, cookie_jar=aiohttp.DummyCookieJar()
            )
        query = scope["query_string"]
        target = scope["raw_path"] + (b"?" + query if query else b"")
        headers = [(name.decode(), value.decode()) for name, value in scope["headers"] if name not in HOPS]
        has_body = any(name in (b"content-length", b"transfer-encoding") for name, _ in scope["headers"])
        url = URL(self._base + target.decode(), encoded=True)
        data = _body(receive) if has_body else None
        async with self._session.request(
            scope["method"], url, headers=headers, data=data, allow_redirects=False
        ) as answer:
            fields = [(name.lower(), value) for name, value in answer.raw_headers if name.lower() not in HOPS]
            await send({"type": "http.response.start", "status": answer.status, "headers": fields})
            more = True
            while more:
                piece = await answer.content.readany()
                more = bool(piece) and not answer.content.at_eof()
                await send({"type": "http.response.body", "body": piece, "more_body": more})


async def _body(receive: Receive) -> AsyncIterator[bytes]:
    more = True
    while more:
        message = await receive()
        more = message.get("more_body", False)
        yield message.get("body", b"")


def main() -> None:
    """The program."""
    port, base = int(sys.argv[1]), sys.argv[2]
    uvicorn.run(
        BareProxy(base),
        host="127.0.0.1",
        port=port,
        loop="uvloop",
        http="httptools",
        lifespan="off",
        access_log=False,
        log_level="warning",
    )


if __name__ == "__main__":
    main()
