"""The bus against the bare broker: publishing with confirms, and consuming with acknowledgements.

Floor and system use the same client library, the same body, the same queue type and the same number in flight.
"""

import asyncio
import time
import uuid

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage

from services.chassis import inbox, outbox
from services.chassis.bus.consumer import Consumer, Dispatcher, Received, Subscription
from services.chassis.bus.envelope import Sealed, seal
from services.chassis.bus.publisher import ConfirmingPublisher, Outgoing, persistent
from services.chassis.bus.topology import (
    EVENTS,
    LADDER_SECONDS,
    declare_consumer,
    declare_exchanges,
    parked_name,
    queue_name,
    wait_name,
)
from services.chassis.clock import now
from services.chassis.health import Health
from services.chassis.ids import new_id
from services.chassis.lease import Lease
from services.chassis.mongo import Database, connect, ensure_indexes
from services.chassis.outbox import Outbox, entry
from services.chassis.relay import Relay
from services.chassis.uow import MongoUnitOfWork, Transaction
from services.contracts.event import Event, routing_key
from tests.servers import Servers

IN_FLIGHT = 500


class ParcelWeighed(Event, type="id.lontar.bench.parcel.weighed.v1", subject=("parcel", "parcel_id")):
    """An event about as large as a delivered letter's."""

    parcel_id: str
    note: str


def sealed_batch(count: int) -> list[Sealed]:
    """Events of 1.2 KB, each on a stream of its own."""
    return [seal(ParcelWeighed(parcel_id=new_id(), note="x" * 900), seq=1, at=now(), trace={}) for _ in range(count)]


class Bench:
    """A queue, a database and a channel of this run's own."""

    def __init__(self, servers: Servers) -> None:
        self._servers = servers
        self.service = f"bench{uuid.uuid4().hex[:6]}"
        self.database: Database = connect(servers.mongo_url, f"t_{self.service}")

    async def open(self, connection: aio_pika.abc.AbstractConnection) -> AbstractChannel:
        """Declare the queue and the indexes."""
        channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
        await declare_exchanges(channel)
        await declare_consumer(channel, self.service, [ParcelWeighed.event_type])
        await ensure_indexes(self.database, outbox.INDEXES | inbox.INDEXES)
        return channel

    async def empty(self, channel: AbstractChannel) -> None:
        """Throw away what lies in the queue."""
        await (await channel.get_queue(queue_name(self.service))).purge()

    async def close(self, channel: AbstractChannel) -> None:
        """Take away what this run has declared."""
        name = queue_name(self.service)
        waiting = [wait_name(name, rung) for rung in range(len(LADDER_SECONDS))]
        for queue in (name, parked_name(name), *waiting):
            await channel.queue_delete(queue)
        await self.database.client.drop_database(self.database.name)
        self.database.client.close()

    async def raw_publish(self, channel: AbstractChannel, count: int) -> float:
        """Messages a second: bare pipelined publishing with confirms, IN_FLIGHT at a time."""
        events, exchange = sealed_batch(count), await channel.get_exchange(EVENTS)
        started = time.perf_counter()
        for first in range(0, count, IN_FLIGHT):
            await asyncio.gather(
                *(
                    exchange.publish(persistent(one.body, one.id, one.type, {}), routing_key(one.type), mandatory=True)
                    for one in events[first : first + IN_FLIGHT]
                )
            )
        return count / (time.perf_counter() - started)

    async def relay(self, connection: aio_pika.abc.AbstractConnection, count: int) -> float:
        """Events a second from pending in the outbox to confirmed and marked as sent."""
        pending = [entry(one, {}, now()) for one in sealed_batch(count)]
        for first in range(0, count, 1000):
            await self.database[outbox.COLLECTION].insert_many(pending[first : first + 1000])
        store, publisher = Outbox(self.database), await ConfirmingPublisher.open(connection)
        lease = Lease(self.database, "bench")
        relay = Relay(self.service, store, lease, asyncio.Event(), Health(), batch=IN_FLIGHT)
        started = time.perf_counter()
        while await relay.relay_once(publisher):
            pass
        return count / (time.perf_counter() - started)

    async def raw_consume(self, connection: aio_pika.abc.AbstractConnection, count: int, prefetch: int) -> float:
        """Messages a second: bare consume and acknowledge."""
        channel = await connection.channel()
        await channel.set_qos(prefetch_count=prefetch)
        queue = await channel.get_queue(queue_name(self.service))
        done, seen = asyncio.Event(), 0

        async def on_message(message: AbstractIncomingMessage) -> None:
            nonlocal seen
            await message.ack()
            seen += 1
            if seen == count:
                done.set()

        started = time.perf_counter()
        await queue.consume(on_message)
        await asyncio.wait_for(done.wait(), 120)
        elapsed = time.perf_counter() - started
        await channel.close()
        return count / elapsed

    async def consume(self, count: int, concurrency: int) -> float:
        """Events a second through the consumer: decoded, marked in the inbox in a transaction, acknowledged."""
        done, seen = asyncio.Event(), 0

        async def on_parcel(event: ParcelWeighed, received: Received, transaction: Transaction) -> None:
            nonlocal seen
            seen += 1
            if seen >= count:
                done.set()

        uow = MongoUnitOfWork(self.database)
        dispatcher = Dispatcher(self.service, [Subscription(ParcelWeighed, "bench.parcel", on_parcel)], uow)
        consumer = Consumer(self.service, dispatcher, Health(), concurrency=concurrency)
        started = time.perf_counter()
        task = asyncio.create_task(consumer.run(self._servers.amqp_url))
        await asyncio.wait_for(done.wait(), 120)
        elapsed = time.perf_counter() - started
        consumer.stopping.set()
        await task
        return count / elapsed

    async def fill(self, channel: AbstractChannel, connection: aio_pika.abc.AbstractConnection, count: int) -> None:
        """Put ``count`` messages into the queue."""
        await self.empty(channel)
        publisher = await ConfirmingPublisher.open(connection)
        for first in range(0, count, IN_FLIGHT):
            events = sealed_batch(min(IN_FLIGHT, count - first))
            await publisher.publish([Outgoing(e.id, e.type, routing_key(e.type), e.body) for e in events])
