"""Settling a message: handle it, put a copy aside where that is the outcome, acknowledge.

Invariant: a message is either acknowledged, after its effect or a copy of it is safe, or it is left unacknowledged and
the broker delivers it again.
"""

import asyncio
import logging
from collections.abc import Mapping

from aio_pika.abc import AbstractChannel, AbstractIncomingMessage
from aio_pika.exceptions import DeliveryError, PublishError
from opentelemetry.trace import SpanKind, Status, StatusCode

from services.chassis.bus.dispatcher import Dispatcher
from services.chassis.bus.envelope import Envelope, Undecodable, unseal
from services.chassis.bus.outcome import Outcome, Park, Retry
from services.chassis.bus.provenance import Provenance
from services.chassis.bus.publisher import persistent
from services.chassis.bus.topology import LADDER_SECONDS, parked_name, queue_name, wait_name
from services.chassis.locks import NamedLocks
from services.chassis.mongo import is_outage
from services.chassis.telemetry import MESSAGES, trace_from, tracer
from services.contracts.event import routing_key

log = logging.getLogger(__name__)
OUTAGE_PAUSE_SECONDS = 0.5
ATTEMPT_HEADER = "x-lontar-attempt"
REASON_HEADER = "x-lontar-reason"


class Settler:
    """Takes one message from delivery to acknowledgement, ``concurrency`` of them at a time.

    ``draining`` means that the process is leaving: what waits for the database is left to whoever comes next.
    """

    def __init__(
        self,
        dispatcher: Dispatcher,
        outward: AbstractChannel,
        provenance: Provenance,
        *,
        login: str | None = None,
        concurrency: int = 4,
    ) -> None:
        service = provenance.reader
        self._service, self._dispatcher, self._outward = service, dispatcher, outward
        self._provenance, self._login = provenance, login
        self._queue = queue_name(service)
        self._locks = NamedLocks()
        self._slots = asyncio.Semaphore(concurrency)
        self.draining = False

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
        objection = self._provenance.objection(message.user_id, envelope)
        if objection:
            log.error("message %s is not believed: %s", message.message_id, objection)
            return Park(objection), "forged"
        known = envelope.type if envelope.type in self._dispatcher.event_types else "unknown"
        async with self._locks.hold(envelope.subject), self._slots:
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
            context=trace_from(trace_headers(message.headers)),
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
            except Exception as error:
                if self.draining or not is_outage(error):
                    raise
                log.warning("waiting for the database with %s: %s", envelope.id, type(error).__name__)
                await asyncio.sleep(OUTAGE_PAUSE_SECONDS)

    async def _climb(self, message: AbstractIncomingMessage, reason: str) -> None:
        attempt = attempt_of(message.headers)
        if attempt < len(LADDER_SECONDS):
            await self._copy(message, wait_name(self._queue, attempt), reason, attempt + 1)
        else:
            await self._copy(message, parked_name(self._queue), f"after {attempt} retries: {reason}", attempt)

    async def _copy(self, message: AbstractIncomingMessage, queue: str, reason: str, attempt: int) -> None:
        """Returns after the broker's confirm; raises when the copy is not safe.

        A broker that refuses the copy (the queue is full or without a majority) is asked again: giving up the session
        would have every other message in hand delivered again, and the broker parks what it delivered too often. A
        queue that is gone does end the session, for the next one declares it.
        """
        headers = trace_headers(message.headers) | {ATTEMPT_HEADER: attempt, REASON_HEADER: reason[:500]}
        copy = persistent(message.body, message.message_id, message.type, headers, self._login)
        while True:
            try:
                await self._outward.default_exchange.publish(copy, queue, mandatory=True)
            except PublishError:
                raise
            except DeliveryError:
                if self.draining:
                    raise
                log.warning("%s does not take %s; asking again", queue, message.message_id)
                await asyncio.sleep(OUTAGE_PAUSE_SECONDS)
            else:
                return


def attempt_of(headers: Mapping[str, object]) -> int:
    """How many rungs of the ladder the message has climbed; 0 for a fresh or nonsensical header."""
    attempt = headers.get(ATTEMPT_HEADER, 0)
    return attempt if isinstance(attempt, int) and attempt >= 0 else 0


def trace_headers(headers: Mapping[str, object]) -> dict[str, object]:
    """The trace a message belongs to."""
    return {name: str(headers[name]) for name in ("traceparent", "tracestate") if name in headers}
