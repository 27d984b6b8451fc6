"""Consuming with proof. Invariant: a message is acknowledged only after its effect, or a copy of it, is safe.

Every message ends as Done, Duplicate, Retry or Park. A retry publishes a copy to the ladder's next rung, awaits the
confirm, then acknowledges; nothing is ever requeued by nack. When the database is away the message waits where it is:
an outage is nobody's fault and uses up no attempts. Messages of one stream are handled one after the other here, and
while they wait for each other they take no other stream's place; across workers they may be reordered, which handlers
must stand.
"""

import asyncio
import logging

from aio_pika.abc import AbstractChannel, AbstractConnection, AbstractIncomingMessage, AbstractQueue

from services.chassis.bus.connection import supervise
from services.chassis.bus.dispatcher import Dispatcher, Received, Subscription, Subscriptions
from services.chassis.bus.provenance import Provenance
from services.chassis.bus.publisher import user_of
from services.chassis.bus.settler import ATTEMPT_HEADER, REASON_HEADER, Settler
from services.chassis.bus.topology import declare_consumer, queue_name
from services.chassis.health import Health

__all__ = [
    "ATTEMPT_HEADER",
    "REASON_HEADER",
    "Consumer",
    "Dispatcher",
    "Received",
    "Settler",
    "Subscription",
    "Subscriptions",
]

log = logging.getLogger(__name__)
PART = "consumer"
DRAIN_SECONDS = 20.0


class Consumer:
    """The consumer of one service; ``run`` until cancelled or ``stopping`` is set."""

    def __init__(
        self,
        service: str,
        dispatcher: Dispatcher,
        health: Health,
        *,
        concurrency: int = 4,
        verify_publishers: bool = False,
    ) -> None:
        self._service = service
        self._dispatcher = dispatcher
        self._health = health
        self._concurrency = concurrency
        self._provenance = Provenance(service, verify_publishers)
        self.stopping = asyncio.Event()
        health.expect(PART)

    async def run(self, amqp_url: str) -> None:
        """Consume over supervised connections; returns after ``stopping`` is set and the last message is settled."""
        try:
            await supervise(amqp_url, f"{self._service}.consumer", self._session, self.stopping)
        finally:
            self._health.report(PART, False)

    async def _session(self, connection: AbstractConnection) -> None:
        outward = await connection.channel(publisher_confirms=True, on_return_raises=True)
        await declare_consumer(outward, self._service, self._dispatcher.event_types)
        inward = await connection.channel(publisher_confirms=False)
        await inward.set_qos(prefetch_count=self._concurrency * 2)
        queue = await inward.get_queue(queue_name(self._service))
        login = user_of(connection)
        settler = Settler(self._dispatcher, outward, self._provenance, login=login, concurrency=self._concurrency)
        session = _Session(settler, queue, inward, outward)
        await session.open()
        self._health.report(PART, True)
        try:
            await session.until(self.stopping)
        finally:
            self._health.report(PART, False)
            session.abandon()


class _Session:
    """One stretch of consuming: the messages in hand, and whether the channels still stand."""

    def __init__(
        self, settler: Settler, queue: AbstractQueue, inward: AbstractChannel, outward: AbstractChannel
    ) -> None:
        self._settler, self._queue, self._inward = settler, queue, inward
        self._channels = (inward, outward)
        self._tasks: set[asyncio.Task[None]] = set()
        self._broken = asyncio.Event()
        self._tag = ""

    async def open(self) -> None:
        """Start consuming."""
        for channel in self._channels:
            channel.close_callbacks.add(self._break)
        # The broker ends the consuming, and nothing else, when the queue is deleted or loses its leader.
        (await self._inward.get_underlay_channel()).on_consumer_cancel_callbacks.add(self._break)
        self._tag = await self._queue.consume(self._take)

    async def until(self, stopping: asyncio.Event) -> None:
        """Consume until asked to stop, then finish what is in hand; raises ConnectionError when a channel is gone."""
        waits = [asyncio.ensure_future(stopping.wait()), asyncio.ensure_future(self._broken.wait())]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
        if self._broken.is_set():
            raise ConnectionError("a channel was closed")
        await self._queue.cancel(self._tag)
        self._settler.draining = True
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=DRAIN_SECONDS)

    def abandon(self) -> None:
        """Drop what is in hand; the broker delivers it again."""
        for channel in self._channels:
            channel.close_callbacks.discard(self._break)
        for task in self._tasks:
            task.cancel()

    def _break(self, *_: object) -> None:
        self._broken.set()

    async def _take(self, message: AbstractIncomingMessage) -> None:
        task = asyncio.create_task(self._settle(message))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _settle(self, message: AbstractIncomingMessage) -> None:
        try:
            await self._settler.settle(message)
        except Exception as error:  # noqa: BLE001 - whatever it was, the broker must deliver the message again
            log.warning("message %s was not settled: %s: %s", message.message_id, type(error).__name__, error)
            self._break()
