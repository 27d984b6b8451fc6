"""The outbox: what waits, in which order, and how much of it."""

from datetime import timedelta

import pytest

from services.chassis.bus.envelope import seal
from services.chassis.clock import now
from services.chassis.mongo import Database, DuplicateKeyError
from services.chassis.outbox import COLLECTION, INDEXES, KEEP_SENT_SECONDS, Outbox, entry, outbox_summary
from tests.chassis.sample import ParcelSent


async def waiting(database: Database, *ages: float, stream: str = "") -> list[str]:
    """Entries that have been due for so many seconds; gives their ids in the order given."""
    ids = []
    for number, age in enumerate(ages):
        sealed = seal(ParcelSent(parcel_id=stream or f"p{number}"), seq=number + 1, at=now(), trace={})
        await database[COLLECTION].insert_one(entry(sealed, {}, now() - timedelta(seconds=age)))
        ids.append(sealed.id)
    return ids


class TestDue:
    async def test_gives_the_oldest_first_when_there_is_more_than_a_batch(self, database: Database) -> None:
        ids = await waiting(database, 1, 5, 3, 2, 4)
        due = await Outbox(database).due(3)
        assert {one.id for one in due} == {ids[1], ids[4], ids[2]}

    async def test_passes_over_the_streams_it_is_told_to(self, database: Database) -> None:
        await waiting(database, 3, 2, 1)
        due = await Outbox(database).due(10, without={"parcel/p1"})
        assert [one.stream for one in due] == ["parcel/p0", "parcel/p2"]

    async def test_gives_neither_what_is_sent_nor_what_is_due_later(self, database: Database) -> None:
        ids = await waiting(database, 3, 2, -60)
        outbox = Outbox(database)
        await outbox.mark_sent(ids[:1])
        assert [one.id for one in await outbox.due(10)] == ids[1:2]

    async def test_gives_back_the_bytes_that_were_sealed(self, database: Database) -> None:
        sealed = seal(ParcelSent(parcel_id="a", note="é"), seq=1, at=now(), trace={})
        await database[COLLECTION].insert_one(entry(sealed, {"traceparent": "x"}, now()))
        [one] = await Outbox(database).due(1)
        assert (one.body, one.trace) == (sealed.body, {"traceparent": "x"})

    async def test_of_more_than_one_answer_of_the_server_is_whole(self, database: Database) -> None:
        at = now()
        rows = [entry(seal(ParcelSent(parcel_id=f"p{n}"), seq=1, at=at, trace={}), {}, at) for n in range(300)]
        await database[COLLECTION].insert_many(rows)
        assert len(await Outbox(database).due(500)) == 300


class TestMarkSent:
    async def test_takes_nothing_amiss(self, database: Database) -> None:
        outbox = Outbox(database)
        [identifier] = await waiting(database, 1)
        await outbox.mark_sent([])
        await outbox.mark_sent([identifier, "not there"])
        await outbox.mark_sent([identifier])
        assert (await outbox.summary()).pending == 0


class TestSummary:
    async def test_of_nothing(self, database: Database) -> None:
        summary = await outbox_summary(database)
        assert (summary.pending, summary.oldest_age_s) == (0, None)

    async def test_tells_how_many_wait_and_for_how_long(self, database: Database) -> None:
        await waiting(database, 1, 30, 2)
        summary = await outbox_summary(database)
        assert summary.pending == 3
        assert summary.oldest_age_s is not None
        assert 30 <= summary.oldest_age_s < 40


class TestIndexes:
    async def test_let_no_two_events_claim_one_version(self, database: Database) -> None:
        first, second = (seal(ParcelSent(parcel_id="a"), seq=1, at=now(), trace={}) for _ in range(2))
        await database[COLLECTION].insert_one(entry(first, {}, now()))
        with pytest.raises(DuplicateKeyError):
            await database[COLLECTION].insert_one(entry(second, {}, now()))

    def test_sweep_what_was_sent_and_never_what_waits(self) -> None:
        [expiry] = [index.document for index in INDEXES[COLLECTION] if "expireAfterSeconds" in index.document]
        assert list(expiry["key"]) == ["sent_at"], "what waits has no such field"
        assert expiry["expireAfterSeconds"] == KEEP_SENT_SECONDS
