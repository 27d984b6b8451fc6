"""Refusing a body that is still on its way. Invariant: whoever is refused gets to read why, and sends on in vain.

A socket closed with unread bytes in it is reset, and a reset can overtake the answer (RFC 9112, section 9.6). So the
answer goes out, a little more is taken in and dropped, and only then the connection is closed. Past the bound nothing
is read: the sender comes to a halt, and one that listens while it sends hears the answer in the time that is left.
"""

import asyncio
import contextlib

from starlette.types import Receive

LINGER_BYTES = 4 * 1024 * 1024
LINGER_SECONDS = 2.0


async def linger(receive: Receive) -> None:
    """Take in and drop what is still coming, within bounds."""
    dropped = 0
    more = True
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(LINGER_SECONDS):
            while more and dropped < LINGER_BYTES:
                message = await receive()
                dropped += len(message.get("body", b""))
                more = message["type"] == "http.request" and message.get("more_body", False)
            if more:
                await asyncio.sleep(LINGER_SECONDS)
