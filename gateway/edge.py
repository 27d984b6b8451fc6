"""The outermost layer. Invariant: nothing passes out without what keeps browsers from harm, nor unseen by the log.

Looked at before anything else: the host that was asked for and pages of other origins that ask whether they may. Which
network address and scheme a request came by was settled before, from trusted proxies alone (``trusted_proxies``).
"""

from collections.abc import Awaitable

from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.passing import Outside, Passing


class Edge:
    """ASGI middleware around everything of the gateway."""

    def __init__(self, app: ASGIApp, *, outside: Outside) -> None:
        self._app = app
        self.outside = outside

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Serve one request."""
        if scope["type"] != "http":
            return self._app(scope, receive, send)
        return Passing(self.outside, scope, send).run(self._app, receive)
