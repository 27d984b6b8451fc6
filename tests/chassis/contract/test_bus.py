"""What every bus keeps to: the double, and the real broker with the real publisher and consumer."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from typing import Protocol

import aio_pika
import pytest

from services.chassis.bus.consumer import Consumer, Dispatcher, Received, Subscription
from services.chassis.bus.envelope import Sealed, seal
from services.chassis.bus.outcome import ParkMessage, RetryLater
from services.chassis.bus.parked import list_parked
from services.chassis.bus.publisher import ConfirmingPublisher, Outgoing, Publisher, persistent
from services.chassis.bus.topology import declare_exchanges, queue_name
from services.chassis.clock import now
from services.chassis.health import Health
from services.chassis.testing import InMemoryBus, InMemoryUnitOfWork
from services.chassis.uow import Transaction
from services.contracts.event import routing_key
from tests.chassis.sample import ParcelSent
from tests.servers import Servers
from tests.waiting import until, until_equal


class Script:
    """Handlers that record, fail a number of times first, or park."""

    def __init__(self) -> None:
        self.handled: list[str] = []
        self.failures = 0

    async def handle(self, event: ParcelSent, received: Received, transaction: Transaction) -> None:
        if event.note == "park":
            raise ParkMessage("nobody can read this")
        if event.note == "later" and self.failures < 1:
            self.failures += 1
            raise RetryLater("the address is not known yet")
        self.handled.append(event.parcel_id)


class Harness(Protocol):
    """What the suite needs of a bus under test."""

    service: str
    script: Script
    publisher: Publisher

    async def send(self, identifier: str, body: bytes) -> None: ...
    async def parked(self) -> list[tuple[str, str]]: ...


class InMemory:
    """The double."""

    def __init__(self) -> None:
        self.service, self.script = "depot", Script()
        self.bus = InMemoryBus()
        self.bus.consume(self.service, dispatcher(self.service, self.script))
        self.publisher: Publisher = self.bus

    async def send(self, identifier: str, body: bytes) -> None:
        await self.bus.send(self.service, identifier, body)

    async def parked(self) -> list[tuple[str, str]]:
        return self.bus.parked(self.service)


class Real:
    """RabbitMQ, with the real publisher and consumer; a queue of this test's own."""

    def __init__(self, url: str, publisher: ConfirmingPublisher, channel: aio_pika.abc.AbstractChannel) -> None:
        self.service, self.script = f"depot{uuid.uuid4().hex[:8]}", Script()
        self.publisher: Publisher = publisher
        self._url, self._channel = url, channel

    async def send(self, identifier: str, body: bytes) -> None:
        message = persistent(body, identifier, None, {})
        await self._channel.default_exchange.publish(message, queue_name(self.service))

    async def parked(self) -> list[tuple[str, str]]:
        return [(one.id, one.reason) for one in await list_parked(self._url, self.service)]


def dispatcher(service: str, script: Script) -> Dispatcher:
    return Dispatcher(service, [Subscription(ParcelSent, "depot.parcel", script.handle)], InMemoryUnitOfWork())


@pytest.fixture(params=["memory", "rabbitmq"])
async def bus(request: pytest.FixtureRequest, servers: Servers) -> AsyncIterator[Harness]:
    if request.param == "memory":
        yield InMemory()
        return
    async with await aio_pika.connect(servers.amqp_url) as connection:
        channel = await connection.channel()
        await declare_exchanges(channel)
        real = Real(servers.amqp_url, await ConfirmingPublisher.open(connection), channel)
        health = Health()
        consumer = Consumer(real.service, dispatcher(real.service, real.script), health)
        task = asyncio.create_task(consumer.run(servers.amqp_url))
        await until(lambda: health.ready("consumer"))
        yield real
        consumer.stopping.set()
        await task
        names = [queue_name(real.service), f"{queue_name(real.service)}.parked"]
        names += [f"{queue_name(real.service)}.wait.{seconds}s" for seconds in (5, 60, 900, 7200)]
        for name in names:
            await channel.queue_delete(name)


async def parked(bus: Harness, count: int) -> list[tuple[str, str]]:
    return await until_equal(bus.parked, lambda found: len(found) >= count)


def sealed(parcel: str, note: str = "") -> Sealed:
    return seal(ParcelSent(parcel_id=parcel, note=note), seq=1, at=now(), trace={})


def outgoing(one: Sealed) -> Outgoing:
    return Outgoing(one.id, one.type, routing_key(one.type), one.body)


class TestPublish:
    async def test_an_event_reaches_who_wants_it(self, bus: Harness) -> None:
        assert await bus.publisher.publish([outgoing(sealed("a")), outgoing(sealed("b"))]) == [None, None]
        await until(lambda: len(bus.script.handled) == 2)
        assert sorted(bus.script.handled) == ["a", "b"]

    async def test_an_event_nobody_wants_is_taken_and_kept_aside(self, bus: Harness) -> None:
        one = sealed("a")
        unwanted = Outgoing(one.id, one.type, "post.parcel.lost.v1", one.body)
        assert await bus.publisher.publish([unwanted]) == [None]
        assert bus.script.handled == []

    async def test_the_same_event_twice_takes_effect_once(self, bus: Harness) -> None:
        one = outgoing(sealed("a"))
        await bus.publisher.publish([one])
        await bus.publisher.publish([one] * 20)
        await bus.publisher.publish([outgoing(sealed("b"))])
        await until(lambda: "b" in bus.script.handled)
        assert sorted(bus.script.handled) == ["a", "b"]


class TestRetry:
    async def test_what_cannot_be_handled_yet_is_handled_later(self, bus: Harness) -> None:
        await bus.publisher.publish([outgoing(sealed("a", "later"))])
        await until(lambda: bus.script.handled == ["a"])
        assert bus.script.failures == 1
        assert await bus.parked() == []


class TestPark:
    async def test_bytes_that_are_no_event_are_parked_with_the_reason(self, bus: Harness) -> None:
        await bus.send("broken", b"\xff not json")
        [(identifier, reason)] = await parked(bus, 1)
        assert identifier == "broken"
        assert reason.startswith("not JSON")

    async def test_json_that_is_no_cloud_event_is_parked_with_the_reason(self, bus: Harness) -> None:
        await bus.send("strange", b'{"hello": 1}')
        [(_, reason)] = await parked(bus, 1)
        assert reason.startswith("not a CloudEvent: specversion")

    async def test_an_unknown_type_is_parked(self, bus: Harness) -> None:
        await bus.send("foreign", sealed("a").body.replace(b"parcel.sent", b"parcel.eaten"))
        [(_, reason)] = await parked(bus, 1)
        assert reason == "unknown type: id.lontar.post.parcel.eaten.v1"

    async def test_an_unknown_major_version_is_parked_and_named(self, bus: Harness) -> None:
        await bus.send("newer", sealed("a").body.replace(b"parcel.sent.v1", b"parcel.sent.v2"))
        [(_, reason)] = await parked(bus, 1)
        assert reason.startswith("unknown major version: id.lontar.post.parcel.sent.v2")

    async def test_data_that_does_not_fit_the_type_is_parked(self, bus: Harness) -> None:
        await bus.send("short", sealed("a").body.replace(b'"parcel_id"', b'"parcel_no"'))
        [(_, reason)] = await parked(bus, 1)
        assert reason == "data does not fit id.lontar.post.parcel.sent.v1: parcel_id"

    async def test_what_a_handler_parks_carries_its_reason(self, bus: Harness) -> None:
        one = sealed("a", "park")
        await bus.publisher.publish([outgoing(one)])
        assert await parked(bus, 1) == [(one.id, "depot.parcel: nobody can read this")]

    async def test_a_parked_message_does_not_stop_the_queue(self, bus: Harness) -> None:
        await bus.send("broken", b"nonsense")
        await bus.publisher.publish([outgoing(sealed("a"))])
        await until(lambda: bus.script.handled == ["a"])
