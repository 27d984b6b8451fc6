"""Publishing with proof, on the real broker."""

import asyncio
from collections.abc import AsyncIterator

import aio_pika
import pytest
from aio_pika.abc import AbstractChannel, AbstractConnection

from services.chassis.bus.connection import CONNECTION_ERRORS
from services.chassis.bus.publisher import ConfirmingPublisher, Outgoing
from services.chassis.bus.topology import EVENTS, UNROUTED, declare_consumer, queue_name
from tests.chassis.bus.samples import depth, outgoing, own_headers, sealed, take
from tests.chassis.proxy import proxied
from tests.chassis.sample import ParcelSent
from tests.servers import Servers
from tests.waiting import until_equal


@pytest.fixture
async def connection(servers: Servers, channel: AbstractChannel) -> AsyncIterator[AbstractConnection]:
    async with await aio_pika.connect(servers.amqp_url) as connection:
        yield connection


class TestPublish:
    async def test_is_durable_and_carries_id_type_and_trace(
        self, connection: AbstractConnection, channel: AbstractChannel, depot: str
    ) -> None:
        await declare_consumer(channel, depot, [ParcelSent.event_type])
        publisher = await ConfirmingPublisher.open(connection)
        one = sealed("a")
        trace = {"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}
        sent = Outgoing(one.id, one.type, "post.parcel.sent.v1", one.body, trace)
        assert await publisher.publish([sent]) == [None]
        message = await take(channel, queue_name(depot))
        assert message
        assert (message.message_id, message.type, message.body) == (one.id, one.type, one.body)
        assert message.content_type == "application/cloudevents+json"
        assert message.delivery_mode == aio_pika.DeliveryMode.PERSISTENT
        assert own_headers(message) == trace

    async def test_of_many_at_once_answers_for_each(
        self, connection: AbstractConnection, channel: AbstractChannel, depot: str
    ) -> None:
        await declare_consumer(channel, depot, [ParcelSent.event_type])
        publisher = await ConfirmingPublisher.open(connection)
        assert await publisher.publish([outgoing(sealed(f"p{n}")) for n in range(500)]) == [None] * 500
        await until_equal(lambda: depth(channel, queue_name(depot)), lambda count: count == 500)

    async def test_of_nothing_does_nothing(self, connection: AbstractConnection, channel: AbstractChannel) -> None:
        assert await (await ConfirmingPublisher.open(connection)).publish([]) == []

    async def test_of_what_nobody_wants_is_kept_aside(
        self, connection: AbstractConnection, channel: AbstractChannel
    ) -> None:
        await (await channel.get_queue(UNROUTED)).purge()
        one = sealed("a")
        publisher = await ConfirmingPublisher.open(connection)
        assert await publisher.publish([Outgoing(one.id, one.type, "post.parcel.lost.v1", one.body)]) == [None]
        await until_equal(lambda: depth(channel, UNROUTED), lambda count: count == 1)

    async def test_refused_for_one_counts_as_taken_for_the_others(
        self, connection: AbstractConnection, channel: AbstractChannel, depot: str
    ) -> None:
        # An exchange without the alternate one returns what nobody wants.
        exchange = await channel.declare_exchange(f"{depot}.test", aio_pika.ExchangeType.TOPIC)
        queue = await channel.declare_queue(f"{depot}.test", exclusive=True)
        await queue.bind(exchange, "wanted.#")
        outward = await connection.channel(publisher_confirms=True, on_return_raises=True)
        publisher = ConfirmingPublisher(outward, await outward.get_exchange(exchange.name))
        batch = [sealed(f"p{n}") for n in range(4)]
        keys = ["wanted.a", "unwanted", "wanted.b", "unwanted"]
        results = await publisher.publish(
            [Outgoing(one.id, one.type, key, one.body) for one, key in zip(batch, keys, strict=True)]
        )
        assert [result is None for result in results] == [True, False, True, False]
        assert results[1]
        assert results[1].startswith("refused by the broker")
        await exchange.delete()

    async def test_raises_when_the_connection_goes_before_the_confirm(
        self, servers: Servers, channel: AbstractChannel
    ) -> None:
        async with proxied(servers.amqp_url) as (proxy, url):
            publisher = await ConfirmingPublisher.open(await aio_pika.connect(url))
            proxy.mute()
            publishing = asyncio.create_task(publisher.publish([outgoing(sealed("a"))]))
            await asyncio.sleep(0.2)
            assert not publishing.done()
            proxy.reset()
            with pytest.raises(CONNECTION_ERRORS):
                await asyncio.wait_for(publishing, 30)

    async def test_raises_when_the_exchange_is_gone(
        self, connection: AbstractConnection, channel: AbstractChannel
    ) -> None:
        outward = await connection.channel(publisher_confirms=True, on_return_raises=True)
        publisher = ConfirmingPublisher(outward, await outward.get_exchange("lontar.nowhere", ensure=False))
        with pytest.raises(CONNECTION_ERRORS):
            await asyncio.wait_for(publisher.publish([outgoing(sealed("a")) for _ in range(20)]), 30)


class TestOpen:
    async def test_uses_the_exchange_of_events(self, connection: AbstractConnection, channel: AbstractChannel) -> None:
        assert (await ConfirmingPublisher.open(connection))._exchange.name == EVENTS
