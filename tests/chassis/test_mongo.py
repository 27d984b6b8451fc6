"""Transactions: rerun on a clash, rolled back on an error, never stuck in an outage."""

import asyncio
from time import monotonic
from typing import Any

import pytest
from pymongo.errors import (
    AutoReconnect,
    BulkWriteError,
    ExecutionTimeout,
    NetworkTimeout,
    NotPrimaryError,
    OperationFailure,
    ServerSelectionTimeoutError,
    WaitQueueTimeoutError,
)

from services.chassis import mongo
from services.chassis.mongo import (
    Database,
    DuplicateKeyError,
    IndexModel,
    PyMongoError,
    Session,
    connect,
    ensure_indexes,
    is_outage,
    ping,
    run_transaction,
    take_document,
)
from services.chassis.settings import Settings
from tests.chassis.proxy import proxied

DOUBLE = DuplicateKeyError("E11000 duplicate key error")
CLASH = OperationFailure("WriteConflict", 112, {"errorLabels": ["TransientTransactionError"]})


class TestRunTransaction:
    async def test_commits_what_the_work_did(self, database: Database) -> None:
        async def work(session: Session) -> str:
            await database.things.insert_one({"_id": 1}, session=session)
            return "done"

        assert await run_transaction(database, work) == "done"
        assert await database.things.count_documents({}) == 1

    @pytest.mark.parametrize("error", [LookupError("no"), asyncio.CancelledError(), DuplicateKeyError("no")])
    async def test_leaves_nothing_when_the_work_raises(self, database: Database, error: BaseException) -> None:
        async def work(session: Session) -> None:
            await database.things.insert_one({"_id": 1}, session=session)
            raise error

        with pytest.raises(type(error)):
            await run_transaction(database, work)
        assert await database.things.count_documents({}) == 0
        await asyncio.wait_for(database.things.insert_one({"_id": 1}), 30)

    async def test_reruns_the_work_when_it_clashes(self, database: Database) -> None:
        await database.counters.insert_one({"_id": "n", "value": 0})
        runs = 0

        async def work(session: Session) -> None:
            nonlocal runs
            runs += 1
            found = await database.counters.find_one({"_id": "n"}, session=session)
            assert found
            await asyncio.sleep(0.01)
            await database.counters.update_one({"_id": "n"}, {"$set": {"value": found["value"] + 1}}, session=session)

        await asyncio.gather(*(run_transaction(database, work) for _ in range(8)))
        found = await database.counters.find_one({"_id": "n"})
        assert found == {"_id": "n", "value": 8}
        assert runs > 8, "they did clash"

    @pytest.mark.parametrize("met", ["double", "double, clash", "double, clash, double"])
    async def test_runs_again_after_a_double_met_once_on_end(self, database: Database, met: str) -> None:
        errors = [{"double": DOUBLE, "clash": CLASH}[one] for one in met.split(", ")]
        expected = len(errors) + 1
        runs = 0

        async def work(session: Session) -> None:
            nonlocal runs
            runs += 1
            await database.things.insert_one({"_id": 1}, session=session)
            if errors:
                raise errors.pop(0)

        await run_transaction(database, work)
        assert runs == expected
        assert await database.things.count_documents({}) == 1

    async def test_believes_a_double_that_is_met_twice_on_end(self, database: Database) -> None:
        errors = [DOUBLE, CLASH, DOUBLE, DOUBLE]

        async def work(session: Session) -> None:
            await database.things.insert_one({"_id": 1}, session=session)
            raise errors.pop(0)

        with pytest.raises(DuplicateKeyError):
            await run_transaction(database, work)
        assert errors == []
        assert await database.things.count_documents({}) == 0

    async def test_gives_a_clash_up_after_a_while(self, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(mongo, "TRANSACTION_SECONDS", 0.3)

        async def work(_: Session) -> None:
            raise OperationFailure("WriteConflict", 112, {"errorLabels": ["TransientTransactionError"]})

        with pytest.raises(OperationFailure) as caught:
            await asyncio.wait_for(run_transaction(database, work), 10)
        assert is_outage(caught.value), "not now, as against never"

    async def test_reports_an_outage_rather_than_waiting_it_out(self, database: Database, settings: Settings) -> None:
        async with proxied(settings.mongo_url.get_secret_value()) as (proxy, url):
            distant = connect(url, settings.mongo_database)
            began, longest = asyncio.Event(), 0.0

            async def work(session: Session) -> None:
                await distant.things.insert_one({"_id": 1}, session=session)
                await proxy.cut()
                began.set()
                await distant.things.insert_one({"_id": 2}, session=session)

            started = monotonic()
            task = asyncio.create_task(run_transaction(distant, work))
            await began.wait()
            while not task.done() and monotonic() - started < 60:
                slept = monotonic()
                await asyncio.sleep(0.01)
                longest = max(longest, monotonic() - slept)
            with pytest.raises(PyMongoError) as caught:
                await task
            assert is_outage(caught.value)
            assert monotonic() - started < mongo.TRANSACTION_SECONDS
            assert longest < 3, "the loop was blocked meanwhile"
            await proxy.restore()
            await asyncio.to_thread(distant.client.close)
        assert await database.things.count_documents({}) == 0

    async def test_never_reruns_after_a_commit_whose_outcome_is_unknown(
        self, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        runs, commit, answers = 0, Session.commit_transaction, iter(["lost", "forgotten"])

        async def unsure(self: Session) -> None:
            answer = next(answers)
            if answer == "lost":
                await commit(self)
                raise AutoReconnect("connection closed", {"errorLabels": ["UnknownTransactionCommitResult"]})
            raise OperationFailure("NoSuchTransaction", 251, {"errorLabels": ["TransientTransactionError"]})

        async def work(session: Session) -> None:
            nonlocal runs
            runs += 1
            await database.things.insert_one({"n": runs}, session=session)

        monkeypatch.setattr(Session, "commit_transaction", unsure)
        with pytest.raises(PyMongoError) as caught:
            await run_transaction(database, work)
        assert is_outage(caught.value)
        assert runs == 1
        assert await database.things.count_documents({}) == 1

    async def test_asks_again_whether_it_committed(self, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
        commit, lost = Session.commit_transaction, iter([True])

        async def unsure(self: Session) -> None:
            if next(lost, False):
                raise AutoReconnect("connection closed", {"errorLabels": ["UnknownTransactionCommitResult"]})
            await commit(self)

        async def work(session: Session) -> None:
            await database.things.insert_one({"_id": 1}, session=session)

        monkeypatch.setattr(Session, "commit_transaction", unsure)
        await run_transaction(database, work)
        assert await database.things.count_documents({}) == 1

    async def test_leaks_no_session(self, database: Database) -> None:
        async def failing(session: Session) -> None:
            await database.things.insert_one({"_id": 1}, session=session)
            raise LookupError

        for _ in range(20):
            with pytest.raises(LookupError):
                await run_transaction(database, failing)
        assert len(database.client.delegate._topology._session_pool) <= 2


class TestTakeDocument:
    async def test_who_holds_it_keeps_the_others_off_until_the_end(self, database: Database) -> None:
        await database.things.create_index("name", unique=True)
        await database.things.insert_one({"_id": "one", "name": "a", "value": 0})

        async def work(session: Session) -> None:
            held = await take_document(database.things, "one", session)
            assert held
            await asyncio.sleep(0.01)
            await database.things.update_one({"_id": "one"}, {"$set": {"value": held["value"] + 1}}, session=session)

        await asyncio.gather(*(run_transaction(database, work) for _ in range(8)))
        found = await database.things.find_one({"_id": "one"})
        assert found == {"_id": "one", "name": "a", "value": 8, "taken": 8}

    async def test_what_is_not_there_is_not_held(self, database: Database) -> None:
        async def work(session: Session) -> object:
            return await take_document(database.things, "one", session)

        assert await run_transaction(database, work) is None


class TestIsOutage:
    @pytest.mark.parametrize(
        "error",
        [
            AutoReconnect("x"),
            NetworkTimeout("x"),
            NotPrimaryError("x"),
            ServerSelectionTimeoutError("x"),
            WaitQueueTimeoutError("x"),
            ExecutionTimeout("x"),
            OperationFailure("x", 91),
            OperationFailure("x", 10107),
            OperationFailure("x", 112, {"errorLabels": ["TransientTransactionError"]}),
        ],
        ids=lambda error: f"{type(error).__name__}-{getattr(error, 'code', '')}",
    )
    def test_is_said_of_what_will_pass(self, error: BaseException) -> None:
        assert is_outage(error)

    @pytest.mark.parametrize(
        "error",
        [
            DuplicateKeyError("x"),
            OperationFailure("x", 13),
            BulkWriteError({"writeErrors": []}),
            ValueError("x"),
            OSError("x"),
            TimeoutError(),
        ],
        ids=lambda error: type(error).__name__,
    )
    def test_is_not_said_of_what_was_refused(self, error: BaseException) -> None:
        assert not is_outage(error)


class TestEnsureIndexes:
    async def test_again_changes_nothing(self, database: Database) -> None:
        indexes = {"things": [IndexModel([("a", 1)], name="by_a", unique=True)], "others": []}
        await ensure_indexes(database, indexes)
        await ensure_indexes(database, indexes)
        assert set(await database.things.index_information()) == {"_id_", "by_a"}

    async def test_by_several_at_once_is_no_trouble(self, database: Database) -> None:
        indexes = {"things": [IndexModel([("a", 1)], name="by_a", unique=True)]}
        await asyncio.gather(*(ensure_indexes(database, indexes) for _ in range(4)))

    async def test_never_silently_replaces_an_index(self, database: Database) -> None:
        await ensure_indexes(database, {"things": [IndexModel([("a", 1)], name="by_a")]})
        with pytest.raises(OperationFailure):
            await ensure_indexes(database, {"things": [IndexModel([("a", 1)], name="by_a", unique=True)]})


class TestPing:
    async def test_answers(self, database: Database) -> None:
        assert await ping(database)

    async def test_gives_up_soon(self, settings: Settings) -> None:
        async with proxied(settings.mongo_url.get_secret_value()) as (proxy, url):
            distant: Any = connect(url, "nowhere")
            await ping(distant)
            proxy.mute()
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(ping(distant), 4)
            await asyncio.to_thread(distant.client.close)
