"""Slowing down guessing. Invariant: failures from one address never keep the owner out at another.

Failures are counted for an account and an address together: after a few free ones each next try has to wait twice as
long. The count goes up before the password is looked at, so that tries made all at once do not slip through together.
"""

import ipaddress
from collections.abc import Sequence
from datetime import timedelta

from services.chassis.clock import now
from services.chassis.errors import ServiceError
from services.chassis.locks import NamedLocks
from services.chassis.mongo import Database, Document, IndexModel

COLLECTION = "sign_in_failures"
KEEP_SECONDS = 3600
FREE = 5
LONGEST_SECONDS = 900
INDEXES: dict[str, Sequence[IndexModel]] = {
    COLLECTION: [IndexModel([("at", 1)], name="expiry", expireAfterSeconds=KEEP_SECONDS)]
}


class Throttle:
    """Counts failed sign-ins."""

    def __init__(self, database: Database) -> None:
        self._rows = database[COLLECTION]
        self._locks = NamedLocks()

    async def enter(self, username: str, address: str) -> None:
        """Count a try; 429 with Retry-After while this account must wait at this address."""
        key = _key(username, address)
        async with self._locks.hold(f"{key['account']} {key['address']}"):
            at = now()
            row = await self._rows.find_one({"_id": key})
            if row and row.get("retry_at") and row["retry_at"] > at:
                raise _too_many(max(1, round((row["retry_at"] - at).total_seconds())))
            await self._rows.update_one({"_id": key}, {"$inc": {"failures": 1}, "$set": {"at": at}}, upsert=True)
            counted = await self._rows.find_one({"_id": key})
            failures = counted["failures"] if counted else 1
            if failures >= FREE:
                wait = min(LONGEST_SECONDS, 2 ** (failures - FREE + 1))
                await self._rows.update_one({"_id": key}, {"$set": {"retry_at": at + timedelta(seconds=wait)}})

    async def clear(self, username: str, address: str) -> None:
        """The password was right; earlier failures here are forgotten."""
        await self._rows.delete_one({"_id": _key(username, address)})


def _key(username: str, address: str) -> Document:
    return {"account": username.strip().lower(), "address": network_of(address)}


def network_of(address: str) -> str:
    """The address as throttled: of IPv6 the /64, of which one subscriber commands every address."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 6:
        return str(ipaddress.ip_network((parsed, 64), strict=False).network_address)
    return str(parsed)


def _too_many(seconds: int) -> ServiceError:
    detail = f"Terlalu banyak percobaan masuk yang gagal. Silakan coba lagi dalam {seconds} detik."
    return ServiceError(429, "too_many_attempts", detail, headers={"Retry-After": str(seconds)})
