"""The relay: nothing lost, nothing marked before its confirm, order kept in a stream, one active at a time."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest
from aio_pika.abc import AbstractChannel
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry import trace
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from services.chassis import relay as subject
from services.chassis.bus import connection as connections
from services.chassis.bus.publisher import Outgoing
from services.chassis.bus.topology import declare_consumer, queue_name
from services.chassis.health import Health
from services.chassis.lease import Lease
from services.chassis.mongo import Database, PyMongoError, connect
from services.chassis.outbox import COLLECTION, Outbox, Pending
from services.chassis.relay import Relay, waves
from services.chassis.settings import Settings
from services.chassis.uow import MongoUnitOfWork, Transaction
from tests.chassis.bus.samples import depth, take
from tests.chassis.proxy import proxied
from tests.chassis.sample import ParcelSent
from tests.servers import Servers
from tests.waiting import until, until_equal


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "BACKOFF_SECONDS", (0.05,))


class Broker:
    """A publisher that records, refuses what it was told to, and can break."""

    def __init__(self) -> None:
        self.taken: list[Outgoing] = []
        self.refused: set[str] = set()
        self.broken = False
        self.most_of_a_stream_at_once = 0

    async def publish(self, batch: Sequence[Outgoing]) -> list[str | None]:
        if self.broken:
            raise ConnectionError("the connection was lost before the confirm")
        await asyncio.sleep(0)
        self.taken += [one for one in batch if one.id not in self.refused]
        return ["refused by the broker" if one.id in self.refused else None for one in batch]

    @property
    def ids(self) -> list[str]:
        return [one.id for one in self.taken]


def relay_of(database: Database, *, lease_seconds: float = 6.0, batch: int = 500) -> Relay:
    lease = Lease(database, "relay", seconds=lease_seconds)
    return Relay("post", Outbox(database), lease, asyncio.Event(), Health(), batch=batch, poll_seconds=0.1)


async def committed(database: Database, *events: tuple[str, int]) -> list[str]:
    """Commit one event after the other; gives their ids."""
    unit = MongoUnitOfWork(database)

    async def commit(parcel: str, seq: int) -> str:
        async def work(transaction: Transaction) -> str:
            return transaction.publish(ParcelSent(parcel_id=parcel), seq=seq)

        return await unit.run(work)

    return [await commit(*event) for event in events]


async def pending_ids(database: Database) -> list[str]:
    rows = await database[COLLECTION].find({"due_at": {"$exists": True}}).to_list(None)
    return sorted(row["_id"] for row in rows)


class TestRelayOnce:
    async def test_publishes_then_marks(self, database: Database) -> None:
        ids, broker = await committed(database, ("a", 1), ("b", 1), ("a", 2)), Broker()
        assert await relay_of(database).relay_once(broker) == 3
        assert sorted(broker.ids) == ids
        rows = await database[COLLECTION].find({}).to_list(None)
        assert all("sent_at" in row and "due_at" not in row for row in rows)

    async def test_publishes_what_was_committed_and_not_a_byte_else(self, database: Database) -> None:
        [identifier] = await committed(database, ("a", 1))
        broker = Broker()
        await relay_of(database).relay_once(broker)
        row = await database[COLLECTION].find_one({"_id": identifier})
        assert row
        [sent] = broker.taken
        assert (sent.body, sent.type, sent.routing_key) == (
            bytes(row["body"]),
            "id.lontar.post.parcel.sent.v1",
            "post.parcel.sent.v1",
        )

    async def test_publishes_nothing_twice(self, database: Database) -> None:
        ids, broker, relay = await committed(database, ("a", 1), ("b", 1)), Broker(), relay_of(database)
        await relay.relay_once(broker)
        assert await relay.relay_once(broker) == 0
        assert sorted(broker.ids) == ids

    async def test_keeps_the_order_of_a_stream(self, database: Database) -> None:
        events = [(parcel, seq) for seq in range(1, 9) for parcel in "abc"]
        ids, broker = await committed(database, *events), Broker()
        await relay_of(database).relay_once(broker)
        for number, parcel in enumerate("abc"):
            of_stream = ids[number::3]
            assert [one for one in broker.ids if one in of_stream] == of_stream, parcel

    async def test_takes_a_backlog_batch_by_batch_in_order(self, database: Database) -> None:
        ids, broker = await committed(database, *(("a", seq) for seq in range(1, 12))), Broker()
        relay = relay_of(database, batch=4)
        assert [await relay.relay_once(broker) for _ in range(4)] == [4, 4, 3, 0]
        assert broker.ids == ids

    async def test_leaves_what_is_not_due_yet(self, database: Database) -> None:
        ids, broker = await committed(database, ("a", 1), ("b", 1)), Broker()
        row = await database[COLLECTION].find_one({"_id": ids[0]})
        assert row
        await database[COLLECTION].update_one(
            {"_id": ids[0]}, {"$set": {"due_at": row["due_at"].replace(year=row["due_at"].year + 1)}}
        )
        await relay_of(database).relay_once(broker)
        assert broker.ids == [ids[1]]


class TestRefusal:
    async def test_holds_back_its_own_stream_and_no_other(self, database: Database) -> None:
        ids = await committed(database, ("a", 1), ("b", 1), ("a", 2), ("b", 2), ("a", 3))
        broker = Broker()
        broker.refused = {ids[0]}
        await relay_of(database).relay_once(broker)
        assert broker.ids == [ids[1], ids[3]]
        assert await pending_ids(database) == [ids[0], ids[2], ids[4]]

    async def test_in_the_middle_of_a_stream_lets_nothing_overtake(
        self, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(subject, "HOLD_SECONDS", 0.2)
        ids, broker, relay = await committed(database, *(("a", n) for n in range(1, 6))), Broker(), relay_of(database)
        broker.refused = {ids[2]}
        await relay.relay_once(broker)
        await relay.relay_once(broker)
        assert broker.ids == ids[:2]
        broker.refused = set()
        await asyncio.sleep(0.25)
        await relay.relay_once(broker)
        assert broker.ids == ids

    async def test_of_a_whole_batch_keeps_the_rest_of_the_backlog_moving(self, database: Database) -> None:
        ids = await committed(database, ("a", 1), ("b", 1), ("c", 1), ("d", 1))
        broker, relay = Broker(), relay_of(database, batch=2)
        broker.refused = set(ids[:2])
        await relay.relay_once(broker)
        await relay.relay_once(broker)
        assert broker.ids == ids[2:]


class TestCrash:
    async def test_before_the_confirm_marks_nothing(self, database: Database) -> None:
        ids, broker, relay = await committed(database, ("a", 1)), Broker(), relay_of(database)
        broker.broken = True
        with pytest.raises(ConnectionError):
            await relay.relay_once(broker)
        assert await pending_ids(database) == ids
        broker.broken = False
        await relay.relay_once(broker)
        assert broker.ids == ids

    async def test_between_confirm_and_mark_publishes_the_same_id_again(
        self, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ids, broker = await committed(database, ("a", 1), ("a", 2)), Broker()

        async def crash(*_: object) -> None:
            raise PyMongoError("killed here")

        with monkeypatch.context() as dying:
            dying.setattr(Outbox, "mark_sent", crash)
            with pytest.raises(PyMongoError):
                await relay_of(database).relay_once(broker)
        assert await pending_ids(database) == ids
        await relay_of(database).relay_once(broker)
        assert set(broker.ids) == set(ids)
        assert broker.ids.count(ids[0]) == 2
        assert await pending_ids(database) == []

    async def test_in_the_middle_of_a_batch_keeps_what_was_marked(self, database: Database) -> None:
        ids, broker = await committed(database, ("a", 1), ("a", 2), ("a", 3)), Broker()
        publish, calls = broker.publish, iter([False, True])

        async def breaking(batch: Sequence[Outgoing]) -> list[str | None]:
            broker.broken = next(calls)
            return await publish(batch)

        broker.publish = breaking  # type: ignore[method-assign]
        with pytest.raises(ConnectionError):
            await relay_of(database).relay_once(broker)
        assert await pending_ids(database) == ids[1:]


streams = st.lists(st.tuples(st.sampled_from("abcd"), st.integers(1, 30)), max_size=60, unique=True)


def pending(events: list[tuple[str, int]]) -> list[Pending]:
    return [Pending(f"{stream}{seq}", stream, seq, "t", b"") for stream, seq in events]


class TestWaves:
    @given(streams)
    def test_lose_nothing_and_double_nothing(self, events: list[tuple[str, int]]) -> None:
        batch = pending(events)
        assert sorted(one.id for wave in waves(batch) for one in wave) == sorted(one.id for one in batch)

    @given(streams)
    def test_hold_at_most_one_event_of_a_stream_each(self, events: list[tuple[str, int]]) -> None:
        for wave in waves(pending(events)):
            assert len({one.stream for one in wave}) == len(wave) > 0

    @given(streams)
    def test_keep_the_order_of_every_stream(self, events: list[tuple[str, int]]) -> None:
        sent = [one for wave in waves(pending(events)) for one in wave]
        for stream in {one.stream for one in sent}:
            versions = [one.seq for one in sent if one.stream == stream]
            assert versions == sorted(versions)

    @given(streams)
    def test_are_no_more_than_the_longest_stream(self, events: list[tuple[str, int]]) -> None:
        longest = max((sum(1 for s, _ in events if s == stream) for stream, _ in events), default=0)
        assert len(waves(pending(events))) == longest


@asynccontextmanager
async def relaying(relay: Relay, url: str) -> AsyncIterator["asyncio.Task[None]"]:
    task = asyncio.create_task(relay.run(url))
    try:
        yield task
        assert not task.done() or task.exception() is None
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def stopped(relay: Relay, task: "asyncio.Task[None]", seconds: float = 30) -> None:
    relay.stopping.set()
    await asyncio.wait_for(asyncio.shield(task), seconds)


@pytest.fixture
async def post(channel: AbstractChannel, depot: str) -> str:
    """The name of a queue that gets every parcel event."""
    await declare_consumer(channel, depot, [ParcelSent.event_type])
    return queue_name(depot)


class TestRun:
    async def test_carries_events_to_the_broker(
        self, database: Database, servers: Servers, channel: AbstractChannel, post: str
    ) -> None:
        relay = relay_of(database)
        async with relaying(relay, servers.amqp_url):
            [identifier] = await committed(database, ("a", 1))
            message = await until_equal(lambda: take(channel, post), lambda found: found is not None)
            assert message
            assert message.message_id == identifier
            await until_equal(lambda: pending_ids(database), lambda found: found == [])

    async def test_goes_on_when_the_broker_returns(
        self, database: Database, servers: Servers, channel: AbstractChannel, post: str
    ) -> None:
        relay = relay_of(database)
        async with proxied(servers.amqp_url) as (proxy, url), relaying(relay, url):
            await until(lambda: relay._health.ready("relay"))
            await proxy.cut()
            await until(lambda: not relay._health.ready("relay"))
            await committed(database, *((f"p{n}", 1) for n in range(20)))
            await asyncio.sleep(0.2)
            assert len(await pending_ids(database)) == 20
            await proxy.restore()
            await until_equal(lambda: depth(channel, post), lambda count: count == 20)

    async def test_loses_nothing_through_cuts_at_any_moment(
        self, database: Database, servers: Servers, channel: AbstractChannel, post: str
    ) -> None:
        relay = relay_of(database)
        async with proxied(servers.amqp_url) as (proxy, url), relaying(relay, url):
            ids = set()
            for number in range(30):
                ids |= set(await committed(database, (f"p{number % 7}", number)))
                if number % 5 == 0:
                    proxy.reset()
            await until_equal(lambda: pending_ids(database), lambda found: found == [])
        got = set()

        async def taken() -> set[str | None]:
            while message := await take(channel, post):
                got.add(message.message_id)
            return got

        await until_equal(taken, ids.__eq__)

    async def test_goes_on_when_the_database_returns(
        self, database: Database, settings: Settings, servers: Servers, channel: AbstractChannel, post: str
    ) -> None:
        async with proxied(settings.mongo_url.get_secret_value()) as (proxy, url):
            distant = connect(url, settings.mongo_database)
            relay = relay_of(distant)
            async with relaying(relay, servers.amqp_url) as task:
                await committed(database, ("a", 1))
                await until_equal(lambda: depth(channel, post), lambda count: count == 1)
                await proxy.cut()
                await committed(database, ("a", 2))
                await asyncio.sleep(0.5)
                assert not task.done()
                await proxy.restore()
                await until_equal(lambda: depth(channel, post), lambda count: count >= 2)
                await until_equal(lambda: pending_ids(database), lambda found: found == [])
            await asyncio.to_thread(distant.client.close)

    async def test_wakes_before_the_poll_when_told(self, database: Database, servers: Servers, post: str) -> None:
        relay = relay_of(database)
        relay._poll = 30
        async with relaying(relay, servers.amqp_url):
            await until(lambda: relay._health.ready("relay"))
            await asyncio.sleep(0.3)
            await committed(database, ("a", 1))
            relay._wake.set()
            await until_equal(lambda: pending_ids(database), lambda found: found == [], 15)

    async def test_stops_at_once_without_a_broker(self, database: Database) -> None:
        relay = relay_of(database)
        async with relaying(relay, "amqp://guest:guest@127.0.0.1:9/") as task:
            await asyncio.sleep(0.1)
            await stopped(relay, task, 15)

    async def test_publishes_what_is_pending_before_it_stops(
        self, database: Database, servers: Servers, channel: AbstractChannel, post: str
    ) -> None:
        relay = relay_of(database)
        relay._poll = 30
        async with relaying(relay, servers.amqp_url) as task:
            await until(lambda: relay._health.ready("relay"))
            await asyncio.sleep(0.3)
            await committed(database, ("a", 1))
            await stopped(relay, task)
            assert not relay._health.ready("relay")
        assert await until_equal(lambda: depth(channel, post), lambda count: count == 1)


class TestLease:
    async def test_lets_one_of_two_relays_publish(
        self, database: Database, servers: Servers, channel: AbstractChannel, post: str
    ) -> None:
        one, two = relay_of(database), relay_of(database)
        async with relaying(one, servers.amqp_url), relaying(two, servers.amqp_url):
            await committed(database, *((f"p{n}", 1) for n in range(30)))
            await until_equal(lambda: pending_ids(database), lambda found: found == [])
            await asyncio.sleep(0.2)
            assert await depth(channel, post) == 30

    async def test_passes_on_at_once_when_the_holder_stops(
        self, database: Database, servers: Servers, post: str
    ) -> None:
        one, two = relay_of(database, lease_seconds=60), relay_of(database, lease_seconds=60)
        async with relaying(one, servers.amqp_url) as first:
            await until_equal(lambda: holder(database), lambda found: found == one._lease._candidate)
            async with relaying(two, servers.amqp_url):
                await stopped(one, first)
                await committed(database, ("a", 1))
                await until_equal(lambda: pending_ids(database), lambda found: found == [], 30)

    async def test_passes_on_at_once_when_the_holder_stops_without_a_broker(
        self, database: Database, servers: Servers, post: str
    ) -> None:
        one, two = relay_of(database, lease_seconds=60), relay_of(database, lease_seconds=60)
        async with proxied(servers.amqp_url) as (proxy, url), relaying(one, url) as first:
            await until_equal(lambda: holder(database), lambda found: found == one._lease._candidate)
            await proxy.cut()
            await until(lambda: not one._health.ready("relay"))
            await stopped(one, first)
            async with relaying(two, servers.amqp_url):
                await committed(database, ("a", 1))
                await until_equal(lambda: pending_ids(database), lambda found: found == [], 30)

    async def test_is_taken_over_when_the_holder_died(self, database: Database, servers: Servers, post: str) -> None:
        one, two = relay_of(database, lease_seconds=1), relay_of(database, lease_seconds=1)
        async with relaying(one, servers.amqp_url):
            await until_equal(lambda: holder(database), lambda found: found == one._lease._candidate)
        await committed(database, ("a", 1))
        assert await holder(database) == one._lease._candidate, "a killed relay releases nothing"
        async with relaying(two, servers.amqp_url):
            await until_equal(lambda: pending_ids(database), lambda found: found == [], 30)


async def holder(database: Database) -> str | None:
    lease = await database["leases"].find_one({"_id": "relay"})
    return lease["holder"] if lease else None


class TestSpan:
    async def test_of_a_sending_belongs_to_the_trace_of_the_commit(
        self, database: Database, spans: InMemorySpanExporter
    ) -> None:
        with trace.get_tracer("test").start_as_current_span("request") as request:
            await committed(database, ("a", 1))
        broker = Broker()
        await relay_of(database).relay_once(broker)
        [sending] = [one for one in spans.get_finished_spans() if one.name == "send post.parcel.sent.v1"]
        assert sending.context
        assert sending.parent
        assert sending.context.trace_id == request.get_span_context().trace_id
        assert f"{sending.context.span_id:016x}" in broker.taken[0].trace["traceparent"]
