"""New notifications, as they come. Invariant: a listener misses nothing that is committed after it began to listen.

One watcher serves all listeners of a process. It looks every quarter of a second, and at once when a handler in this
process says that something is coming. Ids do not commit in order, so each look goes back a few seconds and a sweep
every few seconds goes back two minutes (longer than any transaction lives); what was seen is remembered and skipped.

Someone who comes back gets what came after the last they saw, by id, from ten seconds before it; what they surely have
is held back by the stream (``receipts``), and what may then come twice comes under the same id.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from weakref import WeakSet

from services.chassis.clock import now
from services.chassis.ids import first_id_of, instant_of
from services.chassis.mongo import Document, PyMongoError
from services.notify.store.notifications import Notifications

log = logging.getLogger(__name__)

GLANCE = timedelta(seconds=3)
SWEEP = timedelta(seconds=120)
SWEEP_EVERY_SECONDS = 5.0
REMEMBER_SECONDS = 150.0
RESUME_BACK = timedelta(seconds=10)
HURRY_SECONDS = 0.4
HURRY_STEP_SECONDS = 0.02
QUEUE = 1000
BATCH = 200


class Listener:
    """One open stream: the ids that are for it, in order. ``None`` in the queue means that it is over."""

    def __init__(self, positions: Sequence[str], queue: int = QUEUE) -> None:
        self.positions = frozenset(positions)
        self.queue: asyncio.Queue[str | None] = asyncio.Queue(queue + 1)
        self._room = queue

    def tell(self, identifier: str) -> None:
        """Queue an id; a listener too slow to take what comes is ended, it can resume without loss."""
        if self.queue.qsize() < self._room:
            self.queue.put_nowait(identifier)
        else:
            self.end()

    def end(self) -> None:
        """Have the stream ended after what is queued."""
        with suppress(asyncio.QueueFull):
            self.queue.put_nowait(None)


class Feed:
    """The one watcher of a process and its listeners."""

    def __init__(self, notifications: Notifications, *, poll_seconds: float = 0.25) -> None:
        self._notifications = notifications
        self._poll = poll_seconds
        self._listeners: WeakSet[Listener] = WeakSet()  # weak: a stream dropped before it began leaves nothing behind
        self._seen: dict[str, float] = {}
        self._looked_at = now()
        self._look_took = 0.0
        self._swept = float("-inf")
        self._hurry_until = float("-inf")
        self._woken = asyncio.Event()
        self._starting = asyncio.Lock()
        self._watcher: asyncio.Task[None] | None = None
        self._closer: asyncio.Task[None] | None = None

    def wake(self) -> None:
        """Something is about to be committed in this process: look more often for a moment."""
        self._hurry_until = time.monotonic() + HURRY_SECONDS
        self._woken.set()

    async def listen(self, positions: Sequence[str]) -> Listener:
        """A listener that is told of everything committed from now on."""
        async with self._starting:
            if self._watcher is None or self._watcher.done():
                await self._start()
        listener = Listener(positions)
        self._listeners.add(listener)
        return listener

    def leave(self, listener: Listener) -> None:
        """The stream is over."""
        self._listeners.discard(listener)

    async def rows(self, identifiers: Sequence[str]) -> list[Document]:
        """The notifications with these ids."""
        return await self._notifications.these(identifiers)

    async def missed(self, listener: Listener, last: str) -> AsyncIterator[Document]:
        """What came after ``last`` and before the listener was there; may overlap with what it is told itself."""
        position = first_id_of(instant_of(last) - RESUME_BACK)
        while rows := await self._notifications.following(list(listener.positions), position, BATCH):
            position = rows[-1]["_id"]
            for row in rows:
                yield row

    async def listen_until(self, stopping: asyncio.Event, positions: Sequence[str]) -> Listener:
        """The same, and every stream is ended when the process is asked to stop."""
        if self._closer is None:
            self._closer = asyncio.create_task(self._close_on(stopping))
        return await self.listen(positions)

    async def _close_on(self, stopping: asyncio.Event) -> None:
        await stopping.wait()
        self.close()

    def close(self) -> None:
        """End every stream and stop watching."""
        for listener in list(self._listeners):
            listener.end()
        if self._watcher is not None:
            self._watcher.cancel()

    # ------------------------------------------------------------------------------------- watching

    async def _start(self) -> None:
        self._seen.clear()
        self._looked_at = now()
        await self._look(SWEEP)
        self._swept = time.monotonic()
        self._watcher = asyncio.create_task(self._watch())

    async def _watch(self) -> None:
        try:
            await self._watch_while_listened()
        finally:
            for listener in list(self._listeners):
                listener.end()  # whatever ended the watch: they come back and start another

    async def _watch_while_listened(self) -> None:
        while self._listeners:
            await self._pause()
            sweeping = time.monotonic() - self._swept >= SWEEP_EVERY_SECONDS
            try:
                await self._look(SWEEP if sweeping else GLANCE)
            except PyMongoError as error:
                log.warning("the watcher waits for the database: %s", type(error).__name__)
                continue
            if sweeping:
                self._swept = time.monotonic()
                self._forget()

    async def _look(self, back: timedelta) -> None:
        at, began = now(), time.monotonic()
        # After an outage the look goes back behind the last one that succeeded.
        for identifier, position in await self._notifications.made_since(self._floor(back)):
            if identifier not in self._seen:
                self._seen[identifier] = time.monotonic()
                for listener in list(self._listeners):
                    if position in listener.positions:
                        listener.tell(identifier)
        self._looked_at, self._look_took = at, time.monotonic() - began

    def _floor(self, back: timedelta) -> str:
        since: datetime = min(now(), self._looked_at) - back
        return first_id_of(since)

    async def _pause(self) -> None:
        hurried = time.monotonic() < self._hurry_until
        if hurried:
            await asyncio.sleep(max(HURRY_STEP_SECONDS, 4 * self._look_took))  # never more than a fifth of the time
            return
        self._woken.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(self._poll):
                await self._woken.wait()

    def _forget(self) -> None:
        horizon = time.monotonic() - REMEMBER_SECONDS
        for identifier, seen_at in list(self._seen.items()):
            if seen_at >= horizon:
                break
            del self._seen[identifier]
