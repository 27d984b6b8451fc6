"""Slowing down guessing. Invariant: nobody's failures keep anybody else out.

Failures are counted for an account together with who failed: a device that has signed in to it before, or a network
address. After a few free ones each next try has to wait twice as long. The count goes up before the password is looked
at, so that tries made all at once do not slip through together.

An account that many addresses guess at together (NIST SP 800-63B-4, section 3.2.2 allows a hundred failures) leaves
each unknown address two tries a quarter of an hour: its owner comes in with the first right one, from anywhere.
"""

import hashlib
import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from services.chassis.clock import now
from services.chassis.errors import ServiceError
from services.chassis.limits import network_of, too_many
from services.chassis.locks import NamedLocks
from services.chassis.mongo import Database, Document, DuplicateKeyError, IndexModel

COLLECTION = "sign_in_failures"
KEEP_SECONDS = 3600
FREE = 5
FREE_UNDER_SIEGE = 2
SIEGE = 100
"""So many failures of unknown addresses within the hour, and the account is being guessed at by many."""
LONGEST_SECONDS = 900
REMEMBERED = 4096
INDEXES: dict[str, Sequence[IndexModel]] = {
    COLLECTION: [IndexModel([("at", 1)], name="expiry", expireAfterSeconds=KEEP_SECONDS)]
}


class Throttle:
    """Counts failed sign-ins. ``device`` names a known device; without one the address counts."""

    def __init__(self, database: Database) -> None:
        self._rows = database[COLLECTION]
        self._locks = NamedLocks()
        self._waiting: dict[str, float] = {}

    async def enter(self, username: str, address: str, device: str | None = None) -> None:
        """Count a try; 429 with Retry-After while it must wait. Whoever was told to wait costs the database nothing."""
        key = _key(username, address, device)
        self._refuse_waiting(key)
        async with self._locks.hold(key):
            self._refuse_waiting(key)
            while not await self._counted(key, username, device):
                pass

    async def failed(self, username: str, device: str | None = None) -> None:
        """The password was wrong. What a known device fails at says nothing about a siege."""
        if device is None:
            change = {"$inc": {"failures": 1}, "$set": {"at": now()}}
            await self._rows.update_one({"_id": _account_key(username)}, change, upsert=True)

    async def clear(self, username: str, address: str, device: str | None = None) -> None:
        """The password was right; earlier failures here are forgotten."""
        key = _key(username, address, device)
        self._waiting.pop(key, None)
        await self._rows.delete_one({"_id": key})

    async def _counted(self, key: str, username: str, device: str | None) -> bool:
        """Count once; False where somebody else counted at the same moment."""
        at = now()
        row = await self._rows.find_one({"_id": key})
        if row and row.get("retry_at") and row["retry_at"] > at:
            raise self._must_wait(key, (row["retry_at"] - at).total_seconds())
        failures = row["failures"] if row else 0
        besieged = failures > 0 and device is None and await self._besieged(username)
        return await self._swap(key, row, {"failures": failures + 1, "at": at, **_next(failures + 1, besieged, at)})

    async def _besieged(self, username: str) -> bool:
        row = await self._rows.find_one({"_id": _account_key(username)})
        return row is not None and row["failures"] >= SIEGE

    async def _swap(self, key: str, row: Document | None, state: Document) -> bool:
        if row is not None:
            expected = {"_id": key, "failures": row["failures"]}
            return bool((await self._rows.update_one(expected, {"$set": state})).matched_count)
        try:
            await self._rows.insert_one({"_id": key, **state})
        except DuplicateKeyError:
            return False
        return True

    def _refuse_waiting(self, key: str) -> None:
        wait = self._waiting.get(key, 0.0) - time.monotonic()
        if wait > 0:
            raise _too_many(wait)

    def _must_wait(self, key: str, seconds: float) -> ServiceError:
        if len(self._waiting) >= REMEMBERED:
            self._waiting.clear()
        self._waiting[key] = time.monotonic() + seconds
        return _too_many(seconds)


def _next(failures: int, besieged: bool, at: datetime) -> Document:
    """From when on the next try is looked at."""
    if besieged and failures >= FREE_UNDER_SIEGE:
        return {"retry_at": at + timedelta(seconds=LONGEST_SECONDS)}
    if failures < FREE:
        return {"retry_at": None}
    return {"retry_at": at + timedelta(seconds=min(LONGEST_SECONDS, 2 ** (failures - FREE + 1)))}


def _key(username: str, address: str, device: str | None) -> str:
    """Text, which the embedded server finds by directly; the name as a hash, for strangers choose it."""
    who = f"device {device}" if device else network_of(address)
    return f"{_account_key(username)} {who}"


def _account_key(username: str) -> str:
    return hashlib.sha256(username.strip().lower().encode()).hexdigest()[:32]


def _too_many(seconds: float) -> ServiceError:
    whole = max(1, round(seconds))
    detail = f"Terlalu banyak percobaan masuk yang gagal. Silakan coba lagi dalam {whole} detik."
    return too_many(detail, whole)
