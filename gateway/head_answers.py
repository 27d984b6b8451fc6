"""HEAD at the gateway's own doors. Invariant: what GET shows answers HEAD with the same head and no body; what GET does
is done by GET alone.

The framework takes HEAD for 405 wherever only GET is declared, and monitors ask with it. The exception are the steps of
a sign-in by a provider: going there begins one and coming back ends it, so looking is not what those are for.
"""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

ACTING = "/v1/auth/"
"""Below this a GET does something."""


class HeadAnswers:
    """ASGI middleware: asks the app with GET and keeps the body."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["method"] != "HEAD" or scope["path"].startswith(ACTING):
            await self._app(scope, receive, send)
            return

        async def without_body(message: Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        await self._app({**scope, "method": "GET"}, receive, without_body)
