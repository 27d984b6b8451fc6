"""A service for the gateway's bench: takes every body to its end and tells its length. ``-m tests.load.sink PORT``."""

import sys

import uvicorn
from starlette.types import Receive, Scope, Send


async def sink(scope: Scope, receive: Receive, send: Send) -> None:
    """Any request."""
    taken = 0
    more = scope["type"] == "http"
    while more:
        message = await receive()
        taken += len(message.get("body", b""))
        more = message.get("more_body", False)
    body = str(taken).encode("ascii")
    fields = [(b"content-length", str(len(body)).encode("ascii")), (b"content-type", b"text/plain")]
    await send({"type": "http.response.start", "status": 200, "headers": fields})
    await send({"type": "http.response.body", "body": body})


if __name__ == "__main__":
    uvicorn.run(
        sink, host="127.0.0.1", port=int(sys.argv[1]), loop="uvloop", http="httptools", lifespan="off", access_log=False
    )
