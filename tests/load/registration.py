"""Registration against its floor, and the time from a village's send to the inbox.

The floor does what no registration can do without: it puts the same bytes into the same object store and commits the
same documents, collection by collection, in one transaction on the same database, with bare clients and nothing else:
no HTTP, no checks, no event on its way. It is given what it likes best: no two of its workers share a counter.
"""

import asyncio
import io
import time
from collections.abc import Awaitable, Callable
from typing import Any

from deploy.demo.client import Client, Json
from services.chassis.ids import new_id
from services.chassis.mongo import Database, Document, Session, connect, run_transaction
from services.chassis.storage import S3Storage, StorageSettings
from tests.house import SCAN, House, letter
from tests.waiting import until_equal

COUNTERS = "agenda_counters"
COPIED = ("letters", "letter_access", "outbox", "idempotency_keys")


async def rate(workers: int, count: int, act: Callable[[int], Awaitable[object]]) -> float:
    """Acts a second: ``count`` of them by ``workers`` at once, each told its worker's number."""
    left = iter(range(count))

    async def work(number: int) -> None:
        for _ in left:
            await act(number)

    started = time.perf_counter()
    await asyncio.gather(*(work(number) for number in range(workers)))
    return count / (time.perf_counter() - started)


class Floor:
    """The bare writes of one registration, copied from a real one."""

    def __init__(self, house: House, sample: dict[str, Document]) -> None:
        servers = house.servers
        self._sample = sample
        self._database: Database = connect(servers.mongo_url, "t_floor")
        self._storage = S3Storage(StorageSettings.model_validate(servers.s3))

    @classmethod
    async def like(cls, house: House, sender: Client) -> "Floor":
        """Learn what a registration writes by making one and reading it back."""
        registered = await register(sender)
        database = connect(house.servers.mongo_url, "lontar_intake")
        identifier = registered["id"]
        queries: dict[str, Document] = {
            "letters": {"_id": identifier},
            "letter_access": {"_id": identifier},
            "outbox": {"stream": f"letter/{identifier}"},
            "idempotency_keys": {"answer.id": identifier},
        }
        sample = {name: await database[name].find_one(query) for name, query in queries.items()}
        missing = [name for name, found in sample.items() if found is None]
        if missing:
            raise LookupError(f"a registration no longer writes {', '.join(missing)}: the floor must be described anew")
        floor = cls(house, {name: found for name, found in sample.items() if found is not None})
        await floor.prepare(database)
        return floor

    async def prepare(self, model: Database) -> None:
        """Give the floor's collections the same indexes as the real ones have."""
        for name in COPIED:
            for index, description in (await model[name].index_information()).items():
                if index != "_id_":
                    options = {key: value for key, value in description.items() if key not in ("v", "key", "ns")}
                    await self._database[name].create_index(description["key"], name=index, **options)

    async def act(self, worker: int) -> None:
        """One put and one transaction."""
        identifier = new_id()
        await self._storage.put(f"t/floor/{identifier}", io.BytesIO(SCAN), len(SCAN), "application/pdf")

        async def write(session: Session) -> None:
            await self._database[COUNTERS].update_one(
                {"_id": f"village-{worker}"}, {"$inc": {"last": 1}}, upsert=True, session=session
            )
            for name in COPIED:
                await self._database[name].insert_one(self._fresh(name, identifier), session=session)

        await run_transaction(self._database, write)

    def _fresh(self, name: str, identifier: str) -> Document:
        document = dict(self._sample[name])
        document["_id"] = {"person": "p", "key": identifier} if name == "idempotency_keys" else identifier
        unique: dict[str, Any] = {
            "letters": {"tracking_code": identifier, "agenda_number": identifier, "likeness": [identifier]},
            "outbox": {"stream": f"letter/{identifier}"},
        }
        document |= unique.get(name, {})
        return document


async def register(sender: Client) -> Json:
    """One registration as an app would send it."""
    return await sender.send_letter(letter(), [("surat.pdf", SCAN, "application/pdf")], key=new_id())


async def system_rate(senders: list[Client], count: int) -> float:
    """Registrations a second through the gateway."""
    return await rate(len(senders), count, lambda worker: register(senders[worker]))


async def light_load(sender: Client, head: Client, count: int, pause: float = 0.15) -> tuple[list[float], list[float]]:
    """Seconds from sending, and from the 201, until the letter heads the addressee's inbox."""
    from_send, from_answer = [], []
    for _ in range(count):
        started = time.perf_counter()
        registered = await register(sender)
        answered = time.perf_counter()
        await until_equal(
            lambda: head.get("/v1/inbox", limit="1"),
            lambda page, wanted=registered["id"]: [one["letter_id"] for one in page["items"]] == [wanted],  # type: ignore[misc]
            pause=0.003,
        )
        arrived = time.perf_counter()
        from_send.append(arrived - started)
        from_answer.append(arrived - answered)
        await asyncio.sleep(pause)
    return from_send, from_answer
