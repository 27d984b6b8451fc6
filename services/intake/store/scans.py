"""Loose scans. Invariant: one is taken by at most one letter, in the transaction that writes that letter."""

from collections.abc import Sequence
from datetime import datetime

from services.chassis.documents import model, plain
from services.chassis.errors import ServiceError
from services.chassis.mongo import Database, IndexModel, Session
from services.intake.domain.loose_scan import LooseScan

COLLECTION = "scans"
INDEXES: dict[str, Sequence[IndexModel]] = {
    COLLECTION: [
        # There while no letter has it, so that what is left lying can be swept.
        IndexModel([("loose_since", 1)], name="loose_since", sparse=True),
    ]
}


class Scans:
    """The scans that came before their letters."""

    def __init__(self, database: Database) -> None:
        self._scans = database[COLLECTION]

    async def add(self, scan: LooseScan, session: Session | None = None) -> None:
        """Keep a scan that is in the store and was judged; raises DuplicateKeyError where it is kept already."""
        row = plain(scan) | {"_id": scan.scan_id, "loose_since": scan.created_at}
        await self._scans.insert_one(row, session=session)

    async def get(self, scan_id: str, session: Session | None = None) -> LooseScan | None:
        """The scan with this id, or None."""
        row = await self._scans.find_one({"_id": scan_id}, session=session)
        return model(LooseScan, row) if row else None

    async def of_many(self, scan_ids: Sequence[str], session: Session | None = None) -> list[LooseScan]:
        """Those of these ids that are kept, in any order."""
        rows = self._scans.find({"_id": {"$in": list(scan_ids)}}, session=session)
        return [model(LooseScan, row) async for row in rows]

    async def take(self, scan_ids: Sequence[str], letter_id: str, session: Session | None) -> None:
        """These are the letter's from now on; 409 where another letter has one of them, and nothing is taken then."""
        change = {"$set": {"taken_by": letter_id}, "$unset": {"loose_since": ""}}
        for scan_id in scan_ids:
            done = await self._scans.update_one({"_id": scan_id, "taken_by": None}, change, session=session)
            if done.matched_count == 0:
                raise ServiceError(409, "scan_taken", "Pindaian ini sudah menjadi bagian dari surat yang tercatat.")

    async def loose_before(self, instant: datetime, limit: int) -> list[LooseScan]:
        """The oldest that no letter has taken and that were there before ``instant``."""
        rows = await self._scans.find({"loose_since": {"$lt": instant}}).sort("loose_since", 1).to_list(limit)
        return [model(LooseScan, row) for row in rows]

    async def forget(self, scan_id: str, session: Session | None = None) -> bool:
        """Keep it no longer, unless a letter has it; whether it was forgotten."""
        return (await self._scans.delete_one({"_id": scan_id, "taken_by": None}, session=session)).deleted_count == 1
