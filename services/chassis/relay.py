"""Carries events from the outbox to the broker. Invariant: marked as sent only after the broker's confirm.

A crash between confirm and mark publishes again under the same id, which every inbox drops. One relay a service is
active, by lease. A refused event holds back the rest of its own stream only. The poll is what guarantees delivery; the
wake-up after a commit in this process and the change stream for commits elsewhere only make it quick.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Iterator, Sequence

from aio_pika.abc import AbstractConnection
from opentelemetry.trace import SpanKind

from services.chassis.bus.connection import supervise
from services.chassis.bus.publisher import ConfirmingPublisher, Outgoing, Publisher
from services.chassis.health import Health
from services.chassis.lease import Lease
from services.chassis.mongo import PyMongoError
from services.chassis.outbox import Outbox, Pending
from services.chassis.telemetry import RELAY_FAILURES, RELAYED, current_trace, trace_from, tracer
from services.contracts.event import routing_key

log = logging.getLogger(__name__)
PART = "relay"
IN_FLIGHT = 500
"""How many publishes wait for their confirm at once."""
GATHER_SECONDS = 0.01
"""A pause after each round: a lone event goes out at once, a stream of them goes out in batches."""
HOLD_SECONDS = 5.0
"""How long a stream rests after the broker refused one of its events."""


class Relay:
    """The relay of one service; ``run`` until cancelled or ``stopping`` is set."""

    def __init__(
        self,
        service: str,
        outbox: Outbox,
        lease: Lease,
        wake: asyncio.Event,
        health: Health,
        *,
        batch: int = 2000,
        poll_seconds: float = 0.5,
    ) -> None:
        self._service = service
        self._outbox = outbox
        self._lease = lease
        self._wake = wake
        self._health = health
        self._batch = batch
        self._poll = poll_seconds
        self._held_streams: dict[str, float] = {}
        self.stopping = asyncio.Event()
        health.expect(PART)

    async def run(self, amqp_url: str) -> None:
        """Relay over supervised connections; returns after ``stopping`` is set."""
        try:
            await supervise(amqp_url, f"{self._service}.relay", self._session, self.stopping)
            await self._let_go()
        finally:
            self._health.report(PART, False)

    async def _session(self, connection: AbstractConnection) -> None:
        publisher = await ConfirmingPublisher.open(connection)
        self._health.report(PART, True)
        try:
            while not self.stopping.is_set():
                self._wake.clear()
                relayed = await self._round(publisher)
                if relayed < self._batch:
                    await asyncio.sleep(GATHER_SECONDS if relayed else 0)
                    await self._rest()
            await self._round(publisher)
        finally:
            self._health.report(PART, False)

    async def _let_go(self) -> None:
        """Whatever held us up: another relay need not wait the lease out. Unreleased, it runs out by itself."""
        with contextlib.suppress(PyMongoError):
            await self._lease.release()

    async def _round(self, publisher: Publisher) -> int:
        try:
            return await self.relay_once(publisher) if await self._lease.hold() else 0
        except PyMongoError as error:
            log.warning("relay: the database does not serve: %s: %s", type(error).__name__, error)
            return 0

    async def relay_once(self, publisher: Publisher) -> int:
        """Publish one batch and mark what was confirmed; returns how many were read.

        What was confirmed is marked while the next part is being published: marking costs the database about as much
        time as publishing costs the broker.
        """
        self._held_streams = {s: until for s, until in self._held_streams.items() if until > time.monotonic()}
        pending = await self._outbox.due(self._batch, without=self._held_streams)
        marking: asyncio.Task[None] | None = None
        try:
            for part in parts(pending):
                confirmed = await self._publish(publisher, part)
                if marking:
                    await marking
                marking = asyncio.create_task(self._outbox.mark_sent(confirmed))
        finally:
            if marking:
                await marking
        return len(pending)

    async def _publish(self, publisher: Publisher, part: Sequence[Pending]) -> list[str]:
        """The ids that the broker confirmed; the streams of the others are held back."""
        part = [one for one in part if one.stream not in self._held_streams]
        results = await publisher.publish([self._outgoing(one) for one in part])
        sent = [one.id for one, reason in zip(part, results, strict=True) if reason is None]
        RELAYED.labels(self._service).inc(len(sent))
        for one, reason in zip(part, results, strict=True):
            if reason is not None:
                self._held_streams[one.stream] = time.monotonic() + HOLD_SECONDS
                RELAY_FAILURES.labels(self._service).inc()
                log.error("event %s of %s was not taken: %s", one.id, one.stream, reason)
        return sent

    def _outgoing(self, one: Pending) -> Outgoing:
        context = trace_from(one.trace)
        attributes = {
            "messaging.system": "rabbitmq",
            "messaging.operation.type": "send",
            "messaging.destination.name": routing_key(one.type),
            "messaging.message.id": one.id,
        }
        with tracer.start_as_current_span(
            f"send {routing_key(one.type)}", context=context, kind=SpanKind.PRODUCER, attributes=attributes
        ):
            return Outgoing(one.id, one.type, routing_key(one.type), one.body, current_trace())

    async def _rest(self) -> None:
        stop = asyncio.ensure_future(self.stopping.wait())
        wake = asyncio.ensure_future(self._wake.wait())
        try:
            await asyncio.wait({stop, wake}, timeout=self._poll, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stop.cancel()
            wake.cancel()


def parts(pending: Sequence[Pending]) -> Iterator[list[Pending]]:
    """The waves of a batch, cut to at most IN_FLIGHT events each."""
    for wave in waves(pending):
        for first in range(0, len(wave), IN_FLIGHT):
            yield wave[first : first + IN_FLIGHT]


def waves(pending: Sequence[Pending]) -> list[list[Pending]]:
    """Split a batch so that each wave holds at most one event a stream, in the stream's order.

    Within a wave publishing is pipelined and may be refused one by one; a stream's next event goes out only after its
    former one was confirmed.
    """
    result: list[list[Pending]] = []
    depth: dict[str, int] = {}
    for one in sorted(pending, key=lambda event: (event.stream, event.seq)):
        level = depth.get(one.stream, 0)
        depth[one.stream] = level + 1
        if level == len(result):
            result.append([])
        result[level].append(one)
    return result
