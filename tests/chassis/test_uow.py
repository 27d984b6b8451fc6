"""The unit of work on the real database, beyond what the contract suite asks of its double too."""

import asyncio

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from pymongo.errors import OperationFailure

from services.chassis.inbox import AlreadyHandled
from services.chassis.mongo import Database
from services.chassis.outbox import COLLECTION, StreamVersionTaken
from services.chassis.uow import MongoUnitOfWork, Transaction
from tests.chassis.sample import ParcelSent


class TestRun:
    async def test_commits_state_and_events_together(self, database: Database) -> None:
        async def work(transaction: Transaction) -> None:
            await database.parcels.insert_one({"_id": "a", "at": transaction.now}, session=transaction.session)
            transaction.publish(ParcelSent(parcel_id="a"), seq=1)

        await MongoUnitOfWork(database).run(work)
        assert await database.parcels.count_documents({}) == 1
        row = await database[COLLECTION].find_one({})
        assert row
        assert (row["stream"], row["seq"], row["type"]) == ("parcel/a", 1, "id.lontar.post.parcel.sent.v1")

    async def test_rolls_state_back_when_the_version_is_taken(self, database: Database) -> None:
        unit = MongoUnitOfWork(database)

        async def work(transaction: Transaction) -> None:
            await database.parcels.insert_one({}, session=transaction.session)
            transaction.publish(ParcelSent(parcel_id="a"), seq=1)

        await unit.run(work)
        with pytest.raises(StreamVersionTaken):
            await unit.run(work)
        assert await database.parcels.count_documents({}) == 1

    async def test_writers_of_one_aggregate_take_turns_and_lose_no_change(self, database: Database) -> None:
        await database.parcels.insert_one({"_id": "a", "version": 0})
        unit = MongoUnitOfWork(database)

        async def work(transaction: Transaction) -> None:
            found = await database.parcels.find_one({"_id": "a"}, session=transaction.session)
            assert found
            version = found["version"] + 1
            await database.parcels.update_one({"_id": "a"}, {"$set": {"version": version}}, session=transaction.session)
            transaction.publish(ParcelSent(parcel_id="a"), seq=version)

        await asyncio.gather(*(unit.run(work) for _ in range(10)))
        rows = await database[COLLECTION].find({}).to_list(None)
        assert sorted(row["seq"] for row in rows) == list(range(1, 11))

    async def test_two_that_publish_one_version_at_once_end_as_one_and_a_refusal(self, database: Database) -> None:
        unit = MongoUnitOfWork(database)
        both = asyncio.Barrier(2)
        first_runs = iter([True, True])

        async def work(transaction: Transaction) -> str:
            if next(first_runs, False):
                await both.wait()
            await database.parcels.insert_one({}, session=transaction.session)
            transaction.publish(ParcelSent(parcel_id="a"), seq=1)
            return "won"

        results = await asyncio.gather(unit.run(work), unit.run(work), return_exceptions=True)
        assert sorted(map(str, results)) == ["parcel/a", "won"]
        assert await database.parcels.count_documents({}) == 1
        assert await database[COLLECTION].count_documents({}) == 1

    async def test_a_rerun_publishes_its_own_events_alone(self, database: Database) -> None:
        clashes = iter([True])

        async def work(transaction: Transaction) -> None:
            transaction.publish(ParcelSent(parcel_id="a"), seq=1)
            if next(clashes, False):
                raise OperationFailure("WriteConflict", 112, {"errorLabels": ["TransientTransactionError"]})

        await MongoUnitOfWork(database).run(work)
        assert await database[COLLECTION].count_documents({}) == 1

    async def test_wakes_the_relay_after_a_commit_with_events_only(self, database: Database) -> None:
        unit = MongoUnitOfWork(database)

        async def silent(transaction: Transaction) -> None:
            await database.parcels.insert_one({}, session=transaction.session)

        async def failing(transaction: Transaction) -> None:
            transaction.publish(ParcelSent(parcel_id="a"), seq=1)
            raise LookupError

        async def telling(transaction: Transaction) -> None:
            transaction.publish(ParcelSent(parcel_id="a"), seq=1)

        await unit.run(silent)
        with pytest.raises(LookupError):
            await unit.run(failing)
        assert not unit.committed.is_set()
        await unit.run(telling)
        assert unit.committed.is_set()

    async def test_keeps_the_trace_of_the_act_with_the_event(
        self, database: Database, spans: InMemorySpanExporter
    ) -> None:
        async def work(transaction: Transaction) -> None:
            transaction.publish(ParcelSent(parcel_id="a"), seq=1)

        with trace.get_tracer("test").start_as_current_span("request") as request:
            await MongoUnitOfWork(database).run(work)
        row = await database[COLLECTION].find_one({})
        assert row
        assert f"{request.get_span_context().trace_id:032x}" in row["trace"]["traceparent"]
        assert row["trace"]["traceparent"].encode() in bytes(row["body"])


class TestHandle:
    async def test_of_one_event_at_once_takes_effect_once(self, database: Database) -> None:
        unit = MongoUnitOfWork(database)

        async def work(transaction: Transaction) -> None:
            await database.parcels.insert_one({}, session=transaction.session)
            transaction.publish(ParcelSent(parcel_id="a"), seq=1)

        results = await asyncio.gather(
            *(unit.handle("event-1", "post.parcel", work) for _ in range(10)), return_exceptions=True
        )
        assert sum(result is None for result in results) == 1
        assert sum(isinstance(result, AlreadyHandled) for result in results) == 9
        assert await database.parcels.count_documents({}) == 1
