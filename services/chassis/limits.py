"""Limits on what strangers may ask, counted in the database. Invariant: every process counts on the same counters, and
a try is counted before it is looked at, so tries made all at once do not slip through together.

Rules are written as the ``limits`` library reads them ("30/minute; 200/hour"). Its own MongoDB storage is not used: it
opens a client beside ours, and its counters are pipeline updates that not every server keeps apart under concurrency.
"""

import hashlib
import ipaddress
import math
import time
from collections.abc import Sequence
from datetime import timedelta
from functools import lru_cache
from typing import Any

from limits import RateLimitItem, parse_many
from limits.aio.storage import Storage
from limits.aio.strategies import FixedWindowRateLimiter

from services.chassis.clock import now
from services.chassis.errors import ServiceError
from services.chassis.mongo import Database, DuplicateKeyError, IndexModel, PyMongoError

EXPIRY = IndexModel([("expires_at", 1)], name="expiry", expireAfterSeconds=0)
REMEMBERED = 4096


def rule_of(text: str) -> list[RateLimitItem]:
    """The rule written as ``text``; ValueError where it cannot be read."""
    return parse_many(text)


def too_many(detail: str, seconds: int) -> ServiceError:
    """429 with Retry-After."""
    return ServiceError(429, "too_many_attempts", detail, headers={"Retry-After": str(seconds)})


def address_of(client: Sequence[Any] | None) -> str:
    """The network address of who asks, as ASGI has it: the connection's, or what a trusted proxy said of it."""
    return str(client[0]) if client else "unknown"


@lru_cache(maxsize=4096)
def network_of(address: str) -> str:
    """The address as it is counted: of IPv6 the /64, of which one subscriber commands every address."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.IPv6Network((parsed, 64), strict=False).network_address)
    return str(parsed)


class Limits:
    """One rule, and its counters in one collection. Names are kept as hashes: strangers choose some of them."""

    def __init__(self, database: Database, collection: str, rule: str) -> None:
        self._items = rule_of(rule)
        self._limiter = FixedWindowRateLimiter(_Counters(database, collection))
        self._spent: dict[str, float] = {}

    async def take(self, kind: str, name: str) -> int:
        """Count a try; 0 where it is allowed, else the seconds until it may be tried again.

        A name that has used up its tries is remembered, so a flood of them costs no trip to the database.
        """
        key = _key(kind, name)
        wait = self._spent.get(key, 0.0) - time.monotonic()
        if wait > 0:
            return math.ceil(wait)
        for item in self._items:
            if not await self._limiter.hit(item, key):
                return await self._rest(item, key)
        return 0

    async def forget(self, kind: str, name: str) -> None:
        """Begin to count anew for this name."""
        for item in self._items:
            await self._limiter.clear(item, _key(kind, name))

    async def _rest(self, item: RateLimitItem, key: str) -> int:
        reset_time, _ = await self._limiter.get_window_stats(item, key)
        seconds = max(1.0, reset_time - now().timestamp())
        if len(self._spent) >= REMEMBERED:
            self._spent.clear()
        self._spent[key] = time.monotonic() + seconds
        return math.ceil(seconds)


def _key(kind: str, name: str) -> str:
    return f"{kind}:{hashlib.sha256(name.encode()).hexdigest()[:32]}"


class _Counters(Storage):
    """The library's counters as documents: a window begins with its first try and ends ``expiry`` seconds later."""

    STORAGE_SCHEME = None

    def __init__(self, database: Database, collection: str) -> None:
        super().__init__()
        self._rows = database[collection]

    @property
    def base_exceptions(self) -> type[Exception]:
        """What may go wrong below."""
        return PyMongoError

    async def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count; how many it were in this window."""
        while True:
            at = now()
            row = await self._rows.find_one({"_id": key, "expires_at": {"$gt": at}})
            if row:
                # Compared and set: the embedded server looks through everything for a command that does both and tells.
                change = {"$inc": {"count": amount}}
                if (await self._rows.update_one({"_id": key, "count": row["count"]}, change)).matched_count:
                    return int(row["count"]) + amount
                continue
            over = {"_id": key, "expires_at": {"$lte": at}}
            first = {"$set": {"count": amount, "expires_at": at + timedelta(seconds=expiry)}}
            try:
                await self._rows.update_one(over, first, upsert=True)
            except DuplicateKeyError:
                continue  # somebody else has begun the window
            return amount

    async def get(self, key: str) -> int:
        """How many were counted in the running window."""
        row = await self._rows.find_one({"_id": key, "expires_at": {"$gt": now()}})
        return int(row["count"]) if row else 0

    async def get_expiry(self, key: str) -> float:
        """When the window ends, as seconds since 1970; now where there is none."""
        row = await self._rows.find_one({"_id": key})
        return float((row["expires_at"] if row else now()).timestamp())

    async def check(self) -> bool:
        """Whether the database answers."""
        await self._rows.find_one({"_id": ""})
        return True

    async def reset(self) -> int | None:
        """Forget everything."""
        return int((await self._rows.delete_many({})).deleted_count)

    async def clear(self, key: str) -> None:
        """Forget one counter."""
        await self._rows.delete_one({"_id": key})
