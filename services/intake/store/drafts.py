"""Kept drafts. Invariant: one that became a letter is never changed again, and is forgotten 30 days later.

Until then it answers whoever asks again, as an offline client does, with the letter that it became.
"""

from collections.abc import Sequence
from datetime import datetime

from services.chassis.documents import document, model
from services.chassis.idempotency import KEEP_SECONDS
from services.chassis.mongo import Database, IndexModel, Session
from services.intake.domain.kept_draft import KeptDraft

COLLECTION = "drafts"
INDEXES: dict[str, Sequence[IndexModel]] = {
    COLLECTION: [
        IndexModel([("shown_to", 1)], name="shown_to", sparse=True),
        IndexModel([("open_scans", 1)], name="open_scans", sparse=True),
        IndexModel([("registered_at", 1)], name="expiry", expireAfterSeconds=KEEP_SECONDS, sparse=True),
    ]
}


class Drafts:
    """Drafts in the making. ``shown_to`` and ``open_scans`` are there only until a draft becomes a letter."""

    def __init__(self, database: Database) -> None:
        self._drafts = database[COLLECTION]

    async def add(self, draft: KeptDraft, session: Session | None) -> None:
        """Keep a new draft."""
        await self._drafts.insert_one(document(draft) | _shown(draft), session=session)

    async def get(self, draft_id: str, session: Session | None = None) -> KeptDraft | None:
        """The draft with this id, or None."""
        row = await self._drafts.find_one({"_id": draft_id}, session=session)
        return model(KeptDraft, row) if row else None

    async def shown_to(self, keys: Sequence[str]) -> list[KeptDraft]:
        """The open drafts of a person (``person/<id>``) and of units (``unit/<id>``), newest first. They are few."""
        found = {}
        for key in keys:
            async for row in self._drafts.find({"shown_to": key}):
                found[row["_id"]] = model(KeptDraft, row)
        return sorted(found.values(), key=lambda one: one.id, reverse=True)

    async def replace(self, draft: KeptDraft, session: Session | None = None) -> bool:
        """Keep the draft in place of the version before it; False where that is the present one no more."""
        before = {"_id": draft.id, "version": draft.version - 1, "letter_id": None}
        row = document(draft) | _shown(draft)
        return (await self._drafts.replace_one(before, row, session=session)).matched_count == 1

    async def become(self, draft: KeptDraft, letter_id: str, at: datetime, session: Session | None) -> bool:
        """The draft, as it was read, is this letter; False where it was changed or became another meanwhile."""
        change = {
            "$set": {"letter_id": letter_id, "registered_at": at},
            "$unset": {"shown_to": "", "open_scans": ""},
        }
        as_read = {"_id": draft.id, "version": draft.version, "letter_id": None}
        return (await self._drafts.update_one(as_read, change, session=session)).matched_count == 1

    async def remove(self, draft_id: str) -> bool:
        """Throw an open draft away; its scans stay until they are swept. Whether it was there."""
        return (await self._drafts.delete_one({"_id": draft_id, "letter_id": None})).deleted_count == 1

    async def naming(self, scan_ids: Sequence[str]) -> set[str]:
        """Those of these scans that an open draft names."""
        named = set()
        for scan_id in scan_ids:
            if await self._drafts.find_one({"open_scans": scan_id}, {"_id": 1}):
                named.add(scan_id)
        return named


def _shown(draft: KeptDraft) -> dict[str, list[str]]:
    keys = {"shown_to": [f"person/{draft.person_id}", f"unit/{draft.unit_id}"]}
    return keys | ({"open_scans": list(draft.scans)} if draft.scans else {})
