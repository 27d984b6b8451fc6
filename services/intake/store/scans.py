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

    async def add(self, scan: LooseScan, session: Session | None = None, *, lasting: bool = False) -> None:
        """Keep a scan that is in the store and was judged; raises DuplicateKeyError where it is kept already.

        A ``lasting`` one is not left lying, however long no letter takes it, until it is let go.
        """
        row = plain(scan) | {"_id": scan.scan_id}
        await self._scans.insert_one(row if lasting else row | {"loose_since": scan.created_at}, session=session)

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
            free = {"_id": scan_id, "taken_by": None, "batch_id": None}
            done = await self._scans.update_one(free, change, session=session)
            if done.matched_count == 0:
                raise ServiceError(409, "scan_taken", "Pindaian ini sudah menjadi bagian dari surat yang tercatat.")

    async def hold(self, scan_id: str, batch_id: str, session: Session | None) -> bool:
        """It is being split from now on, and not left lying; False where a letter or another batch has it."""
        free = {"_id": scan_id, "taken_by": None, "batch_id": None}
        change = {"$set": {"batch_id": batch_id}, "$unset": {"loose_since": ""}}
        return (await self._scans.update_one(free, change, session=session)).matched_count == 1

    async def let_go(self, scan_ids: Sequence[str], at: datetime, session: Session | None) -> None:
        """These are no batch's any more and, where no letter has them, left lying from now on."""
        change = {"$set": {"loose_since": at}, "$unset": {"batch_id": ""}}
        for scan_id in scan_ids:
            await self._scans.update_one({"_id": scan_id, "taken_by": None}, change, session=session)

    async def forget_held(self, scan_id: str, batch_id: str, session: Session | None) -> None:
        """Keep no longer what this batch holds."""
        await self._scans.delete_one({"_id": scan_id, "taken_by": None, "batch_id": batch_id}, session=session)

    async def loose_before(self, instant: datetime, limit: int) -> list[LooseScan]:
        """The oldest that no letter has taken and that were there before ``instant``."""
        rows = await self._scans.find({"loose_since": {"$lt": instant}}).sort("loose_since", 1).to_list(limit)
        return [model(LooseScan, row) for row in rows]

    async def keep_on(self, scan_id: str, at: datetime) -> None:
        """Somebody names it still: look at it again when it has lain there as long again."""
        lying = {"_id": scan_id, "taken_by": None, "batch_id": None}
        await self._scans.update_one(lying, {"$set": {"loose_since": at}})

    async def forget(self, scan_id: str, session: Session | None = None) -> bool:
        """Keep it no longer, unless a letter or a batch has it; whether it was forgotten."""
        free = {"_id": scan_id, "taken_by": None, "batch_id": None}
        return (await self._scans.delete_one(free, session=session)).deleted_count == 1
