"""What is seen of apps where answers go out. Invariant: every answer to an app is counted, also what it is refused; and
a stream of events ends with the first event after the app was switched off.
"""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.clients.reader import ClientReader
from gateway.clients.usage import Usage
from gateway.routes import Route, RouteTable

END: Message = {"type": "http.response.body", "body": b"", "more_body": False}
EVENTS = b"text/event-stream"


class AppsAnswered:
    """ASGI middleware around the proxy, which notes in the scope who comes."""

    def __init__(self, app: ASGIApp, *, reader: ClientReader, usage: Usage, table: RouteTable) -> None:
        self._app = app
        self._reader = reader
        self._usage = usage
        self._table = table

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope.setdefault("state", {})
        streaming: Route | None = None
        ended = False

        async def watched(message: Message) -> None:
            nonlocal streaming, ended
            if ended:
                return  # whoever still sends learns from the closed connection
            if message["type"] == "http.response.start":
                streaming = self._begun(scope, message)
            elif streaming and not await self._reader.still_good(scope, streaming.family):
                ended, message = True, END
            await send(message)

        await self._app(scope, receive, watched)

    def _begun(self, scope: Scope, message: Message) -> Route | None:
        """Count an answer to an app; the row it came by where it is a stream of events."""
        identity = scope["state"].get("identity")
        if identity is None or identity.principal.client_id is None:
            return None
        row = self._table.match(scope["raw_path"], scope["method"])
        if row is None:
            return None
        self._usage.note(identity.principal.client_id, row.family, message["status"])
        kinds = (value for name, value in message.get("headers", ()) if name.lower() == b"content-type")
        return row if any(kind.startswith(EVENTS) for kind in kinds) else None
