"""Issuing a disposition to ten recipients, and the floor below it.

The floor does what issuing cannot do without: it commits the same documents, collection by collection, in one
transaction on the same server, with a bare client and nothing else: no HTTP, no rights to check, nobody to look up.
"""

import asyncio
import statistics
import time
from dataclasses import dataclass, field

import aiohttp

from services.chassis.ids import new_id
from services.chassis.mongo import Database, Document, Session, UpdateOne, connect, run_transaction
from services.chassis.service import Service
from services.contracts.routing import LetterDelivered
from tests.disposition.world import Json, World, to
from tests.people import held, position_changed, principal
from tests.signing import TokenSigner

RECIPIENTS = 10
COPIED = ("dispositions", "desks", "outbox", "idempotency_keys")
COUNTED = "box_counts"
PAUSE_SECONDS = 0.02


@dataclass
class Issuing:
    """An office whose head instructs ten, and how long that took, round by round."""

    world: World
    recipients: list[Json]
    floor: list[float] = field(default_factory=list)
    system: list[float] = field(default_factory=list)

    @classmethod
    async def furnished(cls, service: Service, http: aiohttp.ClientSession, signer: TokenSigner) -> "Issuing":
        """The office, known to the service."""
        world = World(service, http, signer)
        await world.furnish()
        staff = [held("officer", unit_id=world.unit_id, title=f"Kepala Seksi {one}") for one in range(RECIPIENTS)]
        for position in staff:
            await world.tell(position_changed(position, world.head.position_id))
        recipients = [to(one, "pelajari", "sosialisasikan", note="Koordinasikan dengan bidang.") for one in staff]
        return cls(world, recipients)

    @property
    def ratio(self) -> float:
        """Median of the rounds' ratios."""
        return statistics.median(ours / bare for ours, bare in zip(self.system, self.floor, strict=True))

    async def measure(self, rounds: int, warm_up: int = 20) -> None:
        """Both in turn, each round with a new letter."""
        head = principal(self.world.head)
        floor = await Floor.like(self.world, await self._issue(await self._letter(), head))
        for number in range(rounds + warm_up):
            letter = await self._letter()
            started = time.perf_counter()
            await self._issue(letter, head)
            issued = time.perf_counter()
            await floor.act()
            ended = time.perf_counter()
            if number >= warm_up:
                self.system.append(issued - started)
                self.floor.append(ended - issued)
            await asyncio.sleep(PAUSE_SECONDS)

    async def _letter(self) -> LetterDelivered:
        letter = self.world.a_letter()
        await self.world.tell(letter)
        return letter

    async def _issue(self, letter: LetterDelivered, head: object) -> Json:
        status, answer = await self.world.dispose(
            head,  # type: ignore[arg-type]
            *self.recipients,
            letter_id=letter.letter_id,
            note="Mohon segera.",
            key=new_id(),
        )
        if status != 201:
            raise RuntimeError(f"{status} {answer}")
        return answer


class Floor:
    """The bare writes of one disposition, copied from a real one."""

    def __init__(self, database: Database, sample: dict[str, Document], counts: list[Document]) -> None:
        self._database = database
        self._sample = sample
        self._counts = counts

    @classmethod
    async def like(cls, world: World, issued: Json) -> "Floor":
        """Learn what issuing writes by reading it back; the floor's collections get the same indexes."""
        service = world.service
        database = service.foundation.database
        queries: dict[str, Document] = {
            "dispositions": {"_id": issued["id"]},
            "desks": {"_id": issued["desk"]},
            "outbox": {"stream": f"disposition/{issued['id']}"},
            "idempotency_keys": {"answer.id": issued["id"]},
        }
        sample = {name: await database[name].find_one(query) for name, query in queries.items()}
        missing = [name for name, found in sample.items() if found is None]
        if missing:
            raise LookupError(f"issuing no longer writes {', '.join(missing)}: the floor must be described anew")
        positions = [world.head.position_id, *(one["position_id"] for one in issued["recipients"])]
        counts = [row async for row in database[COUNTED].find({}) if row["position_id"] in positions]
        url = service.foundation.settings.mongo_url.get_secret_value()
        floor = connect(url, f"{database.name}_floor")
        await _like(floor, service)
        return cls(floor, {name: found for name, found in sample.items() if found is not None}, counts)

    async def act(self) -> None:
        """One transaction."""
        identifier = new_id()

        async def write(session: Session) -> None:
            for name in COPIED:
                await self._database[name].insert_one(self._fresh(name, identifier), session=session)
            await self._database[COUNTED].bulk_write([_counting(row) for row in self._counts], session=session)

        await run_transaction(self._database, write)

    def _fresh(self, name: str, identifier: str) -> Document:
        unique = {"outbox": {"stream": f"disposition/{identifier}"}, "dispositions": {"letter_id": identifier}}
        return {**self._sample[name], "_id": identifier, **unique.get(name, {})}


async def _like(floor: Database, service: Service) -> None:
    for name in (*COPIED, COUNTED):
        for index, description in (await service.foundation.database[name].index_information()).items():
            if index != "_id_":
                options = {key: value for key, value in description.items() if key not in ("v", "key", "ns")}
                await floor[name].create_index(description["key"], name=index, **options)


def _counting(row: Document) -> UpdateOne:
    change = {"$inc": {f"boxes.{box}": 1 for box in row["boxes"]}, "$setOnInsert": {"position_id": row["position_id"]}}
    return UpdateOne({"_id": row["_id"]}, change, upsert=True)
