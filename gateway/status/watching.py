"""Watches the services. Invariant: who asks gets what was seen last, and no service is asked more often for it.

Since when a service is as it is lies in the database, so that all gateways say the same and a new one knows it too.
"""

import asyncio
import logging
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import aiohttp
from pydantic import ValidationError

from gateway.status.judging import Judgement, State, judge, overall
from services.chassis.clock import now
from services.chassis.mongo import Database, DuplicateKeyError, PyMongoError
from services.chassis.vitals import Vitals, VitalSigns

log = logging.getLogger(__name__)
COLLECTION = "service_states"
OWN = "gateway"
PATIENCE_SECONDS = 2.5
NOTED_SECONDS = 1.0
ANSWER_BYTES = 64 * 1024


@dataclass(frozen=True)
class Condition:
    """How a service is, since when, and the numbers behind it where it told any."""

    service: str
    judgement: Judgement
    since: datetime
    vitals: Vitals | None


@dataclass(frozen=True)
class Snapshot:
    """All services at one moment."""

    at: datetime
    conditions: tuple[Condition, ...]

    @property
    def state(self) -> State:
        """Of the whole."""
        return overall([one.judgement.state for one in self.conditions])


class Watch:
    """Asks every instance of every service, and the gateway itself."""

    def __init__(
        self, database: Database, own: VitalSigns, instances: Mapping[str, Sequence[str]], *, every_seconds: float
    ) -> None:
        self._rows = database[COLLECTION]
        self._own = own
        self._instances = instances
        self._every = every_seconds
        self._known: dict[str, tuple[State, datetime]] = {}
        self._seen: Snapshot | None = None
        self._lock = asyncio.Lock()

    async def run(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(self._every)

    async def snapshot(self) -> Snapshot:
        """What was seen last; looked for now where nobody has looked for a while."""
        seen = self._seen
        if seen is not None and now() - seen.at < timedelta(seconds=2 * self._every):
            return seen
        return await self.look()

    async def look(self) -> Snapshot:
        """Ask all; several who want it at once share one look."""
        asked_at = now()
        async with self._lock:
            if self._seen is None or self._seen.at < asked_at:
                self._seen = await self._ask_all()
            return self._seen

    async def _ask_all(self) -> Snapshot:
        timeout = aiohttp.ClientTimeout(total=PATIENCE_SECONDS)
        async with aiohttp.ClientSession(timeout=timeout, auto_decompress=False) as http:
            own, *others = await asyncio.gather(
                self._condition(OWN, [self._ask_own()]),
                *(self._condition(name, [_ask(http, url) for url in urls]) for name, urls in self._instances.items()),
            )
        return Snapshot(now(), (own, *others))

    async def _condition(self, service: str, asking: Sequence[Awaitable[Vitals | None]]) -> Condition:
        answers = await asyncio.gather(*asking)
        judgement = judge(answers)
        told = next((answer for answer in answers if answer), None)
        return Condition(service, judgement, await self._since(service, judgement.state), told)

    async def _ask_own(self) -> Vitals | None:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                return await self._own.look()
        except TimeoutError:
            return None

    async def _since(self, service: str, state: State) -> datetime:
        """Since when it is so. Only a change, and the first look of this process, asks the database."""
        known = self._known.get(service)
        if known and known[0] == state:
            return known[1]
        at = now()
        try:
            async with asyncio.timeout(NOTED_SECONDS):
                since = await self._note(service, state, at)
        except (PyMongoError, TimeoutError):
            since = at  # the next change is noted again
        self._known[service] = (state, since)
        return since

    async def _note(self, service: str, state: State, at: datetime) -> datetime:
        row = await self._rows.find_one({"_id": service})
        if row and row["state"] == state:
            since: datetime = row["since"]
            return since
        if row:
            change = {"$set": {"state": state, "since": at}}
            await self._rows.update_one({"_id": service, "state": row["state"]}, change)
        else:
            try:
                await self._rows.insert_one({"_id": service, "state": state, "since": at})
            except DuplicateKeyError:
                log.debug("another gateway has noted %s first", service)
        return at


async def _ask(http: aiohttp.ClientSession, url: str) -> Vitals | None:
    try:
        async with http.get(f"{url}/statusz", allow_redirects=False) as answer:
            if answer.status != 200:
                return None
            return Vitals.model_validate_json(await answer.content.read(ANSWER_BYTES))
    except (aiohttp.ClientError, OSError, TimeoutError, ValidationError):
        return None
