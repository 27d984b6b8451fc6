"""Idempotency keys: one act a key, and everybody who asks gets its answer."""

import asyncio
from typing import Any

import pytest

from services.chassis.errors import ServiceError, conflict
from services.chassis.idempotency import IdempotentActs, fingerprint
from services.chassis.mongo import Database, Document, DuplicateKeyError
from services.chassis.outbox import COLLECTION
from services.chassis.uow import MongoUnitOfWork, Transaction
from tests.chassis.sample import ParcelSent


class Counter:
    """An act that leaves a document and an event each time it is done."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.done = 0

    async def __call__(self, transaction: Transaction) -> Document:
        self.done += 1
        identifier = f"parcel-{self.done}"
        await self._database.parcels.insert_one({"_id": identifier}, session=transaction.session)
        transaction.publish(ParcelSent(parcel_id=identifier), seq=1)
        return {"id": identifier, "at": transaction.now}


@pytest.fixture
def acts(database: Database) -> IdempotentActs:
    return IdempotentActs(database, MongoUnitOfWork(database))


class TestRun:
    async def test_acts_the_first_time(self, database: Database, acts: IdempotentActs) -> None:
        answer, repeated = await acts.run("wayan", "key-1", "r", Counter(database))
        assert (answer["id"], repeated) == ("parcel-1", False)

    async def test_gives_a_repeat_the_first_answer(self, database: Database, acts: IdempotentActs) -> None:
        counter = Counter(database)
        first, _ = await acts.run("wayan", "key-1", "r", counter)
        for _ in range(5):
            assert await acts.run("wayan", "key-1", "r", counter) == (first, True)
        assert await database.parcels.count_documents({}) == 1
        assert await database[COLLECTION].count_documents({}) == 1

    async def test_without_a_key_acts_each_time(self, database: Database, acts: IdempotentActs) -> None:
        counter = Counter(database)
        await acts.run("wayan", None, "r", counter)
        assert (await acts.run("wayan", None, "r", counter))[1] is False
        assert await database.parcels.count_documents({}) == 2

    async def test_keeps_the_keys_of_people_apart(self, database: Database, acts: IdempotentActs) -> None:
        counter = Counter(database)
        await acts.run("wayan", "key-1", "r", counter)
        assert (await acts.run("made", "key-1", "r", counter))[1] is False

    async def test_refuses_a_key_that_was_used_for_another_request(
        self, database: Database, acts: IdempotentActs
    ) -> None:
        counter = Counter(database)
        await acts.run("wayan", "key-1", "r", counter)
        with pytest.raises(ServiceError) as caught:
            await acts.run("wayan", "key-1", "another", counter)
        assert (caught.value.status, caught.value.code) == (422, "idempotency_key_reused")
        assert await database.parcels.count_documents({}) == 1

    async def test_a_failed_act_leaves_the_key_free(self, database: Database, acts: IdempotentActs) -> None:
        async def failing(transaction: Transaction) -> Document:
            raise conflict("no", "Tidak.")

        with pytest.raises(ServiceError):
            await acts.run("wayan", "key-1", "r", failing)
        assert (await acts.run("wayan", "key-1", "r", Counter(database)))[1] is False

    async def test_ten_at_once_act_once_and_all_get_its_answer(self, database: Database, acts: IdempotentActs) -> None:
        async def act(transaction: Transaction) -> Document:
            sealed = transaction.publish(ParcelSent(parcel_id="new"), seq=await database.parcels.count_documents({}))
            await asyncio.sleep(0.02)
            await database.parcels.insert_one({"_id": sealed}, session=transaction.session)
            return {"id": sealed}

        results = await asyncio.gather(*(acts.run("wayan", "key-1", "r", act) for _ in range(10)))
        assert len({answer["id"] for answer, _ in results}) == 1
        assert sum(not repeated for _, repeated in results) == 1
        assert await database.parcels.count_documents({}) == 1
        assert await database[COLLECTION].count_documents({}) == 1

    async def test_two_at_once_of_an_act_that_can_be_done_only_once_both_get_its_answer(
        self, database: Database, acts: IdempotentActs
    ) -> None:
        """The loser finds the state changed by the winner: that is no conflict, it is its own act."""
        await database.parcels.insert_one({"_id": "a", "state": "new"})

        async def approve(transaction: Transaction) -> Document:
            found = await database.parcels.find_one({"_id": "a"}, session=transaction.session)
            assert found
            if found["state"] == "approved":
                raise conflict("already_approved", "Sudah disetujui.")
            await asyncio.sleep(0.05)
            await database.parcels.update_one(
                {"_id": "a"}, {"$set": {"state": "approved"}}, session=transaction.session
            )
            return {"state": "approved"}

        results = await asyncio.gather(*(acts.run("wayan", "key-1", "r", approve) for _ in range(4)))
        assert [answer for answer, _ in results] == [{"state": "approved"}] * 4
        assert sum(not repeated for _, repeated in results) == 1

    async def test_a_duplicate_that_is_not_the_keys_is_raised(self, database: Database, acts: IdempotentActs) -> None:
        await database.parcels.insert_one({"_id": "taken"})

        async def act(transaction: Transaction) -> Document:
            await database.parcels.insert_one({"_id": "taken"}, session=transaction.session)
            return {}

        with pytest.raises(DuplicateKeyError):
            await acts.run("wayan", "key-1", "r", act)


class TestFingerprint:
    def test_is_the_same_for_the_same_request_in_another_order(self) -> None:
        assert fingerprint("POST", {"a": 1, "b": [2]}) == fingerprint("POST", {"b": [2], "a": 1})

    @pytest.mark.parametrize("other", [{"a": 2}, {"a": "1"}, {"b": 1}, {}, None])
    def test_is_another_for_another_request(self, other: Any) -> None:
        assert fingerprint("POST", {"a": 1}) != fingerprint("POST", other)
