"""The supervised connection. Invariant: first start and recovery are one path, so neither is less tested.

Not aio_pika's robust connection: that restores channels behind the back of whoever uses them, and what was in flight
then is neither confirmed nor failed. Here a lost connection ends the session, and a new session starts from nothing.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

import aio_pika
from aio_pika.abc import AbstractConnection
from aio_pika.exceptions import ChannelInvalidStateError
from aiormq.exceptions import AMQPError

log = logging.getLogger(__name__)

BACKOFF_SECONDS = (0.2, 0.5, 1.0, 2.0, 5.0)
STABLE_SECONDS = 10.0
"""A session that lasted this long was a good one: the next attempt starts from the shortest pause again."""
CONNECTION_ERRORS = (OSError, AMQPError, TimeoutError, asyncio.InvalidStateError, ChannelInvalidStateError)

SessionWork = Callable[[AbstractConnection], Awaitable[None]]


async def supervise(url: str, name: str, session: SessionWork, stopping: asyncio.Event | None = None) -> None:
    """Connect, run ``session`` until it or the connection ends, back off, again.

    Ends by cancellation, when ``session`` returns (which means the service is stopping), or when ``stopping`` is set
    while there is no session. Anything a session raises that is not a fault of the connection is a fault of the
    program and is raised on.
    """
    stopping = stopping or asyncio.Event()
    attempt = 0
    while not stopping.is_set():
        connection = await _connect(url, name, stopping)
        if connection is not None:
            began = time.monotonic()
            if await _run_session(connection, name, session):
                return
            attempt = 0 if time.monotonic() - began >= STABLE_SECONDS else attempt
        pause = BACKOFF_SECONDS[min(attempt, len(BACKOFF_SECONDS) - 1)]
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), pause)
        attempt += 1


async def _connect(url: str, name: str, stopping: asyncio.Event) -> AbstractConnection | None:
    """The connection, or None when it cannot be had or ``stopping`` was set meanwhile."""
    opening = aio_pika.connect(url, timeout=10, client_properties={"connection_name": name})
    connecting = asyncio.ensure_future(opening)
    stopped = asyncio.ensure_future(stopping.wait())
    try:
        await asyncio.wait({connecting, stopped}, return_when=asyncio.FIRST_COMPLETED)
        return connecting.result() if connecting.done() else None
    except CONNECTION_ERRORS as error:
        log.warning("%s: broker cannot be reached: %s", name, type(error).__name__)
        return None
    finally:
        await _end(connecting, stopped)


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
        return await _returned(work, watch, name)
    finally:
        await _end(work, watch)
        await _close_quietly(connection)


async def _returned(work: "asyncio.Future[None]", watch: "asyncio.Future[Any]", name: str) -> bool:
    """Whether the session returned of itself; raises what was a fault of the program.

    As a connection goes, the driver cancels whoever waits on it, or raises a bare Exception or RuntimeError there, some
    time before it tells of the loss. So a loss that is told of within a second explains any error.
    """
    if work.cancelled():
        log.warning("%s: broker session ended: the driver cancelled it", name)
        return False
    error = work.exception()
    if error is None:
        return True
    if not isinstance(error, CONNECTION_ERRORS):
        await asyncio.wait({watch}, timeout=1)
        if not watch.done():
            raise error
    log.warning("%s: broker session ended: %s: %s", name, type(error).__name__, error)
    return False


async def _end(*tasks: "asyncio.Future[Any]") -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _close_quietly(connection: AbstractConnection) -> None:
    try:
        async with asyncio.timeout(5):
            await connection.close()
    except (*CONNECTION_ERRORS, RuntimeError):
        log.debug("the connection was gone already")
