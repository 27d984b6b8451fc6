"""The consumer on the real broker: retries, parking, outages, order, and coming back from every kind of loss."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aio_pika import Exchange
from aio_pika.abc import AbstractChannel
from aio_pika.exceptions import DeliveryError
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from pamqp.commands import Basic
from pymongo.errors import AutoReconnect

from services.chassis.bus import connection as connections
from services.chassis.bus import settler
from services.chassis.bus.consumer import DRAIN_SECONDS, Consumer, Dispatcher, Received, Settler, Subscription
from services.chassis.bus.envelope import Envelope, unseal
from services.chassis.bus.outcome import Done, Outcome, Retry, RetryLater
from services.chassis.bus.parked import count_parked, list_parked
from services.chassis.bus.settler import ATTEMPT_HEADER, REASON_HEADER
from services.chassis.bus.topology import LADDER_SECONDS, declare_consumer, parked_name, queue_name, wait_name
from services.chassis.health import Health
from services.chassis.testing import InMemoryUnitOfWork
from services.chassis.uow import Transaction
from tests.chassis.bus.samples import depth, sealed, send, take
from tests.chassis.proxy import proxied
from tests.chassis.sample import ParcelSent
from tests.servers import Servers
from tests.waiting import until, until_equal

Handle = Callable[[ParcelSent], Awaitable[None]]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "BACKOFF_SECONDS", (0.05,))
    monkeypatch.setattr(settler, "OUTAGE_PAUSE_SECONDS", 0.05)


class Clerk:
    """A handler that records what it handled, after doing what the test says."""

    def __init__(self, act: Handle | None = None) -> None:
        self.handled: list[tuple[str, int]] = []
        self.tried: Counter[str] = Counter()
        self._act = act

    async def __call__(self, event: ParcelSent, received: Received, transaction: Transaction) -> None:
        self.tried[event.parcel_id] += 1
        if self._act:
            await self._act(event)
        self.handled.append((event.parcel_id, received.seq))

    @property
    def parcels(self) -> list[str]:
        return [parcel for parcel, _ in self.handled]


def dispatcher_of(service: str, clerk: Clerk) -> Dispatcher:
    return Dispatcher(service, [Subscription(ParcelSent, f"{service}.parcel", clerk)], InMemoryUnitOfWork())


class Running:
    """A consumer at work."""

    def __init__(self, consumer: Consumer, health: Health, task: "asyncio.Task[None]") -> None:
        self.consumer, self.health, self.task = consumer, health, task

    async def ready(self) -> None:
        await until(lambda: self.health.ready("consumer") or self.task.done())
        assert not self.task.done()

    async def stop(self, seconds: float = 30) -> None:
        self.consumer.stopping.set()
        await asyncio.wait_for(asyncio.shield(self.task), seconds)


@asynccontextmanager
async def consuming(
    url: str, service: str, work: Clerk | Dispatcher, *, concurrency: int = 4
) -> AsyncIterator[Running]:
    health = Health()
    dispatcher = work if isinstance(work, Dispatcher) else dispatcher_of(service, work)
    consumer = Consumer(service, dispatcher, health, concurrency=concurrency)
    running = Running(consumer, health, asyncio.create_task(consumer.run(url)))
    try:
        await running.ready()
        yield running
        assert not running.task.done() or running.task.exception() is None
    finally:
        running.task.cancel()
        await asyncio.gather(running.task, return_exceptions=True)


class TestRetry:
    async def test_climbs_to_the_first_rung_with_the_reason(
        self, servers: Servers, channel: AbstractChannel, depot: str
    ) -> None:
        async def not_yet(_: ParcelSent) -> None:
            raise RetryLater("the address is not known yet")

        first = wait_name(queue_name(depot), 0)
        async with consuming(servers.amqp_url, depot, Clerk(not_yet)):
            await send(channel, depot, sealed("a"))
            await until_equal(lambda: depth(channel, first), lambda count: count == 1)
        waiting = await take(channel, first)
        assert waiting
        assert waiting.headers[ATTEMPT_HEADER] == 1
        assert waiting.headers[REASON_HEADER] == f"{depot}.parcel: the address is not known yet"

    @pytest.mark.parametrize("attempt", [1, 2, 3])
    async def test_climbs_from_each_rung_to_the_next(
        self, servers: Servers, channel: AbstractChannel, depot: str, attempt: int
    ) -> None:
        async def broken(_: ParcelSent) -> None:
            raise ValueError("a bug")

        rung = wait_name(queue_name(depot), attempt)
        async with consuming(servers.amqp_url, depot, Clerk(broken)):
            await send(channel, depot, sealed("a"), **{ATTEMPT_HEADER: attempt})
            await until_equal(lambda: depth(channel, rung), lambda count: count == 1)
        waiting = await take(channel, rung)
        assert waiting
        assert waiting.headers[ATTEMPT_HEADER] == attempt + 1

    async def test_ends_parked_with_the_reason_after_the_last_rung(
        self, servers: Servers, channel: AbstractChannel, depot: str
    ) -> None:
        async def broken(_: ParcelSent) -> None:
            raise ValueError("a bug")

        async with consuming(servers.amqp_url, depot, Clerk(broken)):
            await send(channel, depot, sealed("a"), **{ATTEMPT_HEADER: len(LADDER_SECONDS)})
            await until_equal(lambda: count_parked(servers.amqp_url, depot), lambda count: count == 1)
        [parked] = await list_parked(servers.amqp_url, depot)
        assert parked.reason == f"after 4 retries: {depot}.parcel: ValueError: a bug"

    @pytest.mark.parametrize("header", ["x", -3, 2.5, None])
    async def test_starts_anew_from_an_attempt_header_that_is_nonsense(
        self, servers: Servers, channel: AbstractChannel, depot: str, header: Any
    ) -> None:
        async def not_yet(_: ParcelSent) -> None:
            raise RetryLater("later")

        first = wait_name(queue_name(depot), 0)
        async with consuming(servers.amqp_url, depot, Clerk(not_yet)):
            await send(channel, depot, sealed("a"), **{ATTEMPT_HEADER: header})
            await until_equal(lambda: depth(channel, first), lambda count: count == 1)

    async def test_that_the_broker_refuses_is_asked_for_again_in_the_same_session(
        self, servers: Servers, channel: AbstractChannel, depot: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def not_yet(event: ParcelSent) -> None:
            if event.parcel_id == "late":
                raise RetryLater("later")

        first, clerk, publish, refusals = wait_name(queue_name(depot), 0), Clerk(not_yet), Exchange.publish, [1, 2, 3]

        async def full(self: Exchange, message: Any, routing_key: str, **options: Any) -> Any:
            if routing_key == first and refusals:
                raise DeliveryError(None, Basic.Nack(delivery_tag=refusals.pop()))
            return await publish(self, message, routing_key, **options)

        monkeypatch.setattr(Exchange, "publish", full)
        async with consuming(servers.amqp_url, depot, clerk, concurrency=1):
            await send(channel, depot, sealed("late"))
            await send(channel, depot, sealed("other"))
            await until_equal(lambda: depth(channel, first), lambda count: count == 1)
            await until(lambda: clerk.parcels == ["other"])
        assert refusals == []
        assert clerk.tried == {"late": 1, "other": 1}


class TestOutage:
    async def test_of_the_database_uses_up_no_attempt_and_parks_nothing(
        self, servers: Servers, channel: AbstractChannel, depot: str
    ) -> None:
        away = True

        async def act(_: ParcelSent) -> None:
            if away:
                raise AutoReconnect("the database is away")

        clerk = Clerk(act)
        async with consuming(servers.amqp_url, depot, clerk, concurrency=2) as running:
            for number in range(10):
                await send(channel, depot, sealed(f"p{number}"))
            await until(lambda: clerk.tried.total() >= 20)
            assert clerk.handled == []
            assert running.health.ready("consumer")
            away = False
            await until(lambda: len(clerk.handled) == 10)
            await running.stop()
        assert await count_parked(servers.amqp_url, depot) == 0
        for rung in range(len(LADDER_SECONDS)):
            assert await depth(channel, wait_name(queue_name(depot), rung)) == 0
        assert sorted(clerk.parcels) == [f"p{number}" for number in range(10)]

    async def test_of_the_database_does_not_hold_up_a_stop(
        self, servers: Servers, channel: AbstractChannel, depot: str
    ) -> None:
        async def act(_: ParcelSent) -> None:
            raise AutoReconnect("the database is away")

        clerk = Clerk(act)
        async with consuming(servers.amqp_url, depot, clerk) as running:
            await send(channel, depot, sealed("a"))
            await until(lambda: clerk.tried.total() > 2)
            await running.stop(seconds=DRAIN_SECONDS / 2)
        assert await until_equal(lambda: depth(channel, queue_name(depot)), lambda count: count == 1) == 1

    async def test_of_the_broker_is_outlasted(self, servers: Servers, channel: AbstractChannel, depot: str) -> None:
        clerk = Clerk()
        async with proxied(servers.amqp_url) as (proxy, url), consuming(url, depot, clerk) as running:
            await proxy.cut()
            await until(lambda: not running.health.ready("consumer"))
            await send(channel, depot, sealed("a"))
            await asyncio.sleep(0.2)
            await proxy.restore()
            await until(lambda: clerk.parcels == ["a"])
            await running.ready()

    async def test_of_the_broker_at_the_start_is_outlasted(
        self, servers: Servers, channel: AbstractChannel, depot: str
    ) -> None:
        clerk, health = Clerk(), Health()
        consumer = Consumer(depot, dispatcher_of(depot, clerk), health)
        async with proxied(servers.amqp_url) as (proxy, url):
            await proxy.cut()
            task = asyncio.create_task(consumer.run(url))
            await asyncio.sleep(0.2)
            assert not health.ready("consumer")
            assert not task.done()
            await proxy.restore()
            await until(lambda: health.ready("consumer"))
            await send(channel, depot, sealed("a"))
            await until(lambda: clerk.parcels == ["a"])
            consumer.stopping.set()
            await asyncio.wait_for(task, 30)

    async def test_of_the_broker_does_not_hold_up_a_stop(self, depot: str) -> None:
        consumer = Consumer(depot, dispatcher_of(depot, Clerk()), Health())
        task = asyncio.create_task(consumer.run("amqp://guest:guest@127.0.0.1:9/"))
        await asyncio.sleep(0.1)
        consumer.stopping.set()
        await asyncio.wait_for(task, 15)


class TestRecovery:
    async def test_when_the_queue_was_deleted(self, servers: Servers, channel: AbstractChannel, depot: str) -> None:
        clerk = Clerk()
        async with consuming(servers.amqp_url, depot, clerk) as running:
            await channel.queue_delete(queue_name(depot))
            await until(lambda: not running.health.ready("consumer"))
            await running.ready()
            await send(channel, depot, sealed("a"))
            await until(lambda: clerk.parcels == ["a"])

    async def test_when_a_rung_of_the_ladder_was_deleted(
        self, servers: Servers, channel: AbstractChannel, depot: str
    ) -> None:
        async def not_yet(_: ParcelSent) -> None:
            raise RetryLater("later")

        first = wait_name(queue_name(depot), 0)
        async with consuming(servers.amqp_url, depot, Clerk(not_yet)):
            await channel.queue_delete(first)
            await send(channel, depot, sealed("a"))
            await asyncio.sleep(0.3)
            await until_equal(lambda: depth(channel, first), lambda count: count == 1)

    async def test_when_the_broker_closed_the_channel(
        self, servers: Servers, channel: AbstractChannel, depot: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        clerk, acknowledge, twice = Clerk(), Settler.acknowledge, iter([True])

        async def acknowledge_twice(self: Settler, message: Any) -> None:
            await acknowledge(self, message)
            if next(twice, False):
                await message.channel.basic_ack(message.delivery_tag)

        monkeypatch.setattr(Settler, "acknowledge", acknowledge_twice)
        async with consuming(servers.amqp_url, depot, clerk) as running:
            await send(channel, depot, sealed("a"))
            await until(lambda: not running.health.ready("consumer"))
            await running.ready()
            await send(channel, depot, sealed("b"))
            await until(lambda: "b" in clerk.parcels)
        assert clerk.parcels == ["a", "b"]

    async def test_of_a_message_whose_acknowledgement_failed(
        self, servers: Servers, channel: AbstractChannel, depot: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        clerk, acknowledge, fails, outcomes = Clerk(), Settler.acknowledge, iter([True]), []
        dispatcher = dispatcher_of(depot, clerk)
        dispatch = dispatcher.dispatch

        async def failing_once(self: Settler, message: Any) -> None:
            if next(fails, False):
                raise ConnectionError("the worker was killed here")
            await acknowledge(self, message)

        async def noted(envelope: Envelope) -> Outcome:
            outcomes.append(type(await dispatch(envelope)).__name__)
            return Done()

        monkeypatch.setattr(Settler, "acknowledge", failing_once)
        monkeypatch.setattr(dispatcher, "dispatch", noted)
        async with consuming(servers.amqp_url, depot, dispatcher) as running:
            await send(channel, depot, sealed("a"))
            await until(lambda: len(outcomes) == 2)
            await running.ready()
            await running.stop()
        assert outcomes == ["Done", "Duplicate"]
        assert clerk.parcels == ["a"]
        assert await depth(channel, queue_name(depot)) == 0

    async def test_of_everything_through_cuts_at_any_moment(
        self, servers: Servers, channel: AbstractChannel, depot: str
    ) -> None:
        clerk = Clerk()
        async with proxied(servers.amqp_url) as (proxy, url), consuming(url, depot, clerk):
            for number in range(60):
                await send(channel, depot, sealed(f"p{number}"))
                if number % 6 == 0:
                    proxy.reset()
            await until(lambda: len(set(clerk.parcels)) == 60)
            await until_equal(lambda: depth(channel, queue_name(depot)), lambda count: count == 0)
        assert len(clerk.parcels) == 60, "the inbox lets each event through once"
        assert await count_parked(servers.amqp_url, depot) == 0


class TestConcurrency:
    async def test_is_bounded(self, servers: Servers, channel: AbstractChannel, depot: str) -> None:
        present, most = 0, 0

        async def act(_: ParcelSent) -> None:
            nonlocal present, most
            present += 1
            most = max(most, present)
            await asyncio.sleep(0.02)
            present -= 1

        clerk = Clerk(act)
        await declare_consumer(channel, depot, [ParcelSent.event_type])
        for number in range(20):  # all of them wait before any is handled, however slow the broker
            await send(channel, depot, sealed(f"p{number}"))
        async with consuming(servers.amqp_url, depot, clerk, concurrency=3):
            await until(lambda: len(clerk.handled) == 20)
        assert most == 3

    async def test_keeps_the_order_of_a_stream(self, servers: Servers, channel: AbstractChannel, depot: str) -> None:
        async def act(event: ParcelSent) -> None:
            await asyncio.sleep(0.02 if event.parcel_id == "a" else 0)

        clerk = Clerk(act)
        async with consuming(servers.amqp_url, depot, clerk, concurrency=8):
            for seq in range(1, 11):
                await send(channel, depot, sealed("a", seq))
                await send(channel, depot, sealed("b", seq))
            await until(lambda: len(clerk.handled) == 20)
        for parcel in ("a", "b"):
            assert [seq for one, seq in clerk.handled if one == parcel] == list(range(1, 11))

    async def test_lets_a_busy_stream_take_no_other_streams_place(
        self, servers: Servers, channel: AbstractChannel, depot: str
    ) -> None:
        done = asyncio.Event()

        async def act(event: ParcelSent) -> None:
            if event.parcel_id == "busy":
                await done.wait()

        clerk = Clerk(act)
        async with consuming(servers.amqp_url, depot, clerk, concurrency=2):
            for seq in range(1, 4):
                await send(channel, depot, sealed("busy", seq))
            await send(channel, depot, sealed("quiet"))
            await until(lambda: clerk.parcels == ["quiet"])
            done.set()
            await until(lambda: len(clerk.handled) == 4)

    async def test_keeps_no_lock_of_a_stream_it_is_done_with(
        self, servers: Servers, channel: AbstractChannel, depot: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made: list[Settler] = []
        create = Settler.__init__

        def noted(self: Settler, *args: Any, **options: Any) -> None:
            create(self, *args, **options)
            made.append(self)

        monkeypatch.setattr(Settler, "__init__", noted)
        clerk = Clerk()
        async with consuming(servers.amqp_url, depot, clerk):
            for number in range(30):
                await send(channel, depot, sealed(f"p{number}"))
            await until(lambda: len(clerk.handled) == 30)
            await until(lambda: len(made[0]._locks) == 0)


class TestStop:
    async def test_finishes_what_is_in_hand_and_takes_nothing_more(
        self, servers: Servers, channel: AbstractChannel, depot: str
    ) -> None:
        async def act(_: ParcelSent) -> None:
            await asyncio.sleep(0.2)

        clerk = Clerk(act)
        async with consuming(servers.amqp_url, depot, clerk, concurrency=2) as running:
            for number in range(12):
                await send(channel, depot, sealed(f"p{number}"))
            await until(lambda: clerk.tried.total() >= 2)
            await running.stop()
            assert not running.health.ready("consumer")
        left = await until_equal(
            lambda: depth(channel, queue_name(depot)), lambda count: count + len(clerk.handled) == 12
        )
        assert left > 0
        assert clerk.tried.total() == len(clerk.handled), "nothing was begun and left"

    async def test_leaves_what_takes_too_long_to_the_next(
        self, servers: Servers, channel: AbstractChannel, depot: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("services.chassis.bus.consumer.DRAIN_SECONDS", 0.2)

        async def act(_: ParcelSent) -> None:
            await asyncio.sleep(60)

        clerk = Clerk(act)
        async with consuming(servers.amqp_url, depot, clerk) as running:
            await send(channel, depot, sealed("a"))
            await until(lambda: clerk.tried.total() == 1)
            await running.stop(seconds=30)
        assert await until_equal(lambda: depth(channel, queue_name(depot)), lambda count: count == 1) == 1


class TestDeliveryLimit:
    async def test_parks_what_was_delivered_too_often_and_says_so(
        self, servers: Servers, channel: AbstractChannel, depot: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("services.chassis.bus.topology.DELIVERY_LIMIT", 3)
        queue = await declare_consumer(channel, depot, [ParcelSent.event_type])
        one = sealed("a")
        await send(channel, depot, one)
        for _ in range(4):
            message = await until_equal(lambda: queue.get(fail=False), lambda found: found is not None)
            assert message
            await message.nack(requeue=True)
        await until_equal(lambda: depth(channel, parked_name(queue_name(depot))), lambda count: count == 1)
        [parked] = await list_parked(servers.amqp_url, depot)
        assert (parked.id, parked.reason) == (one.id, "delivered too often without being settled")


class TestSpan:
    async def test_of_a_handling_belongs_to_the_trace_of_the_message(
        self, servers: Servers, channel: AbstractChannel, depot: str, spans: InMemorySpanExporter
    ) -> None:
        clerk = Clerk()
        async with consuming(servers.amqp_url, depot, clerk) as running:
            traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
            await send(channel, depot, sealed("a"), traceparent=traceparent)
            await until(lambda: clerk.parcels == ["a"])
            await running.stop()
        [span] = [one for one in spans.get_finished_spans() if one.name == "process post.parcel.sent.v1"]
        assert span.context
        assert f"{span.context.trace_id:032x}" == "0af7651916cd43dd8448eb211c80319c"
        assert span.attributes
        assert span.attributes["lontar.outcome"] == "Done"

    async def test_is_kept_on_the_ladder(self, servers: Servers, channel: AbstractChannel, depot: str) -> None:
        async def not_yet(_: ParcelSent) -> None:
            raise RetryLater("later")

        traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        first = wait_name(queue_name(depot), 0)
        async with consuming(servers.amqp_url, depot, Clerk(not_yet)):
            await send(channel, depot, sealed("a"), traceparent=traceparent)
            await until_equal(lambda: depth(channel, first), lambda count: count == 1)
        waiting = await take(channel, first)
        assert waiting
        assert waiting.headers["traceparent"] == traceparent


class TestOutcome:
    async def test_retry_is_told_from_a_fault(self) -> None:
        assert isinstance(await dispatcher_of("x", Clerk()).dispatch(envelope("a")), Done)

        async def broken(_: ParcelSent) -> None:
            raise ValueError("a bug")

        assert await dispatcher_of("x", Clerk(broken)).dispatch(envelope("a")) == Retry("x.parcel: ValueError: a bug")


def envelope(parcel: str) -> Envelope:
    return unseal(sealed(parcel).body)
