"""What still comes of a request that was answered. Invariant: the client gets to read why, and sends on in vain.

A socket closed with unread bytes in it is reset, and a reset can overtake the answer (RFC 9112, section 9.6). So the
answer goes out, a little more is taken in and dropped, and only then the connection is closed. Past the bound nothing
is read: the sender comes to a halt, and one that listens while it sends hears the answer in the time that is left.
"""

import asyncio
from collections.abc import Callable

LINGER_BYTES = 4 * 1024 * 1024
LINGER_SECONDS = 2.0


class Lingering:
    """The last of one connection; ``hang_up`` is called when its time is over."""

    def __init__(self, loop: asyncio.AbstractEventLoop, hang_up: Callable[[], None]) -> None:
        self._timer = loop.call_later(LINGER_SECONDS, hang_up)
        self._left = LINGER_BYTES

    def drop(self, count: int) -> bool:
        """So many bytes came; whether there may be more."""
        self._left -= count
        return self._left >= 0

    def cancel(self) -> None:
        """The connection is gone."""
        self._timer.cancel()
