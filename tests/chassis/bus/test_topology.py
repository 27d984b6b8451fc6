"""What is declared on the broker, and that declaring it again changes nothing."""

import asyncio

import aio_pika
import pytest
from aio_pika.abc import AbstractChannel

from services.chassis.bus.topology import (
    EVENTS,
    LADDER_SECONDS,
    UNROUTED,
    declare_all,
    declare_consumer,
    parked_name,
    queue_name,
    wait_name,
)
from tests.chassis.bus.samples import depth, sealed, send, take
from tests.chassis.sample import ParcelSent
from tests.servers import Servers
from tests.waiting import until_equal

WANTED = [ParcelSent.event_type]


class TestNames:
    def test_follow_the_service(self) -> None:
        assert queue_name("post") == "post.events"
        assert parked_name("post.events") == "post.events.parked"
        assert [wait_name("post.events", rung) for rung in range(4)] == [
            "post.events.wait.5s",
            "post.events.wait.60s",
            "post.events.wait.900s",
            "post.events.wait.7200s",
        ]


class TestDeclareConsumer:
    async def test_again_changes_nothing(self, channel: AbstractChannel, depot: str) -> None:
        await declare_consumer(channel, depot, WANTED)
        await send(channel, depot, sealed("a"))
        await declare_consumer(channel, depot, WANTED)
        await until_equal(lambda: depth(channel, queue_name(depot)), lambda count: count == 1)

    async def test_by_several_at_once_is_no_trouble(self, servers: Servers, depot: str) -> None:
        await asyncio.gather(*(declare_all(servers.amqp_url, {depot: WANTED}) for _ in range(5)))

    async def test_binds_what_the_service_wants_and_nothing_else(self, channel: AbstractChannel, depot: str) -> None:
        await declare_consumer(channel, depot, WANTED)
        exchange = await channel.get_exchange(EVENTS)
        await exchange.publish(aio_pika.Message(b"1"), "post.parcel.sent.v1")
        await exchange.publish(aio_pika.Message(b"2"), "post.parcel.sent.v2")
        await exchange.publish(aio_pika.Message(b"3"), "post.parcel.lost.v1")
        message = await until_equal(lambda: take(channel, queue_name(depot)), lambda found: found is not None)
        assert message
        assert message.body == b"1"
        assert await take(channel, queue_name(depot)) is None

    async def test_wants_a_new_type_from_then_on(self, channel: AbstractChannel, depot: str) -> None:
        await declare_consumer(channel, depot, WANTED)
        await declare_consumer(channel, depot, [*WANTED, "id.lontar.post.parcel.lost.v1"])
        exchange = await channel.get_exchange(EVENTS)
        await exchange.publish(aio_pika.Message(b"1"), "post.parcel.lost.v1")
        await until_equal(lambda: depth(channel, queue_name(depot)), lambda count: count == 1)

    async def test_makes_every_queue_survive_a_restart_of_the_broker(
        self, channel: AbstractChannel, depot: str
    ) -> None:
        await declare_consumer(channel, depot, WANTED)
        queue = queue_name(depot)
        for name in (queue, parked_name(queue), *(wait_name(queue, rung) for rung in range(len(LADDER_SECONDS)))):
            # Not durable, or not of this type, would be refused as inequivalent.
            found = await channel.declare_queue(name, passive=True)
            assert found.declaration_result.queue == name

    async def test_returns_what_waited_on_the_first_rung(self, channel: AbstractChannel, depot: str) -> None:
        await declare_consumer(channel, depot, WANTED)
        one = sealed("a")
        await channel.default_exchange.publish(
            aio_pika.Message(one.body, message_id=one.id), wait_name(queue_name(depot), 0)
        )
        message = await until_equal(lambda: take(channel, queue_name(depot)), lambda found: found is not None)
        assert message
        assert message.message_id == one.id


class TestDeclareAll:
    async def test_keeps_what_is_published_before_the_service_first_runs(
        self, servers: Servers, channel: AbstractChannel, depot: str
    ) -> None:
        await declare_all(servers.amqp_url, {depot: WANTED})
        exchange = await channel.get_exchange(EVENTS)
        await exchange.publish(aio_pika.Message(sealed("a").body), "post.parcel.sent.v1")
        await until_equal(lambda: depth(channel, queue_name(depot)), lambda count: count == 1)

    async def test_keeps_what_nobody_wants(self, servers: Servers, channel: AbstractChannel) -> None:
        await declare_all(servers.amqp_url, {})
        await (await channel.get_queue(UNROUTED)).purge()
        exchange = await channel.get_exchange(EVENTS)
        await exchange.publish(aio_pika.Message(b"x"), "post.parcel.nobody.v1")
        await until_equal(lambda: depth(channel, UNROUTED), lambda count: count == 1)

    async def test_refuses_to_change_a_queue_that_is_there_with_other_properties(
        self, servers: Servers, channel: AbstractChannel, depot: str
    ) -> None:
        await channel.declare_queue(queue_name(depot), durable=True)
        with pytest.raises(aio_pika.exceptions.ChannelPreconditionFailed):
            await declare_all(servers.amqp_url, {depot: WANTED})
