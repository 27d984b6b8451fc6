"""The gateway's own layers before its app. Invariant: what passes through meets no layer that is meant for the app.

FastAPI puts its own layers (errors, limits, telemetry) around whatever is added to it. For what is forwarded they do
nothing and cost a tenth of the time, so the gateway's stand outside of them, in the order they were added in.
"""

from fastapi import FastAPI


def bring_forward(app: FastAPI) -> None:
    """Call it last: layers cannot be added afterwards. The app's own Door, put up first, stays where it is."""
    *layers, door = app.user_middleware
    app.user_middleware = [door]
    stack = app.build_middleware_stack()
    for layer in reversed(layers):
        stack = layer.cls(stack, *layer.args, **layer.kwargs)
    app.middleware_stack = stack
