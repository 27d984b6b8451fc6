"""Consuming with proof. Invariant: a message is acknowledged only after its effect, or a copy of it, is safe.

Every message ends as Done, Duplicate, Retry or Park. A retry publishes a copy to the ladder's next rung, awaits the
confirm, then acknowledges; nothing is ever requeued by nack. When the database is away the message waits where it is:
an outage is nobody's fault and uses up no attempts. Messages of one stream are handled one after the other here;
across workers they may be reordered, which handlers must stand.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

from aio_pika.abc import AbstractChannel, AbstractConnection, AbstractIncomingMessage
from opentelemetry.trace import SpanKind, Status, StatusCode
from pydantic import ValidationError

from services.chassis.bus.connection import supervise
from services.chassis.bus.envelope import Envelope, Undecodable, unseal
from services.chassis.bus.outcome import Done, Duplicate, Outcome, Park, ParkMessage, Retry, RetryLater
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
from services.chassis.inbox import AlreadyHandled
from services.chassis.locks import NamedLocks
from services.chassis.mongo import is_outage
from services.chassis.telemetry import HANDLER_SECONDS, MESSAGES, trace_from, tracer
from services.chassis.uow import Transaction, UnitOfWork
from services.contracts.event import TYPE_PATTERN, Event, routing_key

log = logging.getLogger(__name__)
PART = "consumer"
DRAIN_SECONDS = 20.0
OUTAGE_PAUSE_SECONDS = 0.5
ATTEMPT_HEADER = "x-lontar-attempt"
REASON_HEADER = "x-lontar-reason"


@dataclass(frozen=True)
class Received:
    """An event as a handler gets it, with what the envelope says of it."""

    id: str
    seq: int
    stream: str
    envelope: Envelope


E = TypeVar("E", bound=Event)


@dataclass(frozen=True)
class Subscription(Generic[E]):
    """One row of a service's subscription table. ``name`` is the inbox key: never change it once released."""

    event: type[E]
    name: str
    handler: Callable[[E, Received, Transaction], Awaitable[None]]


Subscriptions: TypeAlias = Sequence[Subscription[Any]]


class Dispatcher:
    """Decides a message's outcome: decode, find the handlers, run each once in its own unit of work."""

    def __init__(self, service: str, subscriptions: Subscriptions, uow: UnitOfWork) -> None:
        self._service = service
        self._uow = uow
        self._by_type: dict[str, list[Subscription[Any]]] = {}
        for subscription in subscriptions:
            self._by_type.setdefault(subscription.event.event_type, []).append(subscription)

    @property
    def event_types(self) -> list[str]:
        """Every type this service wants."""
        return list(self._by_type)

    async def dispatch(self, envelope: Envelope) -> Outcome:
        """Run every handler of the event's type. Outages of the database are raised, all else is an outcome."""
        subscriptions = self._by_type.get(envelope.type)
        if not subscriptions:
            return Park(self._why_unknown(envelope.type))
        try:
            event = subscriptions[0].event.read(envelope.data)
        except ValidationError as error:
            fields = ", ".join(".".join(map(str, part["loc"])) for part in error.errors())
            return Park(f"data does not fit {envelope.type}: {fields}")
        outcomes = [await self._run(one, event, envelope) for one in subscriptions]
        return next((o for o in outcomes if isinstance(o, Park | Retry)), outcomes[0])

    def _why_unknown(self, event_type: str) -> str:
        family = event_type.rsplit(".v", 1)[0]
        majors = [known for known in self._by_type if known.rsplit(".v", 1)[0] == family]
        match = TYPE_PATTERN.match(event_type)
        if majors and match:
            return f"unknown major version: {event_type}, known: {', '.join(majors)}"
        return f"unknown type: {event_type}"

    async def _run(self, subscription: Subscription[Any], event: Event, envelope: Envelope) -> Outcome:
        received = Received(envelope.id, envelope.sequence, envelope.subject, envelope)
        started = time.perf_counter()
        try:
            await self._uow.handle(envelope.id, subscription.name, lambda tx: subscription.handler(event, received, tx))
        except AlreadyHandled:
            return Duplicate()
        except RetryLater as error:
            return Retry(f"{subscription.name}: {error}")
        except ParkMessage as error:
            return Park(f"{subscription.name}: {error}")
        except Exception as error:
            if is_outage(error):
                raise
            log.exception("handler %s failed on %s", subscription.name, envelope.id)
            return Retry(f"{subscription.name}: {type(error).__name__}: {error}")
        finally:
            HANDLER_SECONDS.labels(self._service, subscription.name).observe(time.perf_counter() - started)
        return Done()


class Consumer:
    """The consumer of one service; ``run`` until cancelled or ``stopping`` is set."""

    def __init__(self, service: str, dispatcher: Dispatcher, health: Health, *, concurrency: int = 4) -> None:
        self._service = service
        self._queue = queue_name(service)
        self._dispatcher = dispatcher
        self._health = health
        self._concurrency = concurrency
        self._locks = NamedLocks()
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
        queue = await inward.get_queue(self._queue)
        tasks: set[asyncio.Task[None]] = set()
        slots = asyncio.Semaphore(self._concurrency)

        ended = asyncio.Event()

        def fail(*_: object) -> None:
            ended.set()

        for channel in (inward, outward):
            channel.close_callbacks.add(fail)

        async def settle(message: AbstractIncomingMessage) -> None:
            async with slots:
                if not await self._settle(message, outward):
                    fail()

        async def on_message(message: AbstractIncomingMessage) -> None:
            task = asyncio.create_task(settle(message))
            tasks.add(task)
            task.add_done_callback(tasks.discard)

        tag = await queue.consume(on_message)
        self._health.report(PART, True)
        try:
            await _first_of(self.stopping, ended)
            await queue.cancel(tag)
            if tasks:
                await asyncio.wait(tasks, timeout=DRAIN_SECONDS)
        finally:
            self._health.report(PART, False)
            for channel in (inward, outward):
                channel.close_callbacks.discard(fail)
            for task in tasks:
                task.cancel()

    async def _settle(self, message: AbstractIncomingMessage, outward: AbstractChannel) -> bool:
        """False when the message could not be settled: the session must end, so that the broker redelivers it."""
        try:
            outcome, event_type = await self._decide(message)
            match outcome:
                case Retry(reason):
                    await self._climb(message, outward, reason)
                case Park(reason):
                    await self._copy(message, outward, parked_name(self._queue), reason)
                case _:
                    pass
            await self._acknowledge(message)
            MESSAGES.labels(self._service, event_type, type(outcome).__name__).inc()
        except asyncio.CancelledError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it was, the broker must deliver the message again
            log.warning("message %s was not settled: %s: %s", message.message_id, type(error).__name__, error)
            return False
        return True

    async def _acknowledge(self, message: AbstractIncomingMessage) -> None:
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

    async def _climb(self, message: AbstractIncomingMessage, outward: AbstractChannel, reason: str) -> None:
        attempt = attempt_of(message.headers)
        if attempt >= len(LADDER_SECONDS):
            await self._copy(message, outward, parked_name(self._queue), f"after {attempt} retries: {reason}")
            return
        await self._copy(message, outward, wait_name(self._queue, attempt), reason, attempt + 1)

    async def _copy(
        self,
        message: AbstractIncomingMessage,
        outward: AbstractChannel,
        queue: str,
        reason: str,
        attempt: int | None = None,
    ) -> None:
        headers = dict(_trace_headers(message.headers)) | {
            ATTEMPT_HEADER: attempt_of(message.headers) if attempt is None else attempt,
            REASON_HEADER: reason[:500],
        }
        copy = persistent(message.body, message.message_id, message.type, headers)
        await outward.default_exchange.publish(copy, queue, mandatory=True)


async def _first_of(stopping: asyncio.Event, ended: asyncio.Event) -> None:
    """Return when asked to stop; raise when the session's channels are gone."""
    waits = [asyncio.ensure_future(stopping.wait()), asyncio.ensure_future(ended.wait())]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        if ended.is_set():
            raise ConnectionError("a channel was closed")
    finally:
        for wait in waits:
            wait.cancel()


def attempt_of(headers: Mapping[str, object]) -> int:
    """How many rungs of the ladder the message has climbed; 0 for a fresh or nonsensical header."""
    attempt = headers.get(ATTEMPT_HEADER, 0)
    return attempt if isinstance(attempt, int) and attempt >= 0 else 0


def _trace_headers(headers: Mapping[str, object]) -> dict[str, str]:
    return {name: str(headers[name]) for name in ("traceparent", "tracestate") if name in headers}
