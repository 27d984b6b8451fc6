"""Transactions of the dead: they block nobody once their process has a successor."""

import asyncio
import signal
import sys
from datetime import timedelta
from time import monotonic

from services.chassis.clock import now
from services.chassis.mongo import TRANSACTION_SECONDS, Database, Session, connect, run_transaction
from services.chassis.sessions import COLLECTION, FORMER_COLLECTION, KEEP_SECONDS, SessionBook
from services.chassis.settings import Settings

DIE_IN_A_TRANSACTION = """
import asyncio, os, signal, sys
from services.chassis.mongo import connect, run_transaction
from services.chassis.sessions import SessionBook

async def main(url, name, port):
    database = connect(url, name)
    async def work(session):
        await database.counters.update_one({"_id": "agenda"}, {"$inc": {"value": 1}}, session=session)
        os.kill(os.getpid(), signal.SIGKILL)
    await run_transaction(database, work, SessionBook(database, port).note)

asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
"""


async def killed_in_a_transaction(settings: Settings, port: int) -> None:
    url = settings.mongo_url.get_secret_value()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", DIE_IN_A_TRANSACTION, url, settings.mongo_database, str(port)
    )
    assert await asyncio.wait_for(process.wait(), 60) == -signal.SIGKILL


async def count_up(database: Database, book: SessionBook) -> None:
    async def work(session: Session) -> None:
        await database.counters.update_one({"_id": "agenda"}, {"$inc": {"value": 1}}, session=session)

    await run_transaction(database, work, book.note)


class TestEndPredecessors:
    async def test_frees_what_a_killed_process_at_this_address_held(
        self, database: Database, settings: Settings
    ) -> None:
        await database.counters.insert_one({"_id": "agenda", "value": 0})
        await killed_in_a_transaction(settings, 4001)
        book, started = SessionBook(database, 4001), monotonic()
        await book.end_predecessors()
        await count_up(database, book)
        assert monotonic() - started < TRANSACTION_SECONDS
        assert await database.counters.find_one({}) == {"_id": "agenda", "value": 1}

    async def test_leaves_who_listens_elsewhere_alone(self, database: Database, settings: Settings) -> None:
        await database.counters.insert_one({"_id": "agenda", "value": 0})
        neighbour = connect(settings.mongo_url.get_secret_value(), settings.mongo_database)
        within, go_on = asyncio.Event(), asyncio.Event()

        async def work(session: Session) -> None:
            await neighbour.counters.update_one({"_id": "agenda"}, {"$inc": {"value": 5}}, session=session)
            within.set()
            await go_on.wait()

        running = asyncio.create_task(run_transaction(neighbour, work, SessionBook(neighbour, 4002).note))
        await within.wait()
        await SessionBook(database, 4003).end_predecessors()
        go_on.set()
        await running
        assert await database.counters.find_one({}) == {"_id": "agenda", "value": 5}
        neighbour.client.close()

    async def test_of_nobody_does_nothing(self, database: Database) -> None:
        await SessionBook(database, 4004).end_predecessors()
        await SessionBook(database, 0).end_predecessors()


class TestWhatAnEarlierVersionLeft:
    """Sessions noted where the gateway keeps those of people."""

    async def test_is_ended_like_the_others(self, database: Database, settings: Settings) -> None:
        await database.counters.insert_one({"_id": "agenda", "value": 0})
        await killed_in_a_transaction(settings, 4007)
        await database[FORMER_COLLECTION].insert_many(await database[COLLECTION].find({}).to_list(None))
        await database[COLLECTION].delete_many({})
        book, started = SessionBook(database, 4007), monotonic()
        await book.end_predecessors()
        await count_up(database, book)
        assert monotonic() - started < TRANSACTION_SECONDS
        assert await database[FORMER_COLLECTION].count_documents({}) == 0

    async def test_goes_when_its_time_is_over_and_nothing_else_goes(self, database: Database) -> None:
        old, young = now() - timedelta(seconds=KEEP_SECONDS + 1), now() - timedelta(hours=1)
        await database[FORMER_COLLECTION].insert_many(
            [
                {"_id": "dead long ago", "holder": "elsewhere:1", "at": old},
                {"_id": "may live", "holder": "elsewhere:1", "at": young},
                {"_id": "a person's", "account_id": "1", "created_at": old, "expires_at": young},
            ]
        )
        await SessionBook(database, 4008).end_predecessors()
        assert set(await database[FORMER_COLLECTION].distinct("_id")) == {"a person's", "may live"}


class TestNote:
    async def test_writes_a_session_down_once(self, database: Database) -> None:
        book = SessionBook(database, 4005)
        for _ in range(20):
            await count_up(database, book)
        assert await database[COLLECTION].count_documents({}) == 1

    async def test_writes_each_of_several_at_once_down(self, database: Database) -> None:
        book = SessionBook(database, 4006)

        async def work(session: Session) -> None:
            await database.things.insert_one({}, session=session)
            await asyncio.sleep(0.05)

        await asyncio.gather(*(run_transaction(database, work, book.note) for _ in range(8)))
        assert await database[COLLECTION].count_documents({}) == 8

    async def test_without_an_address_costs_nothing(self, database: Database) -> None:
        await count_up(database, SessionBook(database, 0))
        assert await database[COLLECTION].count_documents({}) == 0
