"""Messages for tests of the bus, and a look at the queues they end in."""

from aio_pika.abc import AbstractChannel, AbstractIncomingMessage

from services.chassis.bus.envelope import Sealed, seal
from services.chassis.bus.publisher import Outgoing, persistent
from services.chassis.bus.topology import queue_name
from services.chassis.clock import now
from services.contracts.event import routing_key
from tests.chassis.sample import ParcelSent


def sealed(parcel: str, seq: int = 1, note: str = "") -> Sealed:
    """A parcel event as it lies in the outbox."""
    return seal(ParcelSent(parcel_id=parcel, note=note), seq=seq, at=now(), trace={})


def outgoing(one: Sealed) -> Outgoing:
    """The same, ready for the broker."""
    return Outgoing(one.id, one.type, routing_key(one.type), one.body)


async def send(channel: AbstractChannel, service: str, one: Sealed, **headers: object) -> None:
    """Put the event straight into a service's queue."""
    message = persistent(one.body, one.id, one.type, dict(headers))
    await channel.default_exchange.publish(message, queue_name(service))


async def take(channel: AbstractChannel, queue: str) -> AbstractIncomingMessage | None:
    """The oldest message of a queue, taken out of it; None where it is empty."""
    return await (await channel.get_queue(queue)).get(no_ack=True, fail=False)


async def depth(channel: AbstractChannel, queue: str) -> int:
    """How many messages are ready in a queue."""
    declared = await channel.declare_queue(queue, passive=True)
    return declared.declaration_result.message_count or 0


def own_headers(message: AbstractIncomingMessage) -> dict[str, object]:
    """The headers without the broker's own."""
    return {name: value for name, value in message.headers.items() if name != "x-delivery-count"}
