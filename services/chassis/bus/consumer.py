"""Consuming with proof. Invariant: a message is acknowledged only after its effect, or a copy of it, is safe.

Every message ends as Done, Duplicate, Retry or Park. A retry publishes a copy to the ladder's next rung, awaits the
confirm, then acknowledges; nothing is ever requeued by nack. When the database is away the message waits where it is:
an outage is nobody's fault and uses up no attempts. Messages of one stream are handled one after the other here;
across workers they may be reordered, which handlers must stand.
"""

import asyncio
import logging
from collections.abc import Mapping

from aio_pika.abc import AbstractChannel, AbstractConnection, AbstractIncomingMessage, AbstractQueue
from opentelemetry.trace import SpanKind, Status, StatusCode

from services.chassis.bus.connection import supervise
from services.chassis.bus.dispatcher import Dispatcher, Received, Subscription, Subscriptions
from services.chassis.bus.envelope import Envelope, Undecodable, unseal
from services.chassis.bus.outcome import Outcome, Park, Retry
from services.chassis.bus.publisher import persistent
from services.chassis.bus.topology import (
    LADDER_SECONDS,
    declare_consumer,
    declare_exchanges,
    parked_name,
    queue_name,
    wait_name,
)
from services.chassis.health import Health
from services.chassis.locks import NamedLocks
from services.chassis.telemetry import MESSAGES, trace_from, tracer
from services.contracts.event import routing_key

__all__ = ["Consumer", "Dispatcher", "Received", "Subscription", "Subscriptions"]

log = logging.getLogger(__name__)
PART = "consumer"
DRAIN_SECONDS = 20.0
OUTAGE_PAUSE_SECONDS = 0.5
ATTEMPT_HEADER = "x-lontar-attempt"
REASON_HEADER = "x-lontar-reason"


class Consumer:
    """The consumer of one service; ``run`` until cancelled or ``stopping`` is set."""

    def __init__(self, service: str, dispatcher: Dispatcher, health: Health, *, concurrency: int = 4) -> None:
        self._service = service
        self._dispatcher = dispatcher
        self._health = health
        self._concurrency = concurrency
        self.stopping = asyncio.Event()
        health.expect(PART)

    async def run(self, amqp_url: str) -> None:
        """Consume over supervised connections; returns after ``stopping`` is set and the last message is settled."""
        try:
            await supervise(amqp_url, f"{self._service}.consumer", self._session)
        finally:
            self._health.report(PART, False)

    async def _session(self, connection: AbstractConnection) -> None:
        outward = await connection.channel(publisher_confirms=True, on_return_raises=True)
        await declare_exchanges(outward)
        await declare_consumer(outward, self._service, self._dispatcher.event_types)
        inward = await connection.channel(publisher_confirms=False)
        await inward.set_qos(prefetch_count=self._concurrency * 2)
        queue = await inward.get_queue(queue_name(self._service))
        settler = Settler(self._service, self._dispatcher, outward)
        session = _Session(settler, queue, (inward, outward), self._concurrency)
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
        self, settler: "Settler", queue: AbstractQueue, channels: tuple[AbstractChannel, ...], concurrency: int
    ) -> None:
        self._settler, self._queue, self._channels = settler, queue, channels
        self._slots = asyncio.Semaphore(concurrency)
        self._tasks: set[asyncio.Task[None]] = set()
        self._broken = asyncio.Event()
        self._tag = ""

    async def open(self) -> None:
        """Start consuming."""
        for channel in self._channels:
            channel.close_callbacks.add(self._break)
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
        async with self._slots:
            try:
                await self._settler.settle(message)
            except Exception as error:  # noqa: BLE001 - whatever it was, the broker must deliver the message again
                log.warning("message %s was not settled: %s: %s", message.message_id, type(error).__name__, error)
                self._break()


class Settler:
    """Takes one message from delivery to acknowledgement."""

    def __init__(self, service: str, dispatcher: Dispatcher, outward: AbstractChannel) -> None:
        self._service, self._dispatcher, self._outward = service, dispatcher, outward
        self._queue = queue_name(service)
        self._locks = NamedLocks()

    async def settle(self, message: AbstractIncomingMessage) -> None:
        """Handle, put a copy aside where that is the outcome, acknowledge. Raises when the broker is lost."""
        outcome, event_type = await self._decide(message)
        match outcome:
            case Retry(reason):
                await self._climb(message, reason)
            case Park(reason):
                await self._copy(message, parked_name(self._queue), reason, attempt_of(message.headers))
            case _:
                pass
        await self.acknowledge(message)
        MESSAGES.labels(self._service, event_type, type(outcome).__name__).inc()

    async def acknowledge(self, message: AbstractIncomingMessage) -> None:
        """The message leaves the queue."""
        await message.ack()

    async def _decide(self, message: AbstractIncomingMessage) -> tuple[Outcome, str]:
        try:
            envelope = unseal(message.body)
        except Undecodable as error:
            log.error("message %s cannot be decoded: %s", message.message_id, error)
            return Park(str(error)), "undecodable"
        known = envelope.type if envelope.type in self._dispatcher.event_types else "unknown"
        async with self._locks.hold(envelope.subject):
            return await self._handle(envelope, message), known

    async def _handle(self, envelope: Envelope, message: AbstractIncomingMessage) -> Outcome:
        attributes = {
            "messaging.system": "rabbitmq",
            "messaging.operation.type": "process",
            "messaging.destination.name": self._queue,
            "messaging.message.id": envelope.id,
        }
        with tracer.start_as_current_span(
            f"process {routing_key(envelope.type)}",
            context=trace_from(_trace_headers(message.headers)),
            kind=SpanKind.CONSUMER,
            attributes=attributes,
        ) as span:
            outcome = await self._outlasting_outages(envelope)
            span.set_attribute("lontar.outcome", type(outcome).__name__)
            if isinstance(outcome, Retry | Park):
                span.set_status(Status(StatusCode.ERROR, outcome.reason))
                log.warning("%s %s: %s", type(outcome).__name__, envelope.id, outcome.reason)
            return outcome

    async def _outlasting_outages(self, envelope: Envelope) -> Outcome:
        while True:
            try:
                return await self._dispatcher.dispatch(envelope)
            except Exception as error:  # noqa: BLE001 - dispatch raises outages only
                log.warning("waiting for the database with %s: %s", envelope.id, type(error).__name__)
                await asyncio.sleep(OUTAGE_PAUSE_SECONDS)

    async def _climb(self, message: AbstractIncomingMessage, reason: str) -> None:
        attempt = attempt_of(message.headers)
        if attempt < len(LADDER_SECONDS):
            await self._copy(message, wait_name(self._queue, attempt), reason, attempt + 1)
        else:
            await self._copy(message, parked_name(self._queue), f"after {attempt} retries: {reason}", attempt)

    async def _copy(self, message: AbstractIncomingMessage, queue: str, reason: str, attempt: int) -> None:
        """Returns after the broker's confirm; raises when the copy is not safe."""
        headers = _trace_headers(message.headers) | {ATTEMPT_HEADER: attempt, REASON_HEADER: reason[:500]}
        copy = persistent(message.body, message.message_id, message.type, headers)
        await self._outward.default_exchange.publish(copy, queue, mandatory=True)


def attempt_of(headers: Mapping[str, object]) -> int:
    """How many rungs of the ladder the message has climbed; 0 for a fresh or nonsensical header."""
    attempt = headers.get(ATTEMPT_HEADER, 0)
    return attempt if isinstance(attempt, int) and attempt >= 0 else 0


def _trace_headers(headers: Mapping[str, object]) -> dict[str, object]:
    return {name: str(headers[name]) for name in ("traceparent", "tracestate") if name in headers}
