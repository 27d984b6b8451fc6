"""The supervised connection. Invariant: first start and recovery are one path, so neither is less tested.

Not aio_pika's robust connection: that restores channels behind the back of whoever uses them, and what was in flight
then is neither confirmed nor failed. Here a lost connection ends the session, and a new session starts from nothing.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import aio_pika
from aio_pika.abc import AbstractConnection
from aiormq.exceptions import AMQPError

log = logging.getLogger(__name__)

BACKOFF_SECONDS = (0.2, 0.5, 1.0, 2.0, 5.0)
CONNECTION_ERRORS = (OSError, AMQPError, TimeoutError, asyncio.InvalidStateError)

SessionWork = Callable[[AbstractConnection], Awaitable[None]]


async def supervise(url: str, name: str, session: SessionWork) -> None:
    """Connect, run ``session`` until it or the connection ends, back off, again; ends only by cancellation.

    ``session`` returning means the service is stopping. Anything it raises that is not a fault of the connection is
    a fault of the program and is raised on.
    """
    attempt = 0
    while True:
        try:
            connection = await aio_pika.connect(url, timeout=10, client_properties={"connection_name": name})
        except CONNECTION_ERRORS as error:
            log.warning("%s: broker cannot be reached: %s", name, type(error).__name__)
        else:
            attempt = 0
            if await _run_session(connection, name, session):
                return
        await asyncio.sleep(BACKOFF_SECONDS[min(attempt, len(BACKOFF_SECONDS) - 1)])
        attempt += 1


async def _run_session(connection: AbstractConnection, name: str, session: SessionWork) -> bool:
    """True when the session returned of itself, False when the connection was lost."""
    lost = asyncio.Event()

    def on_close(*_: Any) -> None:
        lost.set()

    connection.close_callbacks.add(on_close)
    work = asyncio.ensure_future(session(connection))
    watch = asyncio.ensure_future(lost.wait())
    try:
        await asyncio.wait({work, watch}, return_when=asyncio.FIRST_COMPLETED)
        if not work.done():
            log.warning("%s: connection to the broker lost", name)
            return False
        await work
        return True
    except CONNECTION_ERRORS as error:
        log.warning("%s: broker session ended: %s: %s", name, type(error).__name__, error)
        return False
    finally:
        for task in (work, watch):
            task.cancel()
        await asyncio.gather(work, watch, return_exceptions=True)
        await _close_quietly(connection)


async def _close_quietly(connection: AbstractConnection) -> None:
    try:
        async with asyncio.timeout(5):
            await connection.close()
    except CONNECTION_ERRORS:
        log.debug("the connection was gone already")
