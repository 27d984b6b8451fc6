"""The gateway's own layers before its app. Invariant: what passes through meets no layer that is meant for the app.

FastAPI puts its own layers (errors, limits, telemetry) around whatever is added to it. For what is forwarded they do
nothing and cost a tenth of the time, so the gateway's stand outside of them and of the app itself.
"""

from collections.abc import Awaitable

from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send


class Front:
    """What is served: the ``outermost`` layer, which leads to the ``app`` in the end."""

    def __init__(self, outermost: ASGIApp, app: FastAPI) -> None:
        self.outermost = outermost
        self.state = app.state

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Serve one request."""
        return self.outermost(scope, receive, send)
