"""What is declared on the broker. Invariant: declaring is idempotent and never narrows what is there.

One topic exchange carries every event; a consuming service has one quorum queue, a ladder of waiting queues that
return to it, and a parking queue. What no queue wants is kept in ``lontar.unrouted``.
RabbitMQ manual: quorum queues, at-least-once dead lettering, alternate exchanges.
"""

from collections.abc import Iterable, Mapping

from aio_pika import ExchangeType, connect
from aio_pika.abc import AbstractChannel, AbstractExchange, AbstractQueue
from pamqp.common import FieldValue

from services.contracts.event import routing_key

EVENTS = "lontar.events"
UNROUTED = "lontar.unrouted"
LADDER_SECONDS = (5, 60, 900, 7200)
UNROUTED_KEPT = 10_000
"""How many events that no service wants are kept to be looked at; the oldest go first."""
LOOKS = 1_000_000
"""Delivery limit of a parking queue. Looking counts as a delivery, and RabbitMQ 4 sets a limit where none is given."""
DELIVERY_LIMIT = 50
"""Redeliveries after a lost connection or a killed worker before the broker itself parks the message."""


def queue_name(service: str) -> str:
    """The queue a service consumes."""
    return f"{service}.events"


def parked_name(queue: str) -> str:
    """Where the queue's messages wait for an operator."""
    return f"{queue}.parked"


def wait_name(queue: str, rung: int) -> str:
    """The waiting queue of a rung (0-based)."""
    return f"{queue}.wait.{LADDER_SECONDS[rung]}s"


async def declare_exchanges(channel: AbstractChannel) -> AbstractExchange:
    """The exchange of events and the place for what nobody wants."""
    unrouted = await channel.declare_exchange(UNROUTED, ExchangeType.FANOUT, durable=True)
    arguments: dict[str, FieldValue] = {
        "x-queue-type": "quorum",
        "x-max-length": UNROUTED_KEPT,
        "x-overflow": "drop-head",
    }
    queue = await channel.declare_queue(UNROUTED, durable=True, arguments=arguments)
    await queue.bind(unrouted)
    return await channel.declare_exchange(
        EVENTS, ExchangeType.TOPIC, durable=True, arguments={"alternate-exchange": UNROUTED}
    )


async def declare_consumer(channel: AbstractChannel, service: str, event_types: Iterable[str]) -> AbstractQueue:
    """The service's queue with its ladder and parking place, bound to the event types it wants."""
    exchange = await channel.get_exchange(EVENTS)
    name = queue_name(service)
    parking: dict[str, FieldValue] = {"x-queue-type": "quorum", "x-delivery-limit": LOOKS}
    await channel.declare_queue(parked_name(name), durable=True, arguments=parking)
    for rung, seconds in enumerate(LADDER_SECONDS):
        arguments = _returning_to(name) | {"x-message-ttl": seconds * 1000}
        await channel.declare_queue(wait_name(name, rung), durable=True, arguments=arguments)
    arguments = _returning_to(parked_name(name)) | {"x-delivery-limit": DELIVERY_LIMIT}
    queue = await channel.declare_queue(name, durable=True, arguments=arguments)
    for event_type in event_types:
        await queue.bind(exchange, routing_key(event_type))
    return queue


def _returning_to(queue: str) -> dict[str, FieldValue]:
    return {
        "x-queue-type": "quorum",
        "x-overflow": "reject-publish",
        "x-dead-letter-exchange": "",
        "x-dead-letter-routing-key": queue,
        "x-dead-letter-strategy": "at-least-once",
    }


async def declare_all(amqp_url: str, wanted: Mapping[str, Iterable[str]]) -> None:
    """Declare the queues of every service in ``wanted`` before anything is published: set-up, not a service, calls it.

    A service that starts for the first time after the others then finds everything it missed.
    """
    async with await connect(amqp_url, timeout=10) as connection:
        channel = await connection.channel()
        await declare_exchanges(channel)
        for service, event_types in wanted.items():
            await declare_consumer(channel, service, event_types)
