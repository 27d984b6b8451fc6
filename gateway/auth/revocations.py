"""Sessions that were ended while tokens of theirs live. Invariant: two seconds after a session has ended, nothing it
was given opens the gateway's door, whichever process ended it.

Ends are rows in the database that every process reads when it is asked for something, once a second at most; the rows
of the last minute are read again each time, for a commit may come later than the moment written in it. While the
database is away nobody can end a session, and what was ended before stays so; tokens live ten minutes at most.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar

from gateway.settings import GatewaySettings
from services.chassis.auth import LEEWAY_SECONDS, Principal, unauthenticated
from services.chassis.clock import now
from services.chassis.errors import ServiceError
from services.chassis.mongo import Database, IndexModel, PyMongoError, Session, UpdateOne

log = logging.getLogger(__name__)
COLLECTION = "session_ends"
POLL_SECONDS = 1.0
OVERDUE_SECONDS = 1.5
"""From this age on what is known is too old to go by: whoever asks waits for the answer of the database."""
PATIENCE_SECONDS = 0.5
LATE_SECONDS = 60
"""How long a commit may come after the moment that is written in it; clocks of several machines differ too."""


@dataclass
class _Watch:
    """Those in this process who wait for one session's end."""

    ended: asyncio.Event = field(default_factory=asyncio.Event)
    waiting: int = 0


class Revocations:
    """Which sessions have ended lately, as far as this process knows."""

    INDEXES: ClassVar[dict[str, Sequence[IndexModel]]] = {
        COLLECTION: [
            IndexModel([("at", 1)], name="at"),
            IndexModel([("expires_at", 1)], name="expiry", expireAfterSeconds=0),
        ]
    }

    def __init__(self, database: Database, settings: GatewaySettings) -> None:
        self._rows = database[COLLECTION]
        self._kept = timedelta(seconds=settings.access_token_seconds + LEEWAY_SECONDS + LATE_SECONDS)
        self._token_seconds = settings.access_token_seconds
        self._ended: dict[str, datetime] = {}
        self._read_upto: datetime | None = None
        self._read_at = float("-inf")
        self._reading: asyncio.Task[None] | None = None
        self._away = False
        self._watched: dict[str, _Watch] = {}
        self._watching: asyncio.Task[None] | None = None

    async def write(self, session_ids: Iterable[str], at: datetime, session: Session | None) -> None:
        """Put down that these have ended, together with their ending."""
        expires = at + self._kept
        ends = [
            UpdateOne({"_id": one}, {"$set": {"at": at, "expires_at": expires}}, upsert=True) for one in session_ids
        ]
        if ends:
            await self._rows.bulk_write(ends, session=session)

    def note(self, session_ids: Iterable[str]) -> None:
        """Know of these at once in this process; to be called when the end is committed."""
        until = now() + self._kept
        for session_id in session_ids:
            self._ended[session_id] = until
        self._tell()

    async def check(self, principal: Principal) -> None:
        """401 for a token whose session has ended."""
        if principal.session_id is None:
            return
        if time.monotonic() - self._read_at > POLL_SECONDS:
            await self._keep_up()
        if principal.session_id in self._ended:
            raise session_ended()

    async def ended(self, session_id: str) -> bool:
        """Whether the session has ended, by what was true two seconds ago at the latest."""
        await self._keep_up()
        return session_id in self._ended

    async def _keep_up(self) -> None:
        """Read what has ended since the last time, if that was a while ago; wait for it if it was long ago."""
        age = time.monotonic() - self._read_at
        if age > POLL_SECONDS:
            task = self._start_reading()
            if age > OVERDUE_SECONDS and not (await asyncio.wait([task], timeout=PATIENCE_SECONDS))[0]:
                self._read_at = time.monotonic()  # one has waited for a database that hangs: the next need not

    async def until_over(self, principal: Principal) -> None:
        """Return when a stream that was opened as ``principal`` is to be opened anew: with the end of the session, or
        when the token it was opened with would no longer open one.
        """
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._token_seconds):
                if principal.session_id:
                    await self.until_ended(principal.session_id)
                else:
                    await asyncio.Event().wait()

    async def until_ended(self, session_id: str) -> None:
        """Return when the session has ended."""
        watch = self._watched.setdefault(session_id, _Watch())
        watch.waiting += 1
        if self._watching is None or self._watching.done():
            self._watching = asyncio.create_task(self._watch())
        try:
            if not await self.ended(session_id):
                await watch.ended.wait()
        finally:
            watch.waiting -= 1
            if not watch.waiting:
                self._watched.pop(session_id, None)

    async def _watch(self) -> None:
        """Read on while anybody waits for an end."""
        while self._watched:
            await asyncio.sleep(POLL_SECONDS)
            await self._start_reading()

    def _tell(self) -> None:
        for session_id, watch in self._watched.items():
            if session_id in self._ended:
                watch.ended.set()

    def _start_reading(self) -> "asyncio.Task[None]":
        if self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(self._read())
        return self._reading

    async def _read(self) -> None:
        started, at = time.monotonic(), now()
        since = (self._read_upto or at - self._kept) - timedelta(seconds=LATE_SECONDS)
        bounds = {"$gte": since, "$lte": at + timedelta(seconds=LATE_SECONDS)}
        try:
            rows = await self._rows.find({"at": bounds}, {"_id": 1, "at": 1}).to_list(None)
        except PyMongoError as error:
            if not self._away:
                log.warning("which sessions have ended cannot be read: %s", type(error).__name__)
            self._away = True
            self._read_at = started  # asked again in a second, by one and not by everybody
            return
        self._away = False
        self._forget(at)
        for row in rows:
            self._ended.setdefault(row["_id"], row["at"] + self._kept)
        self._tell()
        self._read_upto, self._read_at = at, started

    def _forget(self, at: datetime) -> None:
        """A session whose last token has expired needs no remembering."""
        for session_id in [one for one, until in self._ended.items() if until <= at]:
            del self._ended[session_id]


def session_ended() -> ServiceError:
    """401 for a token that outlived its session."""
    return unauthenticated("session_ended", "Sesi Anda sudah diakhiri. Silakan masuk kembali.")
