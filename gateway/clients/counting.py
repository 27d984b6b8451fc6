"""Counting what apps ask, where the answer begins. Invariant: what is refused for want of a grant is counted too."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.clients.usage import Usage
from gateway.credentials import Identity
from gateway.routes import RouteTable


class CountUse:
    """ASGI middleware around the proxy, which notes in the scope who comes."""

    def __init__(self, app: ASGIApp, *, usage: Usage, table: RouteTable) -> None:
        self._app = app
        self._usage = usage
        self._table = table

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        state = scope.setdefault("state", {})

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start" and (identity := state.get("identity")):
                self._count(identity, scope, message["status"])
            await send(message)

        await self._app(scope, receive, counted)

    def _count(self, identity: Identity, scope: Scope, status: int) -> None:
        if client_id := identity.principal.client_id:
            row = self._table.match(scope["raw_path"], scope["method"])
            if row:
                self._usage.note(client_id, row.family, status)
