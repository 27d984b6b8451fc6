"""How often the public has asked, in the database, for every process alike. Invariant: codes that exist and codes that
do not are counted in the same way, so a limit tells nothing of either.
"""

from collections.abc import Sequence
from typing import ClassVar

from services.chassis.limits import EXPIRY, Limits, network_of, too_many
from services.chassis.mongo import Database, IndexModel


class PublicAttempts:
    """Tries by client and by code."""

    COLLECTION = "public_attempts"
    INDEXES: ClassVar[dict[str, Sequence[IndexModel]]] = {COLLECTION: [EXPIRY]}

    def __init__(self, database: Database, *, per_client: str, per_code: str, in_all: str) -> None:
        self._clients = Limits(database, self.COLLECTION, per_client)
        self._codes = Limits(database, self.COLLECTION, per_code)
        self._everywhere = Limits(database, self.COLLECTION, in_all)

    async def from_client(self, address: str) -> None:
        """Count a try from this address; 429 where there were too many."""
        wait = await self._clients.take("client", network_of(address))
        if wait:
            raise too_many(f"Terlalu banyak permintaan. Silakan coba lagi dalam {_spoken(wait)}.", wait)

    async def at_code(self, code: str, address: str) -> None:
        """Count a try at this code; 429 while it rests, for this address or, after very many, for everybody.

        So whoever knows a code cannot keep its sender from asking, and guessing from many addresses is bounded too.
        """
        wait = await self._codes.take("code", f"{code} {network_of(address)}") or await self._everywhere.take(
            "all", code
        )
        if wait:
            detail = f"Kode lacak ini terlalu sering dicoba. Silakan coba lagi dalam {_spoken(wait)}."
            raise too_many(detail, wait)

    async def forgive(self, code: str, address: str) -> None:
        """Somebody knew the word; tries before do not count any more."""
        await self._codes.forget("code", f"{code} {network_of(address)}")
        await self._everywhere.forget("all", code)


def _spoken(seconds: int) -> str:
    return f"{seconds} detik" if seconds < 120 else f"{-(-seconds // 60)} menit"
