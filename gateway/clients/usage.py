"""How much each app asks, a day. Invariant: counting never makes a request wait.

Counts are gathered in memory and written some seconds later; a process that is killed loses those seconds. They tell
how much an app is used, nothing is charged by them.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

from gateway.clients.credentials import ClientCredentials
from gateway.routes import Family
from gateway.settings import GatewaySettings
from services.chassis.clock import now
from services.chassis.mongo import Database, Document, DuplicateKeyError, IndexModel, PyMongoError

log = logging.getLogger(__name__)
Counts = Counter[str]


class Usage:
    """Counts requests of apps and notes when keys were used."""

    USAGE: ClassVar[str] = "client_usage"
    INDEXES: ClassVar[dict[str, Sequence[IndexModel]]] = {
        USAGE: [IndexModel([("client_id", 1), ("day", 1)], name="client_day")]
    }

    def __init__(self, database: Database, credentials: ClientCredentials, settings: GatewaySettings) -> None:
        self._rows = database[self.USAGE]
        self._credentials = credentials
        self._zone = ZoneInfo(settings.timezone)
        self._seconds = settings.usage_flush_seconds
        self._counts: dict[tuple[str, str], Counts] = {}
        self._used: dict[str, datetime] = {}
        self._flushing: asyncio.Task[None] | None = None
        self._writing = asyncio.Lock()

    def note(self, client_id: str, family: Family, status: int) -> None:
        """Count a request that was answered with ``status``."""
        day = now().astimezone(self._zone).date().isoformat()
        counts = self._counts.setdefault((client_id, day), Counter())
        counts.update(("requests", outcome_of(status), f"families.{family}"))
        self._soon()

    def used(self, credential_id: str, at: datetime) -> None:
        """A key or secret was shown."""
        self._used[credential_id] = at
        self._soon()

    async def of(self, client_id: str, since: date, until: date) -> list[Document]:
        """The days on which the app asked anything, oldest first; this process's own counts are in it."""
        await self.flush()
        days = {"$gte": since.isoformat(), "$lte": until.isoformat()}
        rows = await self._rows.find({"client_id": client_id, "day": days}).to_list(None)
        return sorted(rows, key=lambda row: str(row["day"]))

    async def flush(self) -> None:
        """Write what was gathered; what cannot be written is kept for the next time."""
        async with self._writing:
            counts, self._counts = self._counts, {}
            used, self._used = self._used, {}
            try:
                while counts:
                    key = next(iter(counts))
                    await self._add(*key, counts[key])
                    del counts[key]
                while used:
                    credential_id = next(iter(used))
                    await self._credentials.used(credential_id, used[credential_id])
                    del used[credential_id]
            except PyMongoError as error:
                log.warning("the apps' use cannot be written: %s", type(error).__name__)
            finally:
                for key, kept in counts.items():
                    self._counts.setdefault(key, Counter()).update(kept)
                self._used = used | self._used

    async def close(self) -> None:
        """Write the last counts before the process leaves."""
        if self._flushing:
            self._flushing.cancel()
        await self.flush()

    async def _add(self, client_id: str, day: str, counts: Counts) -> None:
        row = {"_id": f"{client_id}/{day}"}
        change = {"$inc": dict(counts), "$setOnInsert": {"client_id": client_id, "day": day}}
        try:
            await self._rows.update_one(row, change, upsert=True)
        except DuplicateKeyError:  # another replica has just begun the day
            await self._rows.update_one(row, change, upsert=True)

    def _soon(self) -> None:
        if self._flushing is None or self._flushing.done():
            self._flushing = asyncio.get_running_loop().create_task(self._later())

    async def _later(self) -> None:
        """Not a duty: every process that answers counts, whether it has duties or not."""
        while self._counts or self._used:
            await asyncio.sleep(self._seconds)
            await self.flush()


def outcome_of(status: int) -> str:
    """What a status counts as."""
    if status == 429:
        return "limited"
    if status >= 500:
        return "failed"
    return "refused" if status >= 400 else "succeeded"
