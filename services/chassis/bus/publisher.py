"""Publishing with proof. Invariant: a message counts as published only after the broker's confirm.

A return (no queue took it) and a nack are failures of that one message; a closed channel fails all that are in flight.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from aio_pika import DeliveryMode, Message
from aio_pika.abc import AbstractChannel, AbstractConnection, AbstractExchange
from aio_pika.exceptions import DeliveryError

from services.chassis.bus.envelope import CONTENT_TYPE
from services.chassis.bus.topology import EVENTS

CONFIRM_SECONDS = 30.0
"""A broker that is short of memory or disk blocks publishers without a word; after this the session is given up."""


@dataclass(frozen=True)
class Outgoing:
    """A message to publish. ``trace`` are W3C trace headers."""

    id: str
    type: str
    routing_key: str
    body: bytes
    trace: dict[str, str] = field(default_factory=dict)


class Publisher(Protocol):
    """What the relay needs of a bus."""

    async def publish(self, batch: Sequence[Outgoing]) -> list[str | None]:
        """Publish all, pipelined; for each None when confirmed, else the reason it was not taken."""
        ...


class ConfirmingPublisher:
    """Publishes to the exchange of events on a channel of its own, in confirm mode, mandatory, returns raising."""

    def __init__(self, channel: AbstractChannel, exchange: AbstractExchange, user: str | None = None) -> None:
        self._channel = channel
        self._exchange = exchange
        self._user = user

    @classmethod
    async def open(cls, connection: AbstractConnection) -> "ConfirmingPublisher":
        """Open a channel for publishing only: a fault on it never closes the consumer's."""
        channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
        return cls(channel, await channel.get_exchange(EVENTS), user_of(connection))

    async def publish(self, batch: Sequence[Outgoing]) -> list[str | None]:
        """See Publisher. Raises when the connection is lost or no confirm comes: then nothing here is proven."""
        async with asyncio.timeout(CONFIRM_SECONDS):
            results = await asyncio.gather(*map(self._publish, batch), return_exceptions=True)
        lost = next((r for r in results if isinstance(r, BaseException)), None)
        if lost is not None:
            raise lost
        return [result for result in results if not isinstance(result, BaseException)]

    async def _publish(self, outgoing: Outgoing) -> str | None:
        message = persistent(outgoing.body, outgoing.id, outgoing.type, dict(outgoing.trace), self._user)
        try:
            await self._exchange.publish(message, outgoing.routing_key, mandatory=True)
        except DeliveryError as refused:
            return f"refused by the broker: {refused}"
        return None


def user_of(connection: AbstractConnection) -> str | None:
    """The login of a connection. The broker refuses a message that names another (RabbitMQ manual, "Validated
    User-ID"), so readers may believe it."""
    url = getattr(connection, "url", None)
    return url.user if url is not None else None


def persistent(
    body: bytes, identifier: str | None, event_type: str | None, headers: dict[str, Any], user: str | None = None
) -> Message:
    """A durable message in the wire form of docs/wire-format.md."""
    return Message(
        body,
        content_type=CONTENT_TYPE,
        delivery_mode=DeliveryMode.PERSISTENT,
        message_id=identifier,
        type=event_type,
        headers=headers,
        user_id=user,
    )
